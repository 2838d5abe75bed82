"""Hostile frames, requests for tickets, handshakes and invocations: the functions answer them, and none fails."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from chat.protocol.limits import NAME_LENGTH
from tests.contract.schemas import check_reply, load_document
from tests.hostile.cases import load_cases
from tests.hostile.rules import check_answer, check_message
from tests.unit.handlers.conftest import Deploy, Functions
from tests.unit.handlers.events import connect_event, message_event, ticket_event

FRAMES = load_cases("frames")
BODIES = load_cases("ticket_bodies")
CODES = load_document()["components"]["schemas"]["ErrorCode"]["enum"]
REQUEST = {"room": "hostile", "from": "bot", "id": "p1", "text": "hi"}
# Nobody is refused for being too fast.
FAST = {f"MAX_{name}": "1000" for name in ("SENDS_PER_SECOND", "SEND_BURST", "JOINS_PER_SECOND", "JOIN_BURST")}


def test_frames_are_answered_and_the_functions_go_on(deploy: Deploy) -> None:
    functions = deploy(**FAST)
    functions.enter("ada=", "bob=", room="hostile")
    functions.ask("bob=", "send", room="hostile", id="first", text="hi")
    surprises, taken = {}, {}
    for case in FRAMES:
        response = functions.invoke("message", message_event("ada=", case.body))
        reply = check_answer(case.body, response["body"].encode()) or {}
        seen = reply.get("code", reply["type"])
        if seen != case.answer:
            surprises[case.name] = seen
        if '"text"' in case.body and reply.get("room") == "hostile":
            taken[reply["seq"]] = json.loads(case.body)
    assert surprises == {}
    assert len(taken) > 30
    stored = read_all(functions, "bob=")
    for seq, sent in taken.items():
        entry = stored[seq]
        assert (entry["id"], entry["text"], entry.get("meta")) == (sent["id"], sent["text"], sent.get("meta"))


def read_all(functions: Functions, connection_id: str) -> dict[int, dict[str, Any]]:
    """Read a room's log, page by page; each page is as the contract has it."""
    entries: dict[int, dict[str, Any]] = {}
    more = True
    while more:
        body = json.dumps({"action": "history", "room": "hostile", "after": max(entries, default=0)})
        response = functions.invoke("message", message_event(connection_id, body))
        page = check_answer(body, response["body"].encode()) or {}
        entries |= {entry["seq"]: entry for entry in page["entries"]}
        more = page["more"]
    return entries


def has_crashed(functions: Functions) -> bool:
    """Whether an invocation since the last call has failed, whoever caught what it raised."""
    return any(line["outcome"] == "crashed" for line in functions.lines())


def check_refusal(response: dict[str, Any]) -> str:
    """Check an answer that gives no ticket; return its code."""
    assert response["statusCode"] == 400
    body = json.loads(response["body"])
    assert set(body) == {"code", "message"}
    assert body["code"] in CODES
    check_message(body["message"])
    return str(body["code"])


@pytest.mark.parametrize("is_encoded", [False, True])
def test_bodies_are_answered_with_a_ticket_or_an_error(functions: Functions, is_encoded: bool) -> None:
    surprises = {}
    for case in BODIES:
        encoded = case.encoded or b""
        # API Gateway hands on as text what is text by its content type, and everything else in base64.
        body = b64encode(encoded).decode() if is_encoded else encoded.decode("utf-8", "replace")
        response = functions.invoke("ticket", {**ticket_event(body), "isBase64Encoded": is_encoded})
        seen = "issued" if response["statusCode"] == 200 else check_refusal(response)
        if seen != case.answer:
            surprises[case.name] = seen
    assert surprises == {}
    assert not has_crashed(functions)


HEADERS: list[dict[str, str]] = [
    {},
    {"content-type": "application/json,text/html"},
    {"content-type": "\x00", "content-length": "-1"},
    {"__proto__": "x", "x" * 8_000: "y" * 8_000},
    {"authorization": "Bearer a, Bearer b", "origin": "https://evil.example.com, https://chat.example.com"},
]


def test_headers_decide_nothing_about_a_ticket(functions: Functions) -> None:
    for headers in HEADERS:
        event = {**ticket_event('{"name": "Ada"}'), "headers": headers, "cookies": ["a=b", "\x00"]}
        assert functions.invoke("ticket", event)["statusCode"] == 200


CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({}, "field.missing"),
    ({"sub": ""}, "field.missing"),
    ({"sub": None}, "field.missing"),
    ({"name": "Ada"}, "field.missing"),
    ({"sub": 7}, "issued"),
    ({"sub": ["a", "b"]}, "issued"),
    ({"sub": {"a": "b"}}, "issued"),
    ({"sub": True, "name": False}, "issued"),
    ({"sub": "x" * 5_000}, "issued"),
    ({"sub": "\ud800"}, "issued"),
    ({"sub": "\x00"}, "issued"),
    ({"sub": "__proto__"}, "issued"),
    ({"sub": "ada", "name": 7}, "issued"),
    ({"sub": "ada", "name": ["Ada"]}, "issued"),
    ({"sub": "ada", "name": {"toString": "Ada"}}, "issued"),
    ({"sub": "ada", "name": None, "nickname": ""}, "issued"),
    ({"sub": "ada", "name": "\u202e\u200b\x00\ud800"}, "issued"),
    ({"sub": "ada", "name": " \n "}, "issued"),
    ({"sub": "ada", "name": "\U0001f600" * 5_000}, "issued"),
    ({"sub": "ada", "groups": "\ud800"}, "issued"),
    ({"sub": "ada", "groups": [None, {"a": [1.5]}]}, "issued"),
    ({"sub": "ada", "groups": "x" * 8_000, "__proto__": {"groups": "[staff]"}}, "issued"),
]


def test_claims_of_any_type_are_a_user_or_an_error(deploy: Deploy) -> None:
    functions = deploy(SIGN_IN="jwt", GROUPS_CLAIM="groups", MODERATOR_GROUP="staff")
    for number, (claims, answer) in enumerate(CLAIMS):
        response = functions.invoke("ticket", ticket_event(None, claims))
        if answer == "issued":
            assert response["statusCode"] == 200
            check_admission(functions, f"c{number}=", json.loads(response["body"]))
        else:
            assert check_refusal(response) == answer
    assert not has_crashed(functions)


def check_admission(functions: Functions, connection_id: str, admission: dict[str, Any]) -> None:
    """Check that a ticket lets a user in, as the one whom it names, and as nobody more."""
    assert 1 <= len(admission["name"]) <= NAME_LENGTH
    assert admission["name"].isprintable()
    assert functions.connect(connection_id, ticket=admission["ticket"]) == {"statusCode": 200}
    assert functions.ask(connection_id, "join", room=connection_id[:-1])["type"] == "joined"
    members = functions.ask(connection_id, "members", room=connection_id[:-1])
    check_reply("members", members)
    assert members["members"] == [{"user": admission["user"], "name": admission["name"]}]
    assert functions.ask(connection_id, "ban", user="bob")["code"] == "room.not_allowed"


TICKETS = [
    "",
    " ",
    "0" * 64,
    "0" * 10_000,
    "\x00",
    "\ud800",
    "\u202e",
    "../..",
    "ticket#0",
    "' OR 1=1",
    "\U0001f600" * 3_000,
]
ORIGINS = [
    "",
    "null",
    "https://chat.example.com.evil.com",
    "https://chat.example.com@evil.com",
    "https://chat.example.com:443",
    "https://chat.example.com/",
    "HTTPS://CHAT.EXAMPLE.COM",
    "https://chat.example.com, https://evil.com",
    "https://chat.example.com https://evil.com",
    "https://chat.example.com\x00",
    "https://ch\u0430t.example.com",
    "x" * 10_000,
]


def test_nobody_gets_in_with_a_made_up_ticket(functions: Functions) -> None:
    for ticket in TICKETS:
        event = connect_event("eve=", {"ticket": ticket})
        assert functions.invoke("connect", event) == {"statusCode": 401}
        event["headers"] |= {"x" * 8_000: "\x00", "__proto__": ticket}
        assert functions.invoke("connect", event) == {"statusCode": 401}
    assert functions.ask("eve=", "join", room="hostile")["code"] == "connection.expired"


def test_nobody_gets_in_from_an_origin_that_only_looks_allowed(functions: Functions) -> None:
    ticket = functions.issue(name="Eve")["body"]["ticket"]
    for origin in ORIGINS:
        event = connect_event("eve=", {"ticket": ticket})
        event["headers"]["oRiGiN"] = origin
        assert functions.invoke("connect", event) == {"statusCode": 403}


def test_a_frame_that_takes_the_route_of_a_handshake_opens_nothing(functions: Functions) -> None:
    functions.enter("ada=", room="hostile")
    frame = message_event("ada=", '{"action":"$connect"}', "$connect")
    assert functions.invoke("connect", frame) == {"statusCode": 401}
    assert functions.ask("ada=", "members", room="hostile")["type"] == "members"
    frame = message_event("ada=", '{"action":"$disconnect"}', "$disconnect")
    assert functions.invoke("disconnect", frame) == {"statusCode": 200}
    assert functions.ask("ada=", "rooms")["code"] == "connection.expired"


def test_a_page_behind_the_last_costs_no_query(functions: Functions) -> None:
    """DynamoDB refuses a range whose end lies before its start, which the DynamoDB of these tests does not."""
    functions.enter("ada=", room="hostile")
    for start in ("g", "zzz", "\U0010ffff"):
        functions.lines()
        assert functions.ask("ada=", "members", room="hostile", next=start)["members"] == []
        assert "Query" not in functions.lines()[-1]["aws_calls"]


def nest(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


EVENTS: list[tuple[Any, str]] = [
    (None, "frame.not_object"),
    ("{}", "frame.not_object"),
    ([REQUEST], "frame.not_object"),
    ({}, "field.missing"),
    ({**REQUEST, "meta": {"a": nest(900)}}, "frame.too_deep"),
    ({**REQUEST, "other": nest(100_000)}, "frame.too_deep"),
    ({**REQUEST, "other": float("inf")}, "frame.not_json"),
    ({**REQUEST, "other": float("nan")}, "frame.not_json"),
    ({**REQUEST, "other": 10**400}, "frame.not_json"),
    ({**REQUEST, "\ud800": 1}, "frame.bad_unicode"),
    ({**REQUEST, "x" * 40_000: 1}, "frame.too_large"),
    ({**REQUEST, "from": "__proto__", "id": "__proto__", "__proto__": {"room": "elsewhere"}}, "ack"),
    ({**REQUEST, "id": "\x00" * 64, "text": "\u202e\u200b\x00"}, "ack"),
    ({**REQUEST, "id": "\U0001f600" * 64, "from": "b" * 48}, "ack"),
    ({**REQUEST, "from": "\u202eada"}, "field.out_of_range"),
    ({**REQUEST, "name": "\ufffe"}, "field.out_of_range"),
    ({**REQUEST, "Records": [{"body": "x"}], "httpMethod": "POST"}, "ack"),
]


def test_what_is_published_is_stored_or_an_error(functions: Functions) -> None:
    functions.enter("ada=", room="hostile")
    functions.lines()
    published = []
    for event, answer in EVENTS:
        reply = functions.invoke("publish", event)
        assert reply.get("code", reply["type"]) == answer
        if answer == "ack":
            published.append((event["id"], event["text"]))
        else:
            check_message(reply["message"])
    assert [(entry["id"], entry["text"]) for entry in read_all(functions, "ada=").values()] == published
    assert not has_crashed(functions)


def test_frames_of_clients_are_no_invocations(functions: Functions) -> None:
    """Whom a message is from, the application has to say."""
    for case in FRAMES:
        if case.answer == "ack":
            assert functions.invoke("publish", json.loads(case.body))["code"] == "field.missing"
