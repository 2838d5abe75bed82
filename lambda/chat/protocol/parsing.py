"""From a frame to the action that it asks for."""

from __future__ import annotations

from collections.abc import Callable

from chat.protocol.actions import (
    Action,
    Ban,
    Create,
    Delete,
    Edit,
    History,
    Invite,
    Join,
    Kick,
    Leave,
    Members,
    Mute,
    Position,
    React,
    Read,
    Remove,
    Rooms,
    Send,
    Sync,
    Typing,
    Unban,
)
from chat.protocol.errors import (
    ActionMissingError,
    ActionUnknownError,
    FieldBadTypeError,
    FieldOutOfRangeError,
    RoomBadNameError,
)
from chat.protocol.fields import (
    check_room,
    read_after,
    read_flag,
    read_id,
    read_measured,
    read_meta,
    read_number,
    read_optional_room,
    read_room,
    read_seq,
    read_string,
    read_user,
    require,
    show,
    split_direct_room,
)
from chat.protocol.frames import Frame
from chat.protocol.limits import (
    EMOJI_BYTES,
    EPOCH_LENGTH,
    MUTE_MOST_S,
    PAGE_ENTRIES,
    PAGE_TOKEN_LENGTH,
    SEQ_MAX,
    SYNC_ROOMS,
    Limits,
)


def parse_action(frame: Frame, limits: Limits) -> Action:
    """Check and type a frame's action.

    Raises:
        ChatError: one of the `action.*` and `field.*` errors, or `room.bad_name`.
    """
    name = frame.get("action")
    if not isinstance(name, str):
        raise ActionMissingError(f"action must be one of {_NAMES}, got {show(name)}")
    parse = _PARSERS.get(name)
    if parse is None:
        raise ActionUnknownError(f"action must be one of {_NAMES}, got {show(name)}")
    return parse(frame, limits)


def parse_send(frame: Frame, limits: Limits) -> Send:
    """Check and type a message, which goes to a room or to a user."""
    room = read_optional_room(frame, limits)
    to = None if frame.get("to") is None else read_user(frame, "to")
    if room and to:
        raise FieldOutOfRangeError("send takes room or to, got both")
    if not to:
        require("room", room)
    return Send(room, to, read_id(frame), _text(frame, limits), read_meta(frame), read_after(frame))


def _join(frame: Frame, limits: Limits) -> Join:
    return Join(read_room(frame, limits), _position(frame))


def _leave(frame: Frame, limits: Limits) -> Leave:
    return Leave(read_room(frame, limits))


def _edit(frame: Frame, limits: Limits) -> Edit:
    return Edit(read_room(frame, limits), read_id(frame), read_seq(frame), _text(frame, limits), read_after(frame))


def _delete(frame: Frame, limits: Limits) -> Delete:
    return Delete(read_room(frame, limits), read_id(frame), read_seq(frame), read_after(frame))


def _react(frame: Frame, limits: Limits) -> React:
    emoji = read_measured(frame, "emoji", EMOJI_BYTES)
    remove = read_flag(frame, "remove")
    return React(read_room(frame, limits), read_id(frame), read_seq(frame), emoji, remove, read_after(frame))


def _history(frame: Frame, limits: Limits) -> History:
    position, before = _position(frame), read_number(frame, "before", 1, SEQ_MAX)
    if position and before:
        raise FieldOutOfRangeError("history takes after or before, got both")
    return History(
        room=read_room(frame, limits),
        position=position,
        before=before,
        epoch=read_string(frame, "epoch", EPOCH_LENGTH),
        limit=read_number(frame, "limit", 1, PAGE_ENTRIES) or PAGE_ENTRIES,
    )


def _sync(frame: Frame, limits: Limits) -> Sync:
    rooms = require("rooms", frame.get("rooms"))
    if not isinstance(rooms, dict):
        raise FieldBadTypeError(f"rooms must be an object of room names, got {show(rooms)}")
    if len(rooms) > SYNC_ROOMS:
        raise FieldOutOfRangeError(f"rooms may have {SYNC_ROOMS} names, got {len(rooms)}")
    positions = {}
    for name, fields in rooms.items():
        if not isinstance(fields, dict):
            raise FieldBadTypeError(f'rooms must map each name to {{"after": seq}}, got {show(fields)}')
        positions[check_room(name, limits)] = require("after", _position(fields))
    return Sync(positions)


def _members(frame: Frame, limits: Limits) -> Members:
    return Members(read_room(frame, limits), read_string(frame, "next", PAGE_TOKEN_LENGTH))


def _rooms(frame: Frame, limits: Limits) -> Rooms:  # noqa: ARG001 - every parser has this shape
    return Rooms(read_string(frame, "next", PAGE_TOKEN_LENGTH))


def _read(frame: Frame, limits: Limits) -> Read:
    return Read(read_room(frame, limits), read_seq(frame))


def _typing(frame: Frame, limits: Limits) -> Typing:
    return Typing(read_room(frame, limits))


def _create(frame: Frame, limits: Limits) -> Create:
    room = read_room(frame, limits)
    if split_direct_room(room):
        raise RoomBadNameError(f"{room} is a direct room, which needs no making: send with to")
    return Create(room, read_flag(frame, "private"))


def _invite(frame: Frame, limits: Limits) -> Invite:
    return Invite(read_room(frame, limits), read_user(frame))


def _remove(frame: Frame, limits: Limits) -> Remove:
    return Remove(read_room(frame, limits), read_user(frame))


def _kick(frame: Frame, limits: Limits) -> Kick:
    return Kick(read_room(frame, limits), read_user(frame))


def _ban(frame: Frame, limits: Limits) -> Ban:
    return Ban(read_optional_room(frame, limits), read_user(frame))


def _unban(frame: Frame, limits: Limits) -> Unban:
    return Unban(read_optional_room(frame, limits), read_user(frame))


def _mute(frame: Frame, limits: Limits) -> Mute:
    seconds = require("seconds", read_number(frame, "seconds", 0, MUTE_MOST_S))
    return Mute(read_room(frame, limits), read_user(frame), seconds)


_PARSERS: dict[str, Callable[[Frame, Limits], Action]] = {
    "join": _join,
    "leave": _leave,
    "send": parse_send,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "history": _history,
    "sync": _sync,
    "members": _members,
    "rooms": _rooms,
    "read": _read,
    "typing": _typing,
    "create": _create,
    "invite": _invite,
    "remove": _remove,
    "kick": _kick,
    "ban": _ban,
    "unban": _unban,
    "mute": _mute,
}
ACTIONS = tuple(_PARSERS)
_NAMES = ", ".join(ACTIONS)


def _text(frame: Frame, limits: Limits) -> str:
    return read_measured(frame, "text", limits.text_bytes)


def _position(frame: Frame) -> Position | None:
    after = read_after(frame)
    epoch = read_string(frame, "epoch", EPOCH_LENGTH)
    return None if after is None else Position(after, epoch)
