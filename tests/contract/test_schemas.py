"""The checker bites: a frame that is not as it is documented fails."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.schemas import Frame, check_received, check_reply, check_sent, follow, load_document

MESSAGE = {"type": "message", "seq": 42, "id": "m1", "from": "ada", "name": "Ada", "at": 1, "text": "hi"}
PUSH = {**MESSAGE, "room": "lobby", "epoch": "k"}
ACK = {"type": "ack", "id": "m1", "room": "lobby", "epoch": "k", "seq": 42, "at": 1}
HISTORY = {"type": "history", "room": "lobby", "epoch": "k", "more": False, "reset": False, "truncated": False}
ERROR = {"type": "error", "code": "room.busy", "message": "try again", "retryable": True}
GATEWAY = {"message": "Internal server error", "connectionId": "BFaT_fALIAMCKug=", "requestId": "BFaT_"}
SEND = {"action": "send", "id": "m1", "room": "lobby", "text": "hi"}

RECEIVED = [
    example["payload"]
    for name, message in load_document()["components"]["messages"].items()
    if not name.endswith("Request")
    for example in message["examples"]
]


def find_places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Find the paths to all values in a frame, but not into what is the client's own."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield (*path, key)
        if key != "meta":
            yield from find_places(part, (*path, key))


def find_value(frame: Frame, path: tuple[Any, ...]) -> Any:
    """Return what stands in one place of a frame."""
    value: Any = frame
    for key in path:
        value = value[key]
    return value


def put(frame: Frame, path: tuple[Any, ...], value: Any) -> Frame:
    """Return a copy of a frame with another value in one place."""
    changed = copy.deepcopy(frame)
    find_value(changed, path[:-1])[path[-1]] = value
    return changed


@pytest.mark.parametrize("frame", RECEIVED, ids=lambda frame: frame["type"])
def test_another_type_of_value_fails_wherever_it_stands(frame: Frame) -> None:
    check_received(frame)
    for path in find_places(frame):
        with pytest.raises(AssertionError):
            # No field has a list of lists.
            check_received(put(frame, path, [[]]))


@pytest.mark.parametrize("frame", RECEIVED, ids=lambda frame: frame["type"])
def test_an_unknown_field_fails_wherever_it_stands(frame: Frame) -> None:
    for path in ((), *find_places(frame)):
        if isinstance(find_value(frame, path), dict) and path[-1:] != ("meta",):
            with pytest.raises(AssertionError):
                check_received(put(frame, (*path, "surprise"), 7))


@pytest.mark.parametrize("missing", PUSH)
def test_a_push_that_lacks_a_field_fails(missing: str) -> None:
    with pytest.raises(AssertionError):
        check_received({name: value for name, value in PUSH.items() if name != missing})


@pytest.mark.parametrize("missing", ACK)
def test_a_reply_that_lacks_a_field_fails(missing: str) -> None:
    check_reply("send", ACK)
    with pytest.raises(AssertionError):
        check_reply("send", {name: value for name, value in ACK.items() if name != missing})


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        ([], "a frame is an object"),
        ({"type": "greeting"}, "type must be one of ack, .* got 'greeting'"),
        ({"type": 7}, "got 7"),
        ({**PUSH, "epoch": None}, "type message: epoch: None is not of type 'string'"),
        ({**PUSH, "room": "no spaces"}, "type message: room: 'no spaces' does not match"),
        ({**PUSH, "deleted": True}, "'deleted' was unexpected"),
        ({**HISTORY, "entries": [{**MESSAGE, "seq": 0}]}, r"type history: entries\.0\.seq: 0 is less than the minimum"),
        ({**HISTORY, "entries": [PUSH]}, "type history: entries.0"),
        ({**HISTORY, "entries": [MESSAGE] * 101}, "too long"),
        ({**ERROR, "code": "room.haunted"}, "type error: code: 'room.haunted' is not one of"),
        ({**ERROR, "retryable": False}, "type error: retryable: True was expected"),
        ({**ERROR, "code": "rate.limited"}, "'retry_after_ms' is a required property"),
        ({"type": "rooms", "rooms": [], "next": 7}, "type rooms: next: 7 is not of type 'string'"),
        ({**GATEWAY, "room": "lobby"}, "not API Gateway's own"),
        ({**GATEWAY, "message": None}, "not API Gateway's own"),
        ({"message": "Forbidden"}, "not API Gateway's own"),
    ],
)
def test_a_frame_that_is_not_documented_fails_and_says_why(frame: object, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_received(frame)


def test_a_frame_of_api_gateways_own_passes() -> None:
    check_received(GATEWAY)


def test_a_reply_to_another_action_fails() -> None:
    check_reply("kick", {"type": "ack", "room": "lobby", "user": "bob"})
    for action, frame in (("kick", ACK), ("join", ACK), ("typing", ACK), ("ping", ERROR)):
        check_received(frame)
        with pytest.raises(AssertionError):
            check_reply(action, frame)


def test_a_client_may_add_fields_and_leave_others_null() -> None:
    check_sent({**SEND, "to": None, "meta": None, "after": None, "color": "red"})


@pytest.mark.parametrize(
    ("frame", "complaint"),
    [
        ("ping", "a frame is an object"),
        ({"action": "dance"}, "action must be one of .* got 'dance'"),
        ({**SEND, "id": None}, "action send: id: None is not of type 'string'"),
        ({**SEND, "text": ""}, "action send: text"),
        ({**SEND, "after": -1}, "action send: after: -1 is less than the minimum"),
        ({**SEND, "to": "bob"}, "action send: "),
        ({**SEND, "room": None}, "action send: "),
        ({"action": "join"}, "'room' is a required property"),
    ],
)
def test_a_request_that_is_not_documented_fails_and_says_why(frame: object, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_sent(frame)


def test_a_reference_that_leads_nowhere_fails() -> None:
    with pytest.raises(LookupError, match="has no #/components/schemas/Nothing"):
        follow("#/components/schemas/Nothing")
