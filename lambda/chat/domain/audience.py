"""Telling the connections in a room."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable, Sequence
from contextlib import suppress

from chat.domain.chat import Caller, Chat
from chat.domain.model import Member
from chat.domain.ports import ConnectionRows
from chat.protocol.errors import UnavailableError
from chat.protocol.frames import Frame, encode_frame
from chat.protocol.limits import PRESENCE_CONNECTIONS


async def tell_room(chat: Chat, caller: Caller, room: str, frame: Frame) -> None:
    """Push a frame to everybody in a room but the caller."""
    await _deliver(chat, caller, await read_audience(chat, room), frame)


async def tell_presence(chat: Chat, caller: Caller, member: Member, state: str, audience: Sequence[Member]) -> None:
    """Push a user's coming or going, if it is the first or the last device, and the room is small.

    Args:
        chat: the ports.
        caller: the connection that is not told.
        member: who came or went.
        state: `joined` or `left`.
        audience: what `read_small_audience` gave.
    """
    user = member.user
    others = [other for other in audience if other.connection_id != member.connection_id]
    if len(audience) > PRESENCE_CONNECTIONS or any(other.user.id == user.id for other in others):
        return
    frame = {"type": "presence", "room": member.room, "user": user.id, "name": user.name, "state": state}
    await _deliver(chat, caller, others, frame)


async def read_audience(chat: Chat, room: str) -> list[Member]:
    """Read all live members of a room."""
    audience: list[Member] = []
    start = None
    while True:
        page = await chat.connections.page_audience(room, start, None)
        audience += drop_expired(chat, page.members)
        if page.next is None:
            return audience
        start = page.next


async def read_small_audience(chat: Chat, room: str) -> list[Member]:
    """Read the live members of a room, one more than presence is pushed to at most."""
    page = await chat.connections.page_audience(room, None, PRESENCE_CONNECTIONS + 1)
    return drop_expired(chat, page.members)


def drop_expired(chat: Chat, members: Iterable[Member]) -> list[Member]:
    """Keep the members whose connection can still be alive."""
    now_s = chat.surroundings.now_ms() // 1000
    return [member for member in members if member.expires_at_s > now_s]


async def remove_rows(chat: Chat, connection_id: str) -> ConnectionRows:
    """Delete every row of a connection, and return what they were. Again is harmless."""
    rows = await chat.connections.read_rows(connection_id)
    removals = [chat.connections.remove_member(connection_id, member.room) for member in rows.members]
    await gather(*removals)
    # The own row goes last: until then, whoever died half-way can start over.
    await chat.connections.remove_connection(connection_id)
    return rows


async def _deliver(chat: Chat, caller: Caller, audience: Iterable[Member], frame: Frame) -> None:
    ids = [member.connection_id for member in audience if member.connection_id != caller.connection_id]
    if not ids:
        return
    delivery = await chat.fan_out.deliver(ids, encode_frame(frame))
    caller.tally.deliveries += delivery.delivered
    caller.tally.gone += len(delivery.gone)
    caller.tally.failed += delivery.failed
    await gather(*(_forget(chat, connection_id) for connection_id in delivery.gone))


async def _forget(chat: Chat, connection_id: str) -> None:
    """Delete the rows of a connection that is gone. Nobody else's request fails if that can't be done now."""
    # The next push will find it gone again, and its rows expire.
    with suppress(UnavailableError):
        await remove_rows(chat, connection_id)
