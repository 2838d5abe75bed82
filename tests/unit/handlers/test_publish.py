"""The publish function: the application itself sends a message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.protocol.errors import UnavailableError
from chat.protocol.fields import name_direct_room
from tests.unit.handlers.conftest import Context, Deploy, Functions

REQUEST = {"room": "lobby", "from": "deploys", "id": "d1", "text": "version 7 is out"}


def list_texts(functions: Functions, connection_id: str, **position: int) -> list[str]:
    history = functions.ask(connection_id, "history", room="lobby", **position)
    return [entry["text"] for entry in history["entries"]]


def test_everybody_in_the_room_gets_the_message(functions: Functions) -> None:
    functions.enter("ada=", "bob=")
    meta = {"version": 7, "links": ["https://example.com"]}
    ack = functions.publish(**REQUEST, name="Deploy bot", meta=meta)
    assert set(ack) == {"type", "room", "epoch", "seq", "at"}
    assert (ack["type"], ack["room"], ack["seq"]) == ("ack", "lobby", 1)
    message = {
        "type": "message",
        "room": "lobby",
        "epoch": ack["epoch"],
        "seq": 1,
        "id": "d1",
        "from": "deploys",
        "name": "Deploy bot",
        "at": ack["at"],
        "text": "version 7 is out",
        "meta": meta,
    }
    assert functions.pushed("ada=")[-1] == functions.pushed("bob=")[-1] == message
    stored = functions.ask("ada=", "history", room="lobby")["entries"]
    assert stored == [{name: value for name, value in message.items() if name not in {"room", "epoch"}}]


def test_a_sender_without_a_name_is_shown_by_the_id(functions: Functions) -> None:
    functions.enter("ada=")
    functions.publish(**REQUEST)
    assert functions.pushed("ada=")[-1]["name"] == "deploys"


def test_a_user_is_written_to_on_every_device(functions: Functions) -> None:
    ada = functions.sign_in("phone=", "ada")
    functions.sign_in("laptop=", "ada")
    functions.sign_in("bob=", "bob")
    ack = functions.publish(**{"to": ada, "from": "billing", "id": "b1", "text": "your invoice"})
    assert ack["room"] == name_direct_room("billing", ada)
    for device in ("phone=", "laptop="):
        (message,) = functions.pushed(device)
        assert (message["room"], message["text"]) == (ack["room"], "your invoice")
    assert functions.pushed("bob=") == []
    rooms = functions.ask("phone=", "rooms")["rooms"]
    assert rooms == [{"room": ack["room"], "head": 1, "read": 0, "unread": 1}]


def test_it_writes_where_no_user_could(functions: Functions) -> None:
    functions.sign_in("ada=", "ada")
    functions.ask("ada=", "create", room="lobby", private=True)
    functions.ask("ada=", "join", room="lobby")
    assert functions.publish(**REQUEST)["type"] == "ack"
    assert functions.pushed("ada=")[-1]["text"] == "version 7 is out"


def test_a_repetition_is_stored_once_however_much_was_said_since(functions: Functions) -> None:
    functions.enter("ada=")
    first = functions.publish(**REQUEST)
    functions.tables.put_entries("lobby", 2, 103)
    assert functions.publish(**REQUEST) == first
    assert "version 7 is out" not in list_texts(functions, "ada=", after=1)
    # Whoever published first may have died before the push.
    assert [frame["seq"] for frame in functions.pushed("ada=")] == [1, 1]


@pytest.mark.parametrize("other", [{"id": "d2"}, {"from": "builds"}, {"room": "hall"}])
def test_another_id_sender_or_room_is_another_message(functions: Functions, other: dict[str, str]) -> None:
    functions.enter("ada=", room=other.get("room", "lobby"))
    functions.publish(**REQUEST)
    ack = functions.publish(**{**REQUEST, **other})
    assert (ack["room"], ack["seq"]) == (other.get("room", "lobby"), 1 if "room" in other else 2)
    assert functions.pushed("ada=")[-1]["seq"] == ack["seq"]


def test_a_receipt_is_kept_for_a_day_or_as_long_as_the_message(deploy: Deploy) -> None:
    for variables, kept_s in (({}, 24 * 3_600), ({"MESSAGE_RETENTION_S": "3600"}, 3_600)):
        functions = deploy(**variables)
        at_s = functions.publish(**REQUEST)["at"] // 1000
        (receipt,) = [row for row in functions.tables.read_rooms() if row["item"] == "sent#deploys#d1"]
        assert receipt["expiresAt"] == at_s + kept_s


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from": None}, "field.missing"),
        ({"from": 5}, "field.bad_type"),
        ({"from": "a:b"}, "field.out_of_range"),
        ({"id": None}, "field.missing"),
        ({"id": "x" * 65}, "field.out_of_range"),
        ({"room": None}, "field.missing"),
        ({"room": "no spaces"}, "room.bad_name"),
        ({"to": "ada"}, "field.out_of_range"),
        ({"text": None}, "field.missing"),
        ({"text": ""}, "field.out_of_range"),
        ({"text": "x" * 8_193}, "field.out_of_range"),
        ({"text": "\ud800"}, "frame.bad_unicode"),
        ({"meta": "x"}, "field.bad_type"),
        ({"meta": {"x": "y" * 2_048}}, "field.out_of_range"),
        ({"meta": json.loads("[" * 20 + "]" * 20)}, "frame.too_deep"),
        ({"name": 5}, "field.bad_type"),
        ({"name": "x" * 65}, "field.out_of_range"),
        ({"else": "x" * 32_768}, "frame.too_large"),
    ],
)
def test_a_bad_request_is_answered_with_an_error(functions: Functions, fields: dict[str, Any], code: str) -> None:
    functions.enter("ada=")
    functions.lines()
    reply = functions.publish(**{**REQUEST, **fields})
    assert (reply["type"], reply["code"], reply["retryable"]) == ("error", code, False)
    (line,) = functions.lines()
    assert (line["outcome"], line["aws_calls"]) == (code, {})
    assert list_texts(functions, "ada=") == []


def test_what_may_succeed_later_is_raised_so_that_lambda_repeats_it(functions: Functions) -> None:
    functions.enter("ada=")
    functions.lines()
    functions.remaining_ms = 1_000
    with pytest.raises(UnavailableError):
        functions.publish(**REQUEST)
    assert functions.lines()[-1]["outcome"] == "server.unavailable"
    functions.remaining_ms = 29_000
    assert functions.publish(**REQUEST)["seq"] == 1
    assert list_texts(functions, "ada=") == ["version 7 is out"]


def test_its_line_stands_among_those_of_the_chat(functions: Functions) -> None:
    functions.enter("ada=")
    functions.lines()
    functions.publish(**REQUEST)
    (line,) = functions.lines()
    named = {name: line[name] for name in ("route", "connection", "room", "outcome", "api", "stage", "request")}
    assert named == {
        "route": "publish",
        "connection": None,
        "room": "lobby",
        "outcome": "ack",
        "api": "abcdef1234",
        "stage": "chat",
        "request": Context.aws_request_id,
    }
    assert (line["messages"], line["deliveries"]) == (1, 1)
    assert "version 7" not in json.dumps(line)


@pytest.mark.parametrize("event", ["text", ["a"], 5])
def test_what_is_no_object_is_answered_with_an_error(functions: Functions, event: Any) -> None:
    assert functions.invoke("publish", event)["code"] == "frame.not_object"


def test_a_field_named_as_api_gateways_is_ignored_as_any_other(functions: Functions) -> None:
    assert functions.publish(**REQUEST, requestContext={"a": 1})["type"] == "ack"


@pytest.mark.parametrize("name", ["\n", " ", "a\u202eb"])
def test_a_name_must_be_fit_to_be_shown(functions: Functions, name: str) -> None:
    assert functions.publish(**REQUEST, name=name)["code"] == "field.out_of_range"


def test_a_request_is_measured_in_utf8(deploy: Deploy) -> None:
    functions = deploy(MAX_TEXT_BYTES="30000")
    assert functions.publish(**{**REQUEST, "text": "\u00e9" * 14_000})["type"] == "ack"
