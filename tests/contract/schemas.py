"""Frames, checked against docs/asyncapi.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

Frame = dict[str, Any]
Validators = Mapping[str, Draft7Validator]

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = REPOSITORY / "docs" / "asyncapi.yaml"

# API Gateway's own frames are no part of the protocol, and have no type.
_GATEWAY_FIELDS = ("message", "connectionId", "requestId")


@dataclass(frozen=True, slots=True)
class Contract:
    """The schemas of all frames, compiled.

    Attributes:
        sent: of each action, its frame.
        received: of each type, the frames that may have it.
        replies: of each action, the replies to it, by their type; none where it is not answered.
    """

    sent: Validators
    received: Validators
    replies: Mapping[str, Validators]


def check_sent(frame: object) -> None:
    """Check a frame of a client's.

    Raises:
        AssertionError: says which action, where in the frame, and why.
    """
    _check(frame, "action", load_contract().sent)


def check_received(frame: object) -> None:
    """Check a frame from the server: of a known type, or API Gateway's own.

    Raises:
        AssertionError: says which type, where in the frame, and why.
    """
    if isinstance(frame, dict) and "type" not in frame:
        texts = {name for name, value in frame.items() if isinstance(value, str)}
        assert texts == frame.keys() == set(_GATEWAY_FIELDS), f"no type, and not API Gateway's own: {frame!r:.300}"
        return
    _check(frame, "type", load_contract().received)


def check_reply(action: str, frame: object) -> None:
    """Check a frame from the server that answers an action.

    Raises:
        AssertionError: says which type, where in the frame, and why.
    """
    _check(frame, "type", load_contract().replies[action])


@cache
def load_document() -> dict[str, Any]:
    """Read docs/asyncapi.yaml."""
    return dict(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))


@cache
def load_contract() -> Contract:
    """Compile the schemas, once."""
    messages = load_document()["components"]["messages"].values()
    requests = [operation for operation in load_document()["operations"].values() if operation["action"] == "receive"]
    payloads = [resolve(message["payload"]) for message in messages]
    return Contract(
        sent=_compile(payload for payload in payloads if "action" in payload["properties"]),
        received=_compile(payload for payload in payloads if "type" in payload["properties"]),
        replies={
            resolve(request["messages"])[0]["payload"]["properties"]["action"]["const"]: _compile(
                message["payload"] for message in resolve(request.get("reply", {}).get("messages", []))
            )
            for request in requests
        },
    )


def resolve(node: Any) -> Any:
    """Put what is referred to into the places that refer to it.

    Raises:
        LookupError: a reference leads nowhere.
    """
    match node:
        case {"$ref": str(pointer)}:
            return resolve(follow(pointer))
        case dict():
            return {key: resolve(value) for key, value in node.items()}
        case list():
            return [resolve(value) for value in node]
        case _:
            return node


def follow(pointer: str) -> Any:
    """Return what a reference such as `#/components/schemas/Room` leads to.

    Raises:
        LookupError: nothing stands there.
    """
    node: Any = load_document()
    start, *steps = pointer.split("/")
    for step in steps:
        node = node.get(step) if isinstance(node, dict) else None
    if start != "#" or node is None:
        raise LookupError(f"docs/asyncapi.yaml has no {pointer}")
    return node


def _compile(payloads: Iterable[Frame]) -> Validators:
    alternatives: dict[str, list[Frame]] = {}
    for payload in payloads:
        properties = payload["properties"]
        alternatives.setdefault(properties.get("action", properties.get("type"))["const"], []).append(payload)
    # AsyncAPI has every frame be valid against one message, and no more.
    return {
        name: Draft7Validator(schemas[0] if len(schemas) == 1 else {"oneOf": schemas})
        for name, schemas in alternatives.items()
    }


def _check(frame: object, field: str, validators: Validators) -> None:
    assert isinstance(frame, dict), f"a frame is an object, got {frame!r:.300}"
    kind = frame.get(field)
    known = isinstance(kind, str) and kind in validators
    assert known, f"{field} must be one of {', '.join(sorted(validators))}, got {kind!r}"
    error = next(validators[str(kind)].iter_errors(frame), None)
    if error:
        cause = _find_cause(error)
        path = ".".join(map(str, cause.absolute_path)) or "the frame"
        raise AssertionError(f"{field} {kind}: {path}: {_shorten(cause.message)}")


def _shorten(reason: str) -> str:
    """Leave out the middle of a long reason: it begins with the value, and ends with what is wrong."""
    return reason if len(reason) <= 400 else f"{reason[:150]} ... {reason[-250:]}"


def _find_cause(error: ValidationError) -> ValidationError:
    """Follow a choice between schemas into the one that the frame comes closest to."""
    choices: dict[object, list[ValidationError]] = {}
    for reason in error.context or ():
        choices.setdefault(reason.schema_path[0], []).append(reason)
    return _find_cause(min(choices.values(), key=_count_mismatches)[0]) if choices else error


def _count_mismatches(reasons: list[ValidationError]) -> tuple[bool, int]:
    """Rank a schema of another type last, and then by how much is wrong."""
    other_type = any(reason.validator == "const" and reason.path[-1] == "type" for reason in reasons)
    return other_type, len(reasons)
