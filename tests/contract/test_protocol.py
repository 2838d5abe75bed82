"""docs/asyncapi.yaml, docs/protocol.md and the code name the same actions, fields, types and errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from chat.protocol import errors
from chat.protocol.errors import ChatError
from chat.protocol.parsing import ACTIONS
from tests.contract.schemas import load_contract, load_document, resolve
from tests.contract.tables import find_code, parse_fields, read_table

Schema = dict[str, Any]

ACTION_ROWS = {
    find_code(action)[0]: (fields, reply) for action, fields, reply in read_table("action", "fields", "reply")
}
ENTRY_ROWS = {find_code(kind)[0]: find_code(fields) for kind, fields in read_table("type", "also has")}
PUSH_ROWS = {
    kind: find_code(fields) for kinds, fields, _ in read_table("type", "fields", "to") for kind in find_code(kinds)
}
ERROR_ROWS = {find_code(code)[0]: retryable for code, _, retryable in read_table("code", "means", "retryable")}


def find_errors(base: type[ChatError]) -> Iterator[type[ChatError]]:
    for error in base.__subclasses__():
        if error.__module__ == errors.__name__:
            yield error
            yield from find_errors(error)


def replies_to(action: str) -> list[Schema]:
    """Return the payloads that an action is answered with when all is well."""
    messages = resolve(load_document()["operations"][action].get("reply", {}).get("messages", []))
    return [payload for message in messages if type_of(payload := message["payload"]) != "error"]


def type_of(payload: Schema) -> str:
    return str(payload["properties"]["type"]["const"])


def fields_of(payloads: Iterable[Schema]) -> dict[str, bool]:
    """Return the fields that payloads may have, and whether each must be there; without the type and the id."""
    every = list(payloads)
    names = {name for payload in every for name in payload["properties"]} - {"type", "id"}
    return {name: all(name in payload["required"] for payload in every) for name in names}


def pushes() -> dict[str, Schema]:
    operations = [operation for operation in load_document()["operations"].values() if operation["action"] == "send"]
    payloads = [message["payload"] for operation in operations for message in resolve(operation["messages"])]
    return {type_of(payload): payload for payload in payloads}


def test_the_actions_are_the_same() -> None:
    assert set(load_contract().sent) == set(ACTION_ROWS) == {*ACTIONS, "ping"}


@pytest.mark.parametrize("action", ACTION_ROWS)
def test_the_fields_of_an_action_are_the_same(action: str) -> None:
    cell = ACTION_ROWS[action][0]
    written = parse_fields(", ".join(find_code(cell)))
    # Of fields with an "or" between them, either may be there.
    written = {
        name: needed and f"`{name}` or" not in cell and f"or `{name}`" not in cell for name, needed in written.items()
    }
    schema = load_document()["components"]["messages"][f"{action}Request"]["payload"]
    assert set(schema["properties"]) == {"action", "id", *written}
    assert set(schema["required"]) == {"action", *(name for name, needed in written.items() if needed)}


@pytest.mark.parametrize("action", ACTION_ROWS)
def test_the_reply_to_an_action_is_the_same(action: str) -> None:
    replies = replies_to(action)
    # Outside, code, outside, ...
    match ACTION_ROWS[action][1].split("`"):
        case ["none"]:
            assert replies == []
        case _, '{"type": "pong"}', *_:
            assert [type_of(reply) for reply in replies] == ["pong"]
            assert fields_of(replies) == {}
        case _, written, _:
            kind, fields = written.split(" ", 1)
            assert {type_of(reply) for reply in replies} == {kind}
            assert fields_of(replies) == parse_fields(fields.removeprefix("{").removesuffix("}"))
        case cell:
            pytest.fail(f"can't read the reply to {action}: {cell}")


def test_every_request_but_a_ping_may_be_refused() -> None:
    refused = {action for action, replies in load_contract().replies.items() if "error" in replies}
    assert refused == set(ACTION_ROWS) - {"ping", "typing"}


def test_the_pushed_types_are_the_same() -> None:
    assert set(pushes()) == set(PUSH_ROWS)


@pytest.mark.parametrize("kind", sorted(PUSH_ROWS.keys() - ENTRY_ROWS))
def test_the_fields_of_a_push_are_the_same(kind: str) -> None:
    assert fields_of([pushes()[kind]]) == parse_fields(PUSH_ROWS[kind][0])


@pytest.mark.parametrize("kind", ENTRY_ROWS)
def test_the_fields_of_an_entry_are_the_same(kind: str) -> None:
    push = pushes()[kind]
    variants = push["oneOf"]
    common = {"type", "seq", "id", "from", "name", "at"}
    assert set(push["required"]) == {"type", *PUSH_ROWS[kind]} == {"type", "room", "epoch"}
    assert all(common <= set(variant["required"]) for variant in variants)
    own = set(fields_of(variants)) - common - {"room", "epoch"}
    assert own == {written.split(":")[0] for written in ENTRY_ROWS[kind]}


def test_the_error_codes_are_the_same() -> None:
    codes = [error.code for error in find_errors(ChatError)]
    assert len(codes) == len(set(codes))
    listed = load_document()["components"]["schemas"]["ErrorCode"]["enum"]
    assert sorted(listed) == sorted(ERROR_ROWS) == sorted(codes)


@pytest.mark.parametrize("error", list(find_errors(ChatError)), ids=lambda error: error.code)
def test_whether_an_error_is_retryable_is_the_same(error: type[ChatError]) -> None:
    frame = {"type": "error", "code": error.code, "message": "why", "retryable": error.retryable, "retry_after_ms": 1}
    schema = load_contract().received["error"]
    assert schema.is_valid(frame)
    assert not schema.is_valid({**frame, "retryable": not error.retryable})
    assert ERROR_ROWS[error.code] == ("yes" if error.retryable else "no")
