"""The application's own functions, called over HTTP: what they are asked, and what follows from each answer."""

from __future__ import annotations

import calendar
import json
import time
from typing import Any

import pytest

from chat.aws.client.environment import Credentials
from tests.unit.aws_client.test_signature import Case, sign_with_botocore
from tests.unit.dynamodb import REGION
from tests.unit.handlers.conftest import Deploy, Functions
from tests.unit.handlers.loopback import Reply

ACCESS = "arn:aws:lambda:us-east-1:123456789012:function:rooms"
REVIEW = "arn:aws:lambda:us-east-1:123456789012:function:review:live"
FAILURES = {
    "the function raised": Reply(
        200, '{"errorMessage": "no", "errorType": "KeyError"}', {"X-Amz-Function-Error": "Unhandled"}
    ),
    "an answer beside an error": Reply(
        200, '{"access": "write", "decision": "allow"}', {"X-Amz-Function-Error": "Handled"}
    ),
    "there is no such function": Reply(404, '{"Message": "Function not found", "Type": "User"}'),
    "it may not be invoked": Reply(403, '{"Message": "not authorized to perform: lambda:InvokeFunction"}'),
    "an answer with another status": Reply(202, '{"access": "write", "decision": "allow"}'),
    "no JSON": Reply(200, "<html>"),
    "nothing": Reply(200, ""),
    "null": Reply(200, "null"),
    "no object": Reply(200, '["write", "allow"]'),
    "another word": Reply(200, '{"access": "admin", "decision": "maybe"}'),
    "another type": Reply(200, '{"access": true, "decision": {"allow": true}}'),
}


@pytest.fixture
def guarded(deploy: Deploy) -> Functions:
    """A chat whose rooms a function decides about."""
    return deploy(ROOM_ACCESS_FUNCTION=ACCESS)


@pytest.fixture
def reviewed(deploy: Deploy) -> Functions:
    """A chat whose messages a function reviews; ada and bob are in the lobby."""
    functions = deploy(MESSAGE_REVIEW_FUNCTION=REVIEW)
    functions.enter("ada=", "bob=")
    return functions


def send(functions: Functions, **fields: Any) -> dict[str, Any]:
    return functions.ask("ada=", "send", **{"room": "lobby", "id": "m1", "text": "hi", **fields})


def list_texts(functions: Functions) -> list[str | None]:
    return [entry.get("text") for entry in functions.ask("ada=", "history", room="lobby")["entries"]]


def test_the_function_is_asked_who_wants_to_enter_what(deploy: Deploy) -> None:
    functions = deploy(ROOM_ACCESS_FUNCTION=ACCESS, SIGN_IN="jwt")
    functions.application.reply({"access": "write"})
    functions.sign_in("ada=", "ada", {"sub": "1c2d", "name": "Ada", "plan": "pro", "teams": "[red blue]"})
    assert functions.ask("ada=", "join", room="red:1")["type"] == "joined"
    (request,) = functions.application.requests
    path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Arooms/invocations"
    assert (request.method, request.path) == ("POST", path)
    assert json.loads(request.body) == {
        "user": {"id": "1c2d", "name": "Ada"},
        "claims": {"sub": "1c2d", "name": "Ada", "plan": "pro", "teams": "[red blue]"},
        "room": "red:1",
    }


def test_what_it_is_asked_is_signed_for_lambda(guarded: Functions) -> None:
    guarded.application.reply({"access": "write"})
    guarded.enter("ada=")
    (request,) = guarded.application.requests
    time_s = calendar.timegm(time.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ"))
    credentials = Credentials("test", "test")
    headers = {"host": request.headers["host"]}
    case = Case("POST", request.path, headers, request.body.encode(), credentials, REGION, "lambda", time_s)
    assert request.headers["authorization"] == sign_with_botocore(case)["authorization"]


@pytest.mark.parametrize(
    ("access", "codes"),
    [
        ("none", ["room.not_allowed", "room.not_joined", "room.not_joined"]),
        ("read", ["joined", "room.read_only", "room.not_allowed"]),
        ("write", ["joined", "ack", "room.not_allowed"]),
        ("moderate", ["joined", "ack", "ack"]),
        (None, ["joined", "ack", "room.not_allowed"]),
    ],
)
def test_each_access_allows_what_it_says(guarded: Functions, access: str | None, codes: list[str]) -> None:
    guarded.application.reply({"access": access})
    guarded.sign_in("ada=", "ada")
    replies = [
        guarded.ask("ada=", "join", room="lobby"),
        send(guarded),
        guarded.ask("ada=", "mute", room="lobby", user="bob", seconds=60),
    ]
    assert [reply.get("code", reply["type"]) for reply in replies] == codes
    # What was granted at the join holds for the connection.
    assert len(guarded.application.requests) == 1


def test_null_leaves_it_to_the_rooms_own_rules(guarded: Functions) -> None:
    guarded.application.reply({"access": "moderate"})
    guarded.sign_in("ada=", "ada")
    guarded.ask("ada=", "create", room="lobby", private=True)
    guarded.application.reply({"access": None})
    guarded.sign_in("bob=", "bob")
    assert guarded.ask("bob=", "join", room="lobby")["code"] == "room.private"
    assert guarded.ask("ada=", "join", room="lobby")["type"] == "joined"


@pytest.mark.parametrize(("access", "code"), [("write", "room.not_allowed"), ("moderate", "ack"), (None, "ack")])
def test_the_function_decides_who_makes_rooms(guarded: Functions, access: str | None, code: str) -> None:
    guarded.application.reply({"access": access})
    guarded.sign_in("ada=", "ada")
    reply = guarded.ask("ada=", "create", room="lobby")
    assert reply.get("code", reply["type"]) == code


def test_direct_rooms_are_none_of_the_functions_business(guarded: Functions) -> None:
    guarded.sign_in("ada=", "ada")
    bob = guarded.sign_in("bob=", "bob")
    room = guarded.ask("ada=", "send", to=bob, id="m1", text="hi")["room"]
    assert guarded.ask("ada=", "join", room=room)["type"] == "joined"
    assert guarded.application.requests == []


@pytest.mark.parametrize("failure", FAILURES)
def test_without_an_answer_nobody_gets_in(guarded: Functions, failure: str) -> None:
    guarded.application.replies = [FAILURES[failure]]
    guarded.sign_in("ada=", "ada")
    reply = guarded.ask("ada=", "join", room="lobby", id="j1")
    assert (reply["code"], reply["retryable"], reply["id"]) == ("server.unavailable", True, "j1")
    assert reply["retry_after_ms"] > 0
    assert guarded.ask("ada=", "members", room="lobby")["code"] == "room.not_joined"
    guarded.application.reply({"access": "write"})
    assert guarded.ask("ada=", "join", room="lobby")["type"] == "joined"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_function_that_is_throttled_is_asked_again(guarded: Functions, status: int) -> None:
    guarded.application.replies = [Reply(status), Reply(200, '{"access": "write"}')]
    guarded.enter("ada=")
    assert len(guarded.application.requests) == 2


@pytest.mark.parametrize("variable", ["ROOM_ACCESS_FUNCTION", "MESSAGE_REVIEW_FUNCTION"])
def test_a_slow_function_is_not_waited_for(deploy: Deploy, variable: str) -> None:
    functions = deploy(HOOK_TIMEOUT_S="0.3", **{variable: ACCESS})
    functions.application.reply({"access": "write", "decision": "allow"})
    functions.enter("ada=")
    functions.application.delay_s = 5
    functions.lines()
    replies = {
        "ROOM_ACCESS_FUNCTION": lambda: functions.ask("ada=", "join", room="hall"),
        "MESSAGE_REVIEW_FUNCTION": lambda: send(functions),
    }
    assert replies[variable]()["code"] == "server.unavailable"
    assert 250 < functions.lines()[-1]["duration_ms"] < 1_500
    functions.application.delay_s = 0
    assert replies[variable]()["type"] in {"joined", "ack"}


def test_the_review_is_asked_about_each_text(reviewed: Functions) -> None:
    reviewed.application.reply({"decision": "allow"})
    user = {"id": reviewed.issue(name="ada=", key="ada=")["body"]["user"], "name": "ada="}
    send(reviewed, meta={"reply": 1})
    reviewed.ask("ada=", "edit", room="lobby", id="m2", seq=1, text="ho")
    reviewed.ask("ada=", "react", room="lobby", id="m3", seq=1, emoji="+1")
    reviewed.ask("ada=", "delete", room="lobby", id="m4", seq=1)
    path = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Areview%3Alive/invocations"
    assert {request.path for request in reviewed.application.requests} == {path}
    assert reviewed.application.questions == [
        {"action": "send", "user": user, "room": "lobby", "text": "hi", "meta": {"reply": 1}},
        {"action": "edit", "user": user, "room": "lobby", "text": "ho", "meta": None},
    ]


def test_an_allowed_text_is_stored_as_it_is(reviewed: Functions) -> None:
    reviewed.application.reply({"decision": "allow", "text": "something else"})
    assert send(reviewed)["seq"] == 1
    assert reviewed.pushed("bob=")[-1]["text"] == "hi"
    assert list_texts(reviewed) == ["hi"]


def test_a_changed_text_is_what_everybody_gets(reviewed: Functions) -> None:
    reviewed.application.reply({"decision": "change", "text": "h*"})
    send(reviewed, meta={"reply": 1})
    assert (reviewed.pushed("bob=")[-1]["text"], reviewed.pushed("bob=")[-1]["meta"]) == ("h*", {"reply": 1})
    reviewed.application.reply({"decision": "change", "text": "h**"})
    reviewed.ask("ada=", "edit", room="lobby", id="m2", seq=1, text="ho")
    assert (reviewed.pushed("bob=")[-1]["type"], reviewed.pushed("bob=")[-1]["text"]) == ("edited", "h**")
    assert list_texts(reviewed) == ["h**", "h**"]


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("no links, please", "no links, please"),
        (None, "this message is not allowed here"),
        ("", "this message is not allowed here"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_refused_message_is_answered_with_the_reason(reviewed: Functions, reason: str | None, message: str) -> None:
    reviewed.application.reply({"decision": "refuse", "reason": reason})
    before = len(reviewed.pushed("bob="))
    reply = send(reviewed)
    assert (reply["code"], reply["message"], reply["retryable"]) == ("message.refused", message, False)
    assert list_texts(reviewed) == []
    assert len(reviewed.pushed("bob=")) == before


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("fails", ["closed", "open"])
def test_without_a_review_a_text_is_refused_for_now_or_let_through(deploy: Deploy, failure: str, fails: str) -> None:
    functions = deploy(MESSAGE_REVIEW_FUNCTION=REVIEW, REVIEW_FAILS=fails)
    functions.enter("ada=")
    functions.application.replies = [FAILURES[failure]]
    reply = send(functions)
    assert reply.get("code", reply["type"]) == {"closed": "server.unavailable", "open": "ack"}[fails]
    assert list_texts(functions) == {"closed": [], "open": ["hi"]}[fails]


def test_a_refusal_holds_where_failures_let_through(deploy: Deploy) -> None:
    functions = deploy(MESSAGE_REVIEW_FUNCTION=REVIEW, REVIEW_FAILS="open")
    functions.enter("ada=")
    functions.application.reply({"decision": "refuse"})
    assert send(functions)["code"] == "message.refused"


def test_what_is_stored_already_is_not_reviewed_again(reviewed: Functions) -> None:
    reviewed.application.reply({"decision": "change", "text": "h*"})
    first = send(reviewed, after=0)
    reviewed.application.reply({"decision": "refuse"})
    assert send(reviewed, after=0) == first
    assert len(reviewed.application.requests) == 1
    assert list_texts(reviewed) == ["h*"]


def test_who_may_not_write_is_not_reviewed(reviewed: Functions) -> None:
    assert send(reviewed, room="hall")["code"] == "room.not_joined"
    assert reviewed.application.requests == []


def test_the_application_does_not_review_what_it_publishes(reviewed: Functions) -> None:
    ack = reviewed.publish(**{"room": "lobby", "from": "bot", "id": "b1", "text": "hi"})
    assert ack["type"] == "ack"
    assert reviewed.application.requests == []


@pytest.mark.parametrize("text", ["x" * 8_193, "x" * 40_000, "\ud800"])
def test_a_changed_text_is_held_to_the_limits_of_any_text(deploy: Deploy, text: str) -> None:
    functions = deploy(MESSAGE_REVIEW_FUNCTION=ACCESS)
    functions.enter("ada=")
    functions.application.reply({"decision": "change", "text": text})
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["code"] == "server.unavailable"
    assert functions.ask("ada=", "history", room="lobby")["entries"] == []


def test_a_reason_that_is_no_text_is_no_answer(deploy: Deploy) -> None:
    functions = deploy(MESSAGE_REVIEW_FUNCTION=ACCESS)
    functions.enter("ada=")
    functions.application.reply({"decision": "refuse", "reason": "\ud800"})
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["code"] == "server.unavailable"


@pytest.mark.parametrize("reply", [Reply(200, "{}"), Reply(200, '{"acess": "none"}'), Reply(200, "[" * 100_000)])
def test_an_answer_that_is_none_lets_nobody_in(deploy: Deploy, reply: Reply) -> None:
    functions = deploy(ROOM_ACCESS_FUNCTION=ACCESS)
    functions.application.replies = [reply]
    functions.sign_in("ada=", "ada")
    assert functions.ask("ada=", "join", room="lobby")["code"] == "server.unavailable"
