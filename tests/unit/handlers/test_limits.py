"""What a user may have and do at most, as the environment says."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.unit.handlers.conftest import Clock, Deploy, Functions

CLAIMS = {"sub": "ada", "name": "Ada", "cognito:groups": "[staff]", "rooms": "[*:write]", "email": "a@example.com"}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:rooms"


def test_one_connection_too_many_closes_the_oldest(deploy: Deploy) -> None:
    functions = deploy(MAX_CONNECTIONS_PER_USER="2")
    functions.enter("bob=")
    for connection_id in ("c3=", "c2=", "c1="):
        functions.sign_in(connection_id, "ada")
        functions.ask(connection_id, "join", room="lobby")
        functions.connected_at_ms += 1_000
    assert functions.management.closed == ["c3="]
    assert functions.ask("c3=", "send", room="lobby", id="m1", text="hi")["code"] == "room.not_joined"
    assert functions.ask("bob=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"
    assert [functions.pushed(each)[-1]["type"] for each in ("c1=", "c2=")] == ["message", "message"]
    # Ada is there with two more devices, so nobody is told that she left.
    assert {frame.get("state") for frame in functions.pushed("bob=")} == {"joined"}


def test_connections_of_others_do_not_count(deploy: Deploy) -> None:
    functions = deploy(MAX_CONNECTIONS_PER_USER="1")
    functions.enter("ada=", "bob=", "eve=")
    assert functions.management.closed == []


def test_a_connection_that_is_gone_already_is_no_obstacle(deploy: Deploy) -> None:
    functions = deploy(MAX_CONNECTIONS_PER_USER="1")
    functions.sign_in("c1=", "ada")
    functions.management.statuses["c1="] = [410]
    functions.connected_at_ms += 1_000
    functions.sign_in("c2=", "ada")
    assert functions.ask("c1=", "rooms")["code"] == "connection.expired"


def test_who_sends_too_fast_waits(deploy: Deploy, clock: Clock) -> None:
    functions = deploy(MAX_SENDS_PER_SECOND="2", MAX_SEND_BURST="3")
    functions.enter("ada=", "bob=")
    for number in range(3):
        assert functions.ask("ada=", "send", room="lobby", id=f"m{number}", text="hi")["seq"] == number + 1
    refused = functions.ask("ada=", "send", room="lobby", id="m3", text="hi")
    assert (refused["type"], refused["code"], refused["retryable"]) == ("error", "rate.limited", True)
    assert refused["retry_after_ms"] == 500
    assert functions.ask("bob=", "send", room="lobby", id="b1", text="hi")["seq"] == 4
    clock.now_ms += 499
    assert functions.ask("ada=", "send", room="lobby", id="m3", text="hi")["retry_after_ms"] == 1
    clock.now_ms += 1
    assert functions.ask("ada=", "send", room="lobby", id="m3", text="hi")["seq"] == 5


def test_by_default_it_is_20_at_once_and_10_a_second(functions: Functions, clock: Clock) -> None:
    functions.enter("ada=")

    def send_all() -> int:
        replies = [functions.ask("ada=", "send", room="lobby", id=f"m{number}", text="hi") for number in range(25)]
        return [reply["type"] for reply in replies].count("ack")

    assert send_all() == 20
    clock.now_ms += 1_000
    assert send_all() == 10


def test_all_that_changes_something_counts_as_sending_on_any_device(deploy: Deploy, clock: Clock) -> None:
    functions = deploy(MAX_SENDS_PER_SECOND="1", MAX_SEND_BURST="4")
    functions.enter("ada=")
    functions.sign_in("ada2=", "ada=")
    functions.ask("ada2=", "join", room="lobby")
    replies = [
        functions.ask("ada=", "create", room="den"),
        functions.ask("ada=", "send", room="lobby", id="m1", text="hi"),
        functions.ask("ada2=", "edit", room="lobby", id="m2", seq=1, text="ho"),
        functions.ask("ada=", "react", room="lobby", id="m3", seq=1, emoji="+1"),
    ]
    assert [reply["type"] for reply in replies] == ["ack"] * 4
    frames: list[tuple[str, Mapping[str, object]]] = [
        ("send", {"id": "m4", "text": "hi"}),
        ("edit", {"id": "m4", "seq": 1, "text": "hi"}),
        ("delete", {"id": "m4", "seq": 1}),
        ("react", {"id": "m4", "seq": 1, "emoji": "-1"}),
        ("create", {"room": "hall"}),
    ]
    for action, fields in frames:
        assert functions.ask("ada2=", action, **{"room": "lobby", **fields})["code"] == "rate.limited"
    assert functions.ask("ada2=", "history", room="lobby")["type"] == "history"
    assert functions.ask("ada2=", "read", room="lobby", seq=1)["type"] == "ack"


def test_who_joins_too_fast_waits(deploy: Deploy, clock: Clock) -> None:
    functions = deploy(MAX_JOINS_PER_SECOND="1", MAX_JOIN_BURST="2")
    functions.sign_in("ada=", "ada")
    replies = [functions.ask("ada=", "join", room=f"room{number}") for number in range(3)]
    assert [reply.get("code", reply["type"]) for reply in replies] == ["joined", "joined", "rate.limited"]
    assert replies[2]["retry_after_ms"] == 1_000
    assert functions.ask("ada=", "members", room="room2")["code"] == "room.not_joined"
    assert functions.ask("ada=", "send", room="room1", id="m1", text="hi")["type"] == "ack"


def test_typing_is_passed_on_once_in_three_seconds_and_not_answered(functions: Functions, clock: Clock) -> None:
    functions.enter("ada=", "bob=")
    functions.ask("ada=", "join", room="hall")
    functions.ask("bob=", "join", room="hall")
    for after_ms, room in ((0, "lobby"), (0, "hall"), (2_999, "lobby"), (1, "lobby"), (0, "lobby")):
        clock.now_ms += after_ms
        functions.type_in("ada=", room)
    typing = [frame for frame in functions.pushed("bob=") if frame["type"] == "typing"]
    assert [(frame["room"], frame["name"]) for frame in typing] == [
        (room, "ada=") for room in ("lobby", "hall", "lobby")
    ]
    assert all(frame["type"] == "presence" for frame in functions.pushed("ada="))
    functions.type_in("ada=", "den")


@pytest.mark.parametrize(
    ("variables", "kept"),
    [
        ({}, []),
        ({"MODERATOR_GROUP": "staff"}, ["cognito:groups"]),
        ({"ROOM_ACCESS_CLAIM": "rooms"}, ["rooms"]),
        ({"MODERATOR_GROUP": "staff", "ROOM_ACCESS_CLAIM": "rooms"}, ["cognito:groups", "rooms"]),
        ({"ROOM_ACCESS_FUNCTION": FUNCTION}, list(CLAIMS)),
    ],
)
def test_only_claims_that_somebody_asks_for_are_kept(
    deploy: Deploy, variables: dict[str, str], kept: list[str]
) -> None:
    functions = deploy(SIGN_IN="jwt", GROUPS_CLAIM="cognito:groups", **variables)
    functions.application.reply({"access": "write"})
    functions.issue(CLAIMS)
    functions.sign_in("ada=", "ada", CLAIMS)
    functions.ask("ada=", "join", room="lobby")
    claims = {row["room"]: row.get("claims") for row in functions.tables.read_connections() if "used" not in row}
    assert claims["@ticket"] == claims["@"]
    assert json.loads(claims["@"] or "{}") == {claim: CLAIMS[claim] for claim in kept}
    assert claims["lobby"] is None
