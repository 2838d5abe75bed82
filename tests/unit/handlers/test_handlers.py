"""The handlers on real HTTP: what clients get, what it costs, and what is logged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat.domain.chat import Tally
from tests.unit.handlers.conftest import Functions
from tests.unit.handlers.events import message_event


def test_two_people_chat(functions: Functions) -> None:
    functions.enter("ada=", "bob=")
    ack = functions.ask("ada=", "send", room="lobby", id="m1", text="hi \U0001f600", after=0)
    assert (ack["type"], ack["id"], ack["seq"]) == ("ack", "m1", 1)
    message = functions.pushed("bob=")[-1]
    assert (message["type"], message["name"], message["text"], message["seq"]) == (
        "message",
        "ada=",
        "hi \U0001f600",
        1,
    )
    assert [frame["type"] for frame in functions.pushed("ada=")] == ["presence"]


def test_a_connection_that_leaves_disappears(functions: Functions) -> None:
    functions.enter("ada=", "bob=")
    assert functions.disconnect("bob=") == {"statusCode": 200}
    assert functions.pushed("ada=")[-1]["state"] == "left"
    assert [member["name"] for member in functions.ask("ada=", "members", room="lobby")["members"]] == ["ada="]
    assert functions.disconnect("bob=") == {"statusCode": 200}
    assert functions.disconnect("never-seen=") == {"statusCode": 200}


def test_disconnect_removes_more_than_25_rows(functions: Functions) -> None:
    functions.sign_in("ada=", "ada")
    for number in range(30):
        functions.ask("ada=", "join", room=f"room{number}")
    functions.lines()
    functions.disconnect("ada=")
    calls = functions.lines()[-1]["aws_calls"]
    assert calls["DeleteItem"] == 31
    functions.enter("bob=", room="room7")
    members = functions.ask("bob=", "members", room="room7")["members"]
    assert [member["name"] for member in members] == ["bob="]


@pytest.mark.parametrize("bare", [False, True])
def test_a_gone_connection_loses_its_rows_alone(functions: Functions, bare: bool) -> None:
    functions.enter("ada=", "bob=", "eve=")
    functions.management.statuses["bob="] = [410]
    if bare:
        functions.management.bare.add("bob=")
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"
    assert functions.pushed("eve=")[-1]["text"] == "hi"
    members = functions.ask("ada=", "members", room="lobby")["members"]
    assert {member["name"] for member in members} == {"ada=", "eve="}


@pytest.mark.parametrize("statuses", [[429, 200], [500, 503, 200]])
def test_a_throttled_or_failing_post_is_repeated(functions: Functions, statuses: list[int]) -> None:
    functions.enter("ada=", "bob=")
    functions.management.statuses["bob="] = list(statuses)
    functions.lines()
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"
    line = functions.lines()[-1]
    assert functions.pushed("bob=")[-1]["text"] == "hi"
    assert (line["deliveries"], line["failed"], line["aws_calls"]["POST"]) == (1, 0, len(statuses))


def test_posts_that_stay_throttled_do_not_hold_back_the_ack(functions: Functions) -> None:
    functions.enter("ada=", "bob=", "eve=")
    functions.management.statuses["bob="] = [429]
    functions.remaining_ms = 3_500
    functions.lines()
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"
    line = functions.lines()[-1]
    assert (line["deliveries"], line["gone"], line["failed"]) == (1, 0, 1)
    assert line["duration_ms"] < 3_500
    members = functions.ask("ada=", "members", room="lobby")["members"]
    assert len(members) == 3


def test_storage_that_does_not_answer_is_a_retryable_error(functions: Functions) -> None:
    functions.enter("ada=")
    functions.remaining_ms = 1_000
    reply = functions.ask("ada=", "send", room="lobby", id="m1", text="hi")
    assert (reply["code"], reply["retryable"], reply["id"]) == ("server.unavailable", True, "m1")
    assert reply["retry_after_ms"] > 0
    functions.remaining_ms = 29_000
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"


def test_bad_input_is_answered_and_changes_nothing(functions: Functions) -> None:
    functions.enter("ada=")
    for body, code in [
        ("not json", "frame.not_json"),
        ("[" * 15_000 + "]" * 15_000, "frame.too_deep"),
        (r'{"action":"send","room":"lobby","id":"1","text":"\ud800"}', "frame.bad_unicode"),
        ('{"action":"dance"}', "action.unknown"),
    ]:
        assert functions.send_frame("ada=", body)["code"] == code
    assert functions.ask("ada=", "history", room="lobby")["entries"] == []


def test_one_line_for_each_invocation_without_the_text(functions: Functions) -> None:
    functions.enter("ada=", "bob=")
    functions.lines()
    functions.ask("ada=", "send", room="lobby", id="m1", text="a secret")
    functions.send_frame("ada=", "a secret that is no JSON")
    sent, bad = functions.lines()
    assert "secret" not in json.dumps([sent, bad])
    assert (sent["route"], sent["connection"], sent["room"], sent["outcome"]) == ("send", "ada=", "lobby", "ack")
    assert sent["duration_ms"] > 0
    assert (bad["route"], bad["room"], bad["outcome"]) == ("$default", None, "frame.not_json")


def test_the_line_is_an_embedded_metric(functions: Functions) -> None:
    functions.enter("ada=", "bob=")
    functions.lines()
    functions.ask("ada=", "send", room="lobby", id="m1", text="hi")
    line: dict[str, Any] = functions.lines()[-1]
    directive = line["_aws"]["CloudWatchMetrics"][0]
    assert directive["Namespace"] == "ChatStack"
    assert directive["Dimensions"] == [["api", "stage"]]
    assert (line["api"], line["stage"]) == ("abcdef1234", "chat")
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert names == list(vars(Tally()))
    assert {name: line[name] for name in names} == {
        "messages": 1,
        "deliveries": 1,
        "gone": 0,
        "failed": 0,
        "jobs": 0,
        "conflicts": 0,
    }


def test_a_bug_is_logged_as_crashed_and_left_to_lambda(functions: Functions) -> None:
    functions.enter("ada=")
    functions.lines()
    context = message_event("ada=", "{}")["requestContext"]
    with pytest.raises(AttributeError, match="encode"):
        functions.invoke("message", {"requestContext": context, "body": 1})
    assert functions.lines()[-1]["outcome"] == "crashed"
