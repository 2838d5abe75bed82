"""Coming and going: connections, and who is in which room."""

from __future__ import annotations

from asyncio import gather

from chat.domain.audience import (
    drop_expired,
    read_small_audience,
    remove_rows,
    tell_presence,
)
from chat.domain.chat import Caller, Chat
from chat.domain.model import Member
from chat.domain.ports import AudiencePage, ConnectionRows
from chat.domain.reading import Page, read_page
from chat.protocol.actions import Position
from chat.protocol.errors import ConnectionExpiredError, RoomNotJoinedError, RoomTooManyError
from chat.protocol.limits import PAGE_ENTRIES, PRESENCE_CONNECTIONS


async def join(chat: Chat, caller: Caller, room: str, position: Position | None) -> tuple[Page, int]:
    """Enter a room and read on from a position.

    The membership row is written first: what is appended after this read is pushed, or shows as a gap in the numbers.

    Returns:
        The entries after the position, or the newest, and the number of connections in the room, counted up to 101.

    Raises:
        ConnectionExpiredError: the connection has no live row.
        RoomTooManyError: it is in as many rooms as it may be in.

    Source: docs/protocol.md, "Actions and their replies".
    """
    rows = await chat.connections.read_rows(caller.connection_id)
    member = _admit(chat, rows, room)
    await chat.connections.put_member(member)
    page, audience = await gather(read_page(chat, room, position), read_small_audience(chat, room))
    if member not in rows.members:
        await tell_presence(chat, caller, member, "joined", audience)
    # The index may not show the caller yet.
    present = {other.connection_id for other in audience} | {caller.connection_id}
    return page, min(len(present), PRESENCE_CONNECTIONS + 1)


def _admit(chat: Chat, rows: ConnectionRows, room: str) -> Member:
    now_s = chat.surroundings.now_ms() // 1000
    connection = rows.connection
    if connection is None or connection.expires_at_s <= now_s:
        raise ConnectionExpiredError("the server does not know this connection any more; connect again")
    others = [member for member in rows.members if member.room != room]
    if len(others) >= chat.limits.rooms_per_connection:
        raise RoomTooManyError(f"a connection may be in {chat.limits.rooms_per_connection} rooms; leave one first")
    return Member(room, connection.id, connection.user, connection.expires_at_s)


async def leave(chat: Chat, caller: Caller, room: str) -> None:
    """Leave a room and tell it. Again is harmless."""
    member = await chat.connections.remove_member(caller.connection_id, room)
    if member:
        await _tell_left(chat, caller, member)


async def disconnect(chat: Chat, caller: Caller) -> None:
    """Remove every row of a connection and tell its rooms. Again is harmless."""
    rows = await remove_rows(chat, caller.connection_id)
    await gather(*(_tell_left(chat, caller, member) for member in rows.members))


async def require_member(chat: Chat, caller: Caller, room: str) -> Member:
    """Return the caller's membership of a room.

    Raises:
        RoomNotJoinedError: it is not in there.
    """
    member = await chat.connections.find_member(caller.connection_id, room)
    if member is None or not drop_expired(chat, [member]):
        raise RoomNotJoinedError(f"this connection is not in {room}; join it first")
    return member


async def list_rooms(chat: Chat, caller: Caller) -> set[str]:
    """List the rooms that the caller is in."""
    rows = await chat.connections.read_rows(caller.connection_id)
    return {member.room for member in drop_expired(chat, rows.members)}


async def list_members(chat: Chat, caller: Caller, room: str, start: str | None) -> AudiencePage:
    """List a page of the connections in a room that the caller is in."""
    await require_member(chat, caller, room)
    page = await chat.connections.page_audience(room, start, PAGE_ENTRIES)
    return AudiencePage(drop_expired(chat, page.members), page.next)


async def _tell_left(chat: Chat, caller: Caller, member: Member) -> None:
    audience = await read_small_audience(chat, member.room)
    await tell_presence(chat, caller, member, "left", audience)
