"""The fields of a client's frame: each read, checked and typed."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from chat.protocol.errors import FieldBadTypeError, FieldMissingError, FieldOutOfRangeError, RoomBadNameError
from chat.protocol.frames import Frame, encode_frame
from chat.protocol.limits import ID_LENGTH, META_BYTES, SEQ_MAX, USER_ID_LENGTH, Limits

T = TypeVar("T")
DIRECT_PREFIX = "dm:"
_ROOM_NAME = re.compile(r"[A-Za-z0-9\-_.:]+", re.ASCII)
_USER_ID = re.compile(rf"[A-Za-z0-9\-_.]{{1,{USER_ID_LENGTH}}}", re.ASCII)


def name_direct_room(user: str, other: str) -> str:
    """Return the name of the direct room of two users."""
    return DIRECT_PREFIX + ":".join(sorted((user, other)))


def split_direct_room(room: str) -> list[str]:
    """Return the ids of the two users whom a direct room belongs to; none for any other room."""
    return room.removeprefix(DIRECT_PREFIX).split(":") if room.startswith(DIRECT_PREFIX) else []


def is_user_id(value: str) -> bool:
    """Whether a string may be a user's id. No room name has other characters, and no id has a colon."""
    return _USER_ID.fullmatch(value) is not None


def read_request_id(frame: Frame) -> str | None:
    """Read the client's own id of a request; None where it gave none."""
    return read_string(frame, "id", ID_LENGTH)


def read_id(frame: Frame) -> str:
    """Read the id of an entry to be, which must be there."""
    return require("id", read_request_id(frame))


def read_room(frame: Frame, limits: Limits) -> str:
    """Read the name of a room."""
    return check_room(require("room", frame.get("room")), limits)


def read_optional_room(frame: Frame, limits: Limits) -> str | None:
    """Read the name of a room, where there is one."""
    return None if frame.get("room") is None else read_room(frame, limits)


def check_room(name: object, limits: Limits) -> str:
    """Return a name that a room may have.

    Raises:
        FieldBadTypeError: it is no string.
        RoomBadNameError: it is outside the grammar.
    """
    if not isinstance(name, str):
        raise FieldBadTypeError(f"room must be a string, got {show(name)}")
    if name.startswith(DIRECT_PREFIX):
        users = split_direct_room(name)
        if len(users) != 2 or not all(map(is_user_id, users)) or users != sorted(users):
            raise RoomBadNameError(
                f"a direct room must be dm:, the lesser user id, :, the greater one, got {show(name)}"
            )
    elif not _ROOM_NAME.fullmatch(name) or len(name) > limits.room_name_length:
        raise RoomBadNameError(
            f"room must be 1 to {limits.room_name_length} of letters, digits and -_.:, got {show(name)}"
        )
    return name


def read_user(frame: Frame, name: str = "user") -> str:
    """Read the id of a user."""
    user = require(name, frame.get(name))
    if not isinstance(user, str):
        raise FieldBadTypeError(f"{name} must be a string, got {show(user)}")
    if not is_user_id(user):
        raise FieldOutOfRangeError(f"{name} must be 1 to {USER_ID_LENGTH} of letters, digits and -_., got {show(user)}")
    return user


def read_measured(frame: Frame, name: str, most_bytes: int) -> str:
    """Read a string whose size on the wire counts, so that what holds it always fits into a frame."""
    text = require(name, frame.get(name))
    if not isinstance(text, str):
        raise FieldBadTypeError(f"{name} must be a string, got {show(text)}")
    size_bytes = len(json.dumps(text, ensure_ascii=False).encode()) - 2
    if not 1 <= size_bytes <= most_bytes:
        raise FieldOutOfRangeError(f"{name} must have 1 to {most_bytes} bytes, got {size_bytes}")
    return text


def read_seq(frame: Frame) -> int:
    """Read the number of an entry."""
    return require("seq", read_number(frame, "seq", 1, SEQ_MAX))


def read_after(frame: Frame) -> int | None:
    """Read how far the client had shown the room; None where it does not say."""
    return read_number(frame, "after", 0, SEQ_MAX)


def read_flag(frame: Frame, name: str) -> bool:
    """Read a switch, which is off where it is left out."""
    value = frame.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise FieldBadTypeError(f"{name} must be true or false, got {show(value)}")
    return value


def read_meta(frame: Frame) -> dict[str, Any] | None:
    """Read what travels with a message."""
    meta = frame.get("meta")
    if meta is None:
        return None
    if not isinstance(meta, dict):
        raise FieldBadTypeError(f"meta must be an object, got {show(meta)}")
    size_bytes = len(encode_frame(meta))
    if size_bytes > META_BYTES:
        raise FieldOutOfRangeError(f"meta must have at most {META_BYTES} bytes, got {size_bytes}")
    return meta


def read_number(frame: Frame, name: str, lowest: int, highest: int) -> int | None:
    """Read an optional whole number."""
    value = frame.get(name)
    if value is None:
        return None
    # bool is an int in Python, and not in JSON.
    if not isinstance(value, int) or isinstance(value, bool):
        raise FieldBadTypeError(f"{name} must be a whole number, got {show(value)}")
    if not lowest <= value <= highest:
        raise FieldOutOfRangeError(f"{name} must be between {lowest} and {highest}, got {show(value)}")
    return value


def read_string(frame: Frame, name: str, longest: int) -> str | None:
    """Read an optional string of 1 to `longest` characters."""
    value = frame.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise FieldBadTypeError(f"{name} must be a string, got {show(value)}")
    if not 1 <= len(value) <= longest:
        raise FieldOutOfRangeError(f"{name} must have 1 to {longest} characters, got {len(value)}")
    return value


def require(name: str, value: T | None) -> T:
    """Return a value that must be there."""
    if value is None:
        raise FieldMissingError(f"{name} is missing")
    return value


def show(value: Any) -> str:
    """Write a value for an error's message, cut where it is long."""
    shown = encode_frame(value).decode()
    return shown if len(shown) <= 60 else f"{shown[:60]}..."
