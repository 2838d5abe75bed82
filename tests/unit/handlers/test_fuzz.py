"""Whatever comes in, by hypothesis, through the functions: answers of the protocol, and no function that fails."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat.protocol.frames import Frame
from chat.protocol.limits import NAME_LENGTH
from chat.protocol.parsing import ACTIONS
from tests.contract.schemas import check_reply, load_document
from tests.hostile.rules import check_answer, check_message
from tests.hostile.strategies import (
    any_texts,
    broken_frames,
    damaged_texts,
    fuzz,
    hostile_values,
    texts_of,
    valid_frames,
)
from tests.unit.handlers.conftest import Deploy, Functions
from tests.unit.handlers.events import connect_event, message_event, ticket_event

CODES = load_document()["components"]["schemas"]["ErrorCode"]["enum"]
FAST = {f"MAX_{name}": "1000" for name in ("SENDS_PER_SECOND", "SEND_BURST", "JOINS_PER_SECOND", "JOIN_BURST")}
VALID = st.one_of(*map(valid_frames, ACTIONS))
BODIES = texts_of(VALID) | texts_of(st.one_of(*map(broken_frames, ACTIONS))) | damaged_texts(VALID) | any_texts()
TICKET_FIELDS = st.dictionaries(st.sampled_from(["name", "key", "__proto__"]), hostile_values, max_size=3)
CLAIMS = st.dictionaries(st.sampled_from(["sub", "name", "nickname", "username", "groups"]), hostile_values, max_size=4)
QUERIES = st.dictionaries(st.sampled_from(["ticket", "Ticket", "__proto__"]), st.text(max_size=80), max_size=2)
EVENTS = st.builds(
    lambda frame, more: {**frame, **more},
    valid_frames("send") | broken_frames("send"),
    st.dictionaries(st.sampled_from(["from", "name", "requestContext"]), hostile_values, max_size=2),
)


def check_all_answered(functions: Functions) -> None:
    """Check that no invocation so far has failed."""
    assert [line for line in functions.lines() if line["outcome"] == "crashed"] == []


def test_any_frame_is_answered(deploy: Deploy) -> None:
    functions = deploy(**FAST)
    functions.enter("ada=", "bob=", room="hostile")

    @fuzz(100)
    @given(BODIES)
    def check(body: str) -> None:
        response = functions.invoke("message", message_event("ada=", body))
        assert response["statusCode"] == 200
        check_answer(body, response["body"].encode() if "body" in response else None)

    check()
    check_all_answered(functions)


def test_any_body_is_a_ticket_or_an_error(functions: Functions) -> None:
    @fuzz(60)
    @given(texts_of(TICKET_FIELDS) | any_texts())
    def check(body: str) -> None:
        check_ticket(functions.invoke("ticket", ticket_event(body)))

    check()
    check_all_answered(functions)


def test_any_claims_are_a_user_or_an_error(deploy: Deploy) -> None:
    functions = deploy(SIGN_IN="jwt", GROUPS_CLAIM="groups", MODERATOR_GROUP="staff")

    @fuzz(40)
    @given(CLAIMS)
    def check(claims: dict[str, Any]) -> None:
        check_ticket(functions.invoke("ticket", ticket_event(None, claims)))

    check()
    check_all_answered(functions)


def check_ticket(response: dict[str, Any]) -> None:
    """Check that it is a ticket with a name to show, or a documented error."""
    body = json.loads(response["body"])
    if response["statusCode"] == 200:
        assert set(body) == {"ticket", "url", "expires_in", "user", "name"}
        assert 1 <= len(body["name"]) <= NAME_LENGTH
        assert body["name"].isprintable()
        return
    assert response["statusCode"] == 400
    assert set(body) == {"code", "message"}
    assert body["code"] in CODES
    check_message(body["message"])


def test_no_handshake_but_one_with_a_ticket_succeeds(functions: Functions) -> None:
    @fuzz(40)
    @given(QUERIES, st.dictionaries(st.sampled_from(["Origin", "origin", "Host"]), st.text(max_size=40), max_size=2))
    def check(query: dict[str, str], headers: dict[str, str]) -> None:
        event = connect_event("eve=", query)
        event["headers"] |= headers
        assert functions.invoke("connect", event) in ({"statusCode": 401}, {"statusCode": 403})

    check()
    check_all_answered(functions)


def test_any_invocation_is_published_or_an_error(functions: Functions) -> None:
    @fuzz(80)
    @given(EVENTS | hostile_values)
    def check(event: Frame) -> None:
        reply = json.loads(json.dumps(functions.invoke("publish", event)))
        check_reply("send", {**reply, "id": "any"})
        if reply["type"] == "error":
            check_message(reply["message"])

    check()
    check_all_answered(functions)
