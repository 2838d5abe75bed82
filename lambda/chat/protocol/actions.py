"""What a client may ask for: each action's fields, checked and typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from chat.protocol.errors import (
    ActionMissingError,
    ActionUnknownError,
    FieldBadTypeError,
    FieldMissingError,
    FieldOutOfRangeError,
    RoomBadNameError,
)
from chat.protocol.frames import Frame, encode_frame
from chat.protocol.limits import (
    EMOJI_BYTES,
    EPOCH_LENGTH,
    ID_LENGTH,
    META_BYTES,
    PAGE_ENTRIES,
    PAGE_TOKEN_LENGTH,
    SEQ_MAX,
    Limits,
)

T = TypeVar("T")
_ROOM_NAME = re.compile(r"[A-Za-z0-9\-_.:]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """How far a client has shown a room's log: the last seq, and the epoch that it belongs to."""

    after: int
    epoch: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room, and read on from a position, or the newest entries."""

    room: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a room."""

    room: str


@dataclass(frozen=True, slots=True)
class Send:
    """Append a message; `id` with `after` makes a retry harmless."""

    room: str
    id: str
    text: str
    meta: dict[str, Any] | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Give the caller's own message with number `seq` another text."""

    room: str
    id: str
    seq: int
    text: str
    after: int | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Take the text of the message with number `seq` away."""

    room: str
    id: str
    seq: int
    after: int | None


@dataclass(frozen=True, slots=True)
class React:
    """Add an emoji to the message with number `seq`, or take it back."""

    room: str
    id: str
    seq: int
    emoji: str
    remove: bool
    after: int | None


@dataclass(frozen=True, slots=True)
class History:
    """Read entries after a position, or before a seq; exactly one of the two."""

    room: str
    position: Position | None
    before: int | None
    epoch: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Compare the positions in several rooms with their heads."""

    positions: dict[str, Position]


@dataclass(frozen=True, slots=True)
class Members:
    """List who is in a room."""

    room: str
    next: str | None


Action = Join | Leave | Send | Edit | Delete | React | History | Sync | Members


def parse_id(frame: Frame) -> str | None:
    """Read the client's own id of a request; None where it gave none."""
    return read_string(frame, "id", ID_LENGTH)


def parse_action(frame: Frame, limits: Limits) -> Action:
    """Check and type a frame's action.

    Raises:
        ChatError: one of the `action.*` and `field.*` errors, or `room.bad_name`.
    """
    name = frame.get("action")
    if not isinstance(name, str):
        raise ActionMissingError(f"action must be one of {_NAMES}, got {_show(name)}")
    parse = _PARSERS.get(name)
    if parse is None:
        raise ActionUnknownError(f"action must be one of {_NAMES}, got {_show(name)}")
    return parse(frame, limits)


def _join(frame: Frame, limits: Limits) -> Join:
    return Join(_room(frame, limits), _position(frame))


def _leave(frame: Frame, limits: Limits) -> Leave:
    return Leave(_room(frame, limits))


def _send(frame: Frame, limits: Limits) -> Send:
    return Send(_room(frame, limits), _id(frame), _text(frame, limits), _meta(frame), _after(frame))


def _edit(frame: Frame, limits: Limits) -> Edit:
    return Edit(_room(frame, limits), _id(frame), _seq(frame), _text(frame, limits), _after(frame))


def _delete(frame: Frame, limits: Limits) -> Delete:
    return Delete(_room(frame, limits), _id(frame), _seq(frame), _after(frame))


def _react(frame: Frame, limits: Limits) -> React:
    emoji = _measured("emoji", frame, EMOJI_BYTES)
    return React(_room(frame, limits), _id(frame), _seq(frame), emoji, _flag(frame, "remove"), _after(frame))


def _history(frame: Frame, limits: Limits) -> History:
    position, before = _position(frame), _number(frame, "before", 1, SEQ_MAX)
    if position and before:
        raise FieldOutOfRangeError("history takes after or before, got both")
    return History(
        room=_room(frame, limits),
        position=position,
        before=before,
        epoch=read_string(frame, "epoch", EPOCH_LENGTH),
        limit=_number(frame, "limit", 1, PAGE_ENTRIES) or PAGE_ENTRIES,
    )


def _sync(frame: Frame, limits: Limits) -> Sync:
    rooms = _required("rooms", frame.get("rooms"))
    if not isinstance(rooms, dict):
        raise FieldBadTypeError(f"rooms must be an object of room names, got {_show(rooms)}")
    if len(rooms) > limits.rooms_per_connection:
        raise FieldOutOfRangeError(f"rooms may have {limits.rooms_per_connection} names, got {len(rooms)}")
    positions = {}
    for name, fields in rooms.items():
        if not isinstance(fields, dict):
            raise FieldBadTypeError(f'rooms must map each name to {{"after": seq}}, got {_show(fields)}')
        positions[_check_room(name, limits)] = _required("after", _position(fields))
    return Sync(positions)


def _members(frame: Frame, limits: Limits) -> Members:
    return Members(_room(frame, limits), read_string(frame, "next", PAGE_TOKEN_LENGTH))


_PARSERS: dict[str, Callable[[Frame, Limits], Action]] = {
    "join": _join,
    "leave": _leave,
    "send": _send,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "history": _history,
    "sync": _sync,
    "members": _members,
}
ACTIONS = tuple(_PARSERS)
_NAMES = ", ".join(ACTIONS)


def _room(frame: Frame, limits: Limits) -> str:
    return _check_room(_required("room", frame.get("room")), limits)


def _check_room(name: object, limits: Limits) -> str:
    if not isinstance(name, str):
        raise FieldBadTypeError(f"room must be a string, got {_show(name)}")
    if not _ROOM_NAME.fullmatch(name) or len(name) > limits.room_name_length:
        raise RoomBadNameError(
            f"a room name is 1 to {limits.room_name_length} of letters, digits and -_.: and not {_show(name)}"
        )
    return name


def _text(frame: Frame, limits: Limits) -> str:
    return _measured("text", frame, limits.text_bytes)


def _measured(name: str, frame: Frame, most_bytes: int) -> str:
    """Read a string whose size on the wire counts, so that what holds it always fits into a frame."""
    text = _required(name, frame.get(name))
    if not isinstance(text, str):
        raise FieldBadTypeError(f"{name} must be a string, got {_show(text)}")
    size_bytes = len(json.dumps(text, ensure_ascii=False).encode()) - 2
    if not 1 <= size_bytes <= most_bytes:
        raise FieldOutOfRangeError(f"{name} must have 1 to {most_bytes} bytes, got {size_bytes}")
    return text


def _id(frame: Frame) -> str:
    return _required("id", parse_id(frame))


def _seq(frame: Frame) -> int:
    return _required("seq", _number(frame, "seq", 1, SEQ_MAX))


def _after(frame: Frame) -> int | None:
    return _number(frame, "after", 0, SEQ_MAX)


def _flag(frame: Frame, name: str) -> bool:
    value = frame.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FieldBadTypeError(f"{name} must be true or false, got {_show(value)}")
    return value


def _meta(frame: Frame) -> dict[str, Any] | None:
    meta = frame.get("meta")
    if meta is None:
        return None
    if not isinstance(meta, dict):
        raise FieldBadTypeError(f"meta must be an object, got {_show(meta)}")
    size_bytes = len(encode_frame(meta))
    if size_bytes > META_BYTES:
        raise FieldOutOfRangeError(f"meta must have at most {META_BYTES} bytes, got {size_bytes}")
    return meta


def _position(frame: Frame) -> Position | None:
    after = _after(frame)
    epoch = read_string(frame, "epoch", EPOCH_LENGTH)
    return None if after is None else Position(after, epoch)


def _number(frame: Frame, name: str, lowest: int, highest: int) -> int | None:
    value = frame.get(name)
    if value is None:
        return None
    # bool is an int in Python, and not in JSON.
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldBadTypeError(f"{name} must be a whole number, got {_show(value)}")
    if not lowest <= value <= highest:
        raise FieldOutOfRangeError(f"{name} must be between {lowest} and {highest}, got {_show(value)}")
    return value


def read_string(frame: Frame, name: str, longest: int) -> str | None:
    """Read an optional string of 1 to `longest` characters."""
    value = frame.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise FieldBadTypeError(f"{name} must be a string, got {_show(value)}")
    if not 1 <= len(value) <= longest:
        raise FieldOutOfRangeError(f"{name} must have 1 to {longest} characters, got {len(value)}")
    return value


def _required(name: str, value: T | None) -> T:
    if value is None:
        raise FieldMissingError(f"{name} is missing")
    return value


def _show(value: Any) -> str:
    shown = encode_frame(value).decode()
    return shown if len(shown) <= 60 else f"{shown[:60]}..."
