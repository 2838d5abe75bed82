"""The server's frames, from text: checked and typed.

Source: docs/protocol.md, "Actions and their replies" and "Pushed frames".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from chat_client.entries import Deleted, Edited, Entry, Message, Reacted, UnknownEntry
from chat_client.errors import RequestError
from chat_client.events import Invited, ListedRoom, Member, Muted, Presence, Read, Removed, Typing
from chat_client.frames import (
    AckFrame,
    Batch,
    DoneFrame,
    ErrorFrame,
    Fields,
    HistoryFrame,
    JoinedFrame,
    LeftFrame,
    MembersFrame,
    Push,
    ReplyFrame,
    RoomsFrame,
    SyncedFrame,
)
from chat_client.room import Page

T = TypeVar("T")


def parse_frame(text: str) -> ReplyFrame | Push | None:
    """Read a frame of the server's.

    Returns:
        The frame, or None for one that is to be ignored: of an unknown type, API Gateway's own, or malformed.
    """
    try:
        return _frame(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _frame(fields: Fields) -> ReplyFrame | Push | None:
    try:
        parse = _PARSERS.get(fields["type"])
        return parse(fields) if parse else None
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _joined(fields: Fields) -> JoinedFrame:
    room = _get(fields, "room", str)
    page = _page(fields, room)
    return JoinedFrame(
        _optional(fields, "id", str), room, _get(fields, "head", int), _get(fields, "members", int), page
    )


def _left(fields: Fields) -> LeftFrame:
    return LeftFrame(_optional(fields, "id", str), _get(fields, "room", str))


def _ack(fields: Fields) -> AckFrame | DoneFrame:
    request_id = _optional(fields, "id", str)
    if "epoch" not in fields:
        return DoneFrame(request_id)
    return AckFrame(request_id, _get(fields, "epoch", str), _get(fields, "seq", int), _get(fields, "at", int))


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


def _rooms(fields: Fields) -> RoomsFrame:
    rooms = [
        ListedRoom(_get(room, "room", str), *(_get(room, field, int) for field in ("head", "read", "unread")))
        for room in _get(fields, "rooms", list)
    ]
    return RoomsFrame(_optional(fields, "id", str), tuple(rooms), _optional(fields, "next", str))


def _error(fields: Fields) -> ErrorFrame:
    return ErrorFrame(_optional(fields, "id", str), _problem(fields))


def _push(fields: Fields) -> Entry:
    return _entry(fields, _get(fields, "room", str), _get(fields, "epoch", str))


def _batch(fields: Fields) -> Batch:
    frames = map(_frame, _get(fields, "events", list))
    return Batch(tuple(frame for frame in frames if isinstance(frame, Entry)))


def _presence(fields: Fields) -> Presence:
    room, user, name, state = (_get(fields, field, str) for field in ("room", "user", "name", "state"))
    return Presence(room, user, name, state)


def _typing(fields: Fields) -> Typing:
    return Typing(_get(fields, "room", str), _get(fields, "user", str), _get(fields, "name", str))


def _read(fields: Fields) -> Read:
    return Read(_get(fields, "room", str), _get(fields, "user", str), _get(fields, "seq", int))


def _invited(fields: Fields) -> Invited:
    return Invited(_get(fields, "room", str), _get(fields, "user", str), _get(fields, "name", str))


def _removed(fields: Fields) -> Removed:
    return Removed(_get(fields, "room", str), _get(fields, "reason", str))


def _muted(fields: Fields) -> Muted:
    return Muted(_get(fields, "room", str), _get(fields, "seconds", int))


_PARSERS: dict[str, Callable[[Fields], ReplyFrame | Push]] = {
    "joined": _joined,
    "left": _left,
    "ack": _ack,
    "history": _history,
    "synced": _synced,
    "members": _members,
    "rooms": _rooms,
    "error": _error,
    "message": _push,
    "edited": _push,
    "deleted": _push,
    "reacted": _push,
    "batch": _batch,
    "presence": _presence,
    "typing": _typing,
    "read": _read,
    "invited": _invited,
    "removed": _removed,
    "muted": _muted,
}


def _page(fields: Fields, room: str) -> Page:
    epoch = _optional(fields, "epoch", str)
    return Page(
        epoch=epoch,
        entries=tuple(_entry(entry, room, epoch or "") for entry in _get(fields, "entries", list)),
        more=_get(fields, "more", bool),
        reset=_get(fields, "reset", bool),
        truncated=_get(fields, "truncated", bool),
    )


def _entry(fields: Fields, room: str, epoch: str) -> Entry:
    entry_id, user, name = (_get(fields, field, str) for field in ("id", "from", "name"))
    common = (room, epoch, _get(fields, "seq", int), entry_id, user, name)
    at_ms = _get(fields, "at", int)
    match fields["type"]:
        case "message":
            return Message(
                *common,
                text=None if fields.get("deleted") else _get(fields, "text", str),
                at_ms=at_ms,
                edited=bool(fields.get("edited")),
                meta=_optional(fields, "meta", dict),
                reactions=_reactions(fields),
            )
        case "edited":
            return Edited(*common, _get(fields, "target", int), _optional(fields, "text", str), at_ms)
        case "deleted":
            return Deleted(*common, _get(fields, "target", int), at_ms)
        case "reacted":
            emoji, remove = _get(fields, "emoji", str), _get(fields, "remove", bool)
            return Reacted(*common, _get(fields, "target", int), emoji, remove, at_ms)
        case _:
            return UnknownEntry(*common)


def _reactions(fields: Fields) -> dict[str, list[str]]:
    reactions = _optional(fields, "reactions", dict) or {}
    return {emoji: [_check(user, str, emoji) for user in _get(reactions, emoji, list)] for emoji in reactions}


def _problem(fields: Fields) -> RequestError:
    return RequestError(
        _get(fields, "code", str),
        _get(fields, "message", str),
        retryable=_get(fields, "retryable", bool),
        retry_after_ms=_optional(fields, "retry_after_ms", int),
    )


def _get(fields: Fields, name: str, kind: type[T]) -> T:
    return _check(fields[name], kind, name)


def _check(value: object, kind: type[T], name: str) -> T:
    # To Python, true is a number.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{name} must be of type {kind.__name__}, got {type(value).__name__}")
    return value


def _optional(fields: Fields, name: str, kind: type[T]) -> T | None:
    return None if fields.get(name) is None else _get(fields, name, kind)
