"""Keeping users out of a room, out of the chat, or quiet."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence

from chat.domain.access import Permit, authorize, check_rate, count, is_moderator, require_connection
from chat.domain.audience import list_devices, read_small_audience, tell, tell_presence, tell_user
from chat.domain.chat import Caller, Chat
from chat.domain.membership import close
from chat.domain.model import Access, Device
from chat.protocol.errors import FieldOutOfRangeError, RoomNotAllowedError, UserBannedError

# The index may not show a connection that has just come: a second look finds it.
LOOKS_AFTER_S = (0.0, 1.0)


async def kick(chat: Chat, caller: Caller, room: str, user_id: str) -> None:
    """Have all connections of a user leave a room; they may join again."""
    await authorize_over(chat, caller, room, user_id)
    await expel(chat, caller, room, user_id, "kicked")


async def ban(chat: Chat, caller: Caller, room: str | None, user_id: str) -> None:
    """Keep a user out of a room, or out of the chat where no room is named.

    The record comes first: whoever comes back from then on is refused, and who is there already is found.
    """
    if room is None:
        await _require_moderator(chat, caller, user_id)
        await chat.standings.set_banned(None, user_id, banned=True)
        for delay_s in LOOKS_AFTER_S:
            await chat.surroundings.sleep(delay_s)
            await close(chat, caller, await list_devices(chat, user_id))
        return
    await authorize_over(chat, caller, room, user_id)
    await chat.standings.set_banned(room, user_id, banned=True)
    await chat.cursors.unlist(room, user_id)
    await expel(chat, caller, room, user_id, "banned")


async def unban(chat: Chat, caller: Caller, room: str | None, user_id: str) -> None:
    """Let a user in again."""
    if room is None:
        await _require_moderator(chat, caller, user_id)
    else:
        await authorize_over(chat, caller, room, user_id)
    await chat.standings.set_banned(room, user_id, banned=False)


async def mute(chat: Chat, caller: Caller, room: str, user_id: str, seconds: int) -> None:
    """Keep a user from writing to a room for some seconds; 0 ends it."""
    await authorize_over(chat, caller, room, user_id)
    await chat.standings.set_muted(room, user_id, chat.surroundings.now_ms() + seconds * 1000 if seconds else 0)
    await tell_user(chat, caller, user_id, {"type": "muted", "room": room, "seconds": seconds})


async def expel(chat: Chat, caller: Caller, room: str, user_id: str, reason: str) -> None:
    """Take all connections of a user out of a room, and tell them why.

    Args:
        chat: the ports.
        caller: counts what is pushed.
        room: the room.
        user_id: whose connections.
        reason: `kicked`, `banned` or `removed`.
    """
    for delay_s in LOOKS_AFTER_S:
        await chat.surroundings.sleep(delay_s)
        await take_out(chat, caller, room, await list_devices(chat, user_id), reason)


async def take_out(chat: Chat, caller: Caller, room: str, devices: Sequence[Device], reason: str) -> None:
    """Take connections of one user out of a room, those which are there, and tell them and the room."""
    found = await gather(*(chat.connections.remove_member(device.connection_id, room) for device in devices))
    left = [device for device, member in zip(devices, found, strict=True) if member]
    if not left:
        return
    user = left[0].user
    audience = await read_small_audience(chat, room)
    others = [device for device in audience if device.user.id != user.id]
    await gather(
        tell(chat, caller.tally, left, {"type": "removed", "room": room, "reason": reason}),
        tell_presence(chat, caller, room, user, "left", others),
    )


async def authorize_over(chat: Chat, caller: Caller, room: str, user_id: str) -> Permit:
    """Find out whether the caller may decide about a user in a room.

    Raises:
        FieldOutOfRangeError: that user is the caller.
        RoomNotAllowedError: that user is the owner.
        ChatError: as `authorize` does.
    """
    permit = await authorize(chat, caller, room, Access.MODERATE, rate=chat.limits.sends)
    check_other(permit.user.id, user_id)
    if permit.standing.owner == user_id:
        raise RoomNotAllowedError(f"{user_id} is the owner of {room}")
    return permit


def check_other(own_id: str, user_id: str) -> None:
    """Refuse what nobody may do to themselves.

    Raises:
        FieldOutOfRangeError: the user is the caller.
    """
    if user_id == own_id:
        raise FieldOutOfRangeError("user must be somebody else, got your own id")


async def _require_moderator(chat: Chat, caller: Caller, user_id: str) -> None:
    connection = await require_connection(chat, caller)
    user = connection.user
    is_banned, wait_ms = await gather(
        chat.standings.is_banned_from_chat(user.id), count(chat, user, "send", chat.limits.sends)
    )
    if is_banned:
        raise UserBannedError("you are banned from this chat")
    if not is_moderator(chat, connection.claims):
        raise RoomNotAllowedError("only a moderator of the chat may do that")
    check_other(user.id, user_id)
    check_rate("send", wait_ms)
