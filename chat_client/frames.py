"""The server's frames, checked and typed; and this client's, as text.

Source: docs/protocol.md, "Actions and their replies" and "Pushed frames".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from chat_client.errors import BAD_UNICODE, FRAME_TOO_LARGE, RequestError
from chat_client.events import Deleted, Edited, Entry, Member, Message, Presence, Reacted
from chat_client.room import Page

T = TypeVar("T")
Fields = dict[str, Any]

# API Gateway closes the connection of a client that sends more.
FRAME_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class JoinedFrame:
    """The answer to `join`."""

    id: str | None
    room: str
    head: int
    members: int
    page: Page


@dataclass(frozen=True, slots=True)
class LeftFrame:
    """The answer to `leave`."""

    id: str | None
    room: str


@dataclass(frozen=True, slots=True)
class AckFrame:
    """The answer to what becomes an entry."""

    id: str | None
    epoch: str
    seq: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class HistoryFrame:
    """The answer to `history`."""

    id: str | None
    page: Page


@dataclass(frozen=True, slots=True)
class SyncedFrame:
    """The answer to `sync`: of each room a page, or why there is none."""

    id: str | None
    rooms: Mapping[str, Page | RequestError]


@dataclass(frozen=True, slots=True)
class MembersFrame:
    """The answer to `members`."""

    id: str | None
    members: tuple[Member, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """The answer to a request that was refused."""

    id: str | None
    error: RequestError


ServerFrame = (
    JoinedFrame | LeftFrame | AckFrame | HistoryFrame | SyncedFrame | MembersFrame | ErrorFrame | Entry | Presence
)


def encode_frame(fields: Fields) -> str:
    """Make the text of a frame.

    Raises:
        RequestError: the frame would be longer than API Gateway takes, or is not valid Unicode.
    """
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError:
        raise RequestError(
            BAD_UNICODE, "a string holds half of a surrogate pair, or bytes that are not UTF-8"
        ) from None
    if size_bytes > FRAME_BYTES:
        raise RequestError(FRAME_TOO_LARGE, f"a frame may have {FRAME_BYTES} bytes, this one has {size_bytes}")
    return text


def parse_frame(text: str) -> ServerFrame | None:
    """Read a frame of the server's.

    Returns:
        The frame, or None for one that is to be ignored: of an unknown type, API Gateway's own, or malformed.
    """
    try:
        fields = json.loads(text)
        parse = _PARSERS.get(fields["type"])
        return parse(fields) if parse else None
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _joined(fields: Fields) -> JoinedFrame:
    room = _get(fields, "room", str)
    page = _page(fields, room)
    return JoinedFrame(
        _optional(fields, "id", str), room, _get(fields, "head", int), _get(fields, "members", int), page
    )


def _left(fields: Fields) -> LeftFrame:
    return LeftFrame(_optional(fields, "id", str), _get(fields, "room", str))


def _ack(fields: Fields) -> AckFrame:
    return AckFrame(
        _optional(fields, "id", str), _get(fields, "epoch", str), _get(fields, "seq", int), _get(fields, "at", int)
    )


def _history(fields: Fields) -> HistoryFrame:
    return HistoryFrame(_optional(fields, "id", str), _page(fields, _get(fields, "room", str)))


def _synced(fields: Fields) -> SyncedFrame:
    rooms: dict[str, Page | RequestError] = {}
    for room, part in _get(fields, "rooms", dict).items():
        rooms[room] = _problem(part["error"]) if "error" in part else _page(part, room)
    return SyncedFrame(_optional(fields, "id", str), rooms)


def _members(fields: Fields) -> MembersFrame:
    members = [Member(_get(user, "user", str), _get(user, "name", str)) for user in _get(fields, "members", list)]
    return MembersFrame(_optional(fields, "id", str), tuple(members), _optional(fields, "next", str))


def _error(fields: Fields) -> ErrorFrame:
    return ErrorFrame(_optional(fields, "id", str), _problem(fields))


def _push(fields: Fields) -> Entry:
    return _entry(fields, _get(fields, "room", str), _get(fields, "epoch", str))


def _presence(fields: Fields) -> Presence:
    room, user, name, state = (_get(fields, field, str) for field in ("room", "user", "name", "state"))
    return Presence(room, user, name, state)


_PARSERS: dict[str, Callable[[Fields], ServerFrame]] = {
    "joined": _joined,
    "left": _left,
    "ack": _ack,
    "history": _history,
    "synced": _synced,
    "members": _members,
    "error": _error,
    "message": _push,
    "edited": _push,
    "deleted": _push,
    "reacted": _push,
    "presence": _presence,
}


def _page(fields: Fields, room: str) -> Page:
    # Entries of types to come are passed over like frames of types to come.
    entries = [entry for entry in _get(fields, "entries", list) if entry["type"] in _ENTRY_TYPES]
    epoch = _optional(fields, "epoch", str)
    return Page(
        epoch=epoch,
        entries=tuple(_entry(entry, room, epoch or "") for entry in entries),
        more=_get(fields, "more", bool),
        reset=_get(fields, "reset", bool),
        truncated=_get(fields, "truncated", bool),
    )


_ENTRY_TYPES = ("message", "edited", "deleted", "reacted")


def _entry(fields: Fields, room: str, epoch: str) -> Entry:
    seq = _get(fields, "seq", int)
    at_ms = _get(fields, "at", int)
    entry_id, user, name = (_get(fields, field, str) for field in ("id", "from", "name"))
    common = (room, epoch, seq, entry_id, user, name)
    match fields["type"]:
        case "edited":
            return Edited(*common, _get(fields, "target", int), _optional(fields, "text", str), at_ms)
        case "deleted":
            return Deleted(*common, _get(fields, "target", int), at_ms)
        case "reacted":
            emoji, remove = _get(fields, "emoji", str), _get(fields, "remove", bool)
            return Reacted(*common, _get(fields, "target", int), emoji, remove, at_ms)
        case _:
            return Message(
                *common,
                text=None if fields.get("deleted") else _get(fields, "text", str),
                at_ms=at_ms,
                edited=bool(fields.get("edited")),
                meta=_optional(fields, "meta", dict),
                reactions=_optional(fields, "reactions", dict) or {},
            )


def _problem(fields: Fields) -> RequestError:
    return RequestError(
        _get(fields, "code", str),
        _get(fields, "message", str),
        retryable=_get(fields, "retryable", bool),
        retry_after_ms=_optional(fields, "retry_after_ms", int),
    )


def _get(fields: Fields, name: str, kind: type[T]) -> T:
    value = fields[name]
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be of type {kind.__name__}, got {type(value).__name__}")
    return value


def _optional(fields: Fields, name: str, kind: type[T]) -> T | None:
    return None if fields.get(name) is None else _get(fields, name, kind)
