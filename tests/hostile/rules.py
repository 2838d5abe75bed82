"""The rule: whatever comes in, only what is documented comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from chat.protocol.errors import ChatError
from chat.protocol.fields import read_request_id
from chat.protocol.frames import Frame, decode_frame
from chat.protocol.limits import FRAME_BYTES
from chat.protocol.parsing import ACTIONS
from tests.contract.schemas import check_received, check_reply

_MESSAGE_LENGTH = 400
# What a message would show of how the server is made: a trace, a path, an object, an exception, a service.
_INTERNALS = re.compile(r"Traceback|\.py\b|/var/|<\w+(\.\w+)* object|[a-z]Error\b|Exception\b|arn:aws|DynamoDB")


def check_answer(body: str, answer: bytes | None) -> Frame | None:
    """Check what a frame of a client is answered with.

    Args:
        body: the client's frame.
        answer: the frame that came back, as it goes on the wire; None for none.

    Returns:
        The answer, parsed.

    Raises:
        AssertionError: it is not what docs/asyncapi.yaml says, longer than a frame may be, does not carry the request's
            id, or tells of the server's insides.
    """
    frame = _read_frame(body)
    action, request_id = _read_request(frame)
    if answer is None:
        assert action == "typing", f"no answer to {body[:300]!a}"
        return None
    assert action != "typing", f"typing is answered: {answer[:300]!r}"
    assert len(answer) <= FRAME_BYTES, f"an answer of {len(answer)} bytes to {body[:300]!a}"
    reply: Frame = json.loads(answer)
    check_received(reply)
    if action in ACTIONS:
        check_reply(action, reply)
    assert reply.get("id") == request_id, f"answered with the id {reply.get('id')!a}, asked with {request_id!a}"
    if reply["type"] == "error":
        names = [frame[field] for field in ("room", "user") if isinstance(frame.get(field), str)]
        check_message(reply["message"], names)
    return reply


def check_message(message: Any, names: Sequence[str] = ()) -> None:
    """Check what an error tells people.

    Args:
        message: the error's.
        names: what the client itself called a room or a user, which may be anything.

    Raises:
        AssertionError: it is no text, too long, or tells of the server's insides.
    """
    assert isinstance(message, str)
    assert 5 < len(message) <= _MESSAGE_LENGTH, f"a message of {len(message)} characters: {message[:300]!a}"
    # What the client itself sent may say anything.
    own = message.partition(", got ")[0]
    for name in filter(_INTERNALS.search, names):
        own = own.replace(name, "")
    assert not _INTERNALS.search(own), f"tells of the server's insides: {message!a}"


def _read_frame(body: str) -> Frame:
    """Read a client's frame; an empty one stands for what is none."""
    try:
        return decode_frame(body, FRAME_BYTES)
    except ChatError:
        return {}


def _read_request(frame: Frame) -> tuple[str | None, str | None]:
    """Read the action and the id of a frame, as far as it has them."""
    try:
        action, request_id = frame.get("action"), read_request_id(frame)
    except ChatError:
        return None, None
    return action if isinstance(action, str) else None, request_id
