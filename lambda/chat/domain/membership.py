"""Coming and going: connections, and who is in which room."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chat.domain.access import (
    Permit,
    ask_application,
    authorize,
    check_connection,
    check_rate,
    count,
    permit,
)
from chat.domain.audience import drop_expired, list_devices, read_small_audience, remove_rows, tell_presence
from chat.domain.chat import Caller, Chat
from chat.domain.model import Access, Connection, Device, Member, User
from chat.domain.ports import ConnectionRows
from chat.domain.reading import Page, read_page
from chat.protocol.actions import Position
from chat.protocol.errors import ChatError, RoomNotJoinedError, RoomTooManyError, UserBannedError
from chat.protocol.fields import split_direct_room
from chat.protocol.limits import PAGE_MEMBERS, PRESENCE_CONNECTIONS


class Joined(NamedTuple):
    """What a join found: what the user may do, the entries, and the number of connections, counted up to 101."""

    permit: Permit
    page: Page
    members: int


class UserPage(NamedTuple):
    """A page of the users in a room, each once; `next` starts the next one, None after the last."""

    users: Sequence[User]
    next: str | None


async def connect(chat: Chat, caller: Caller, connection: Connection) -> None:
    """Let a connection in, and close the oldest of its user where there are too many.

    The row is written before the ban is read: who is banned after that is found by the ban.

    Raises:
        UserBannedError: the user is banned from the chat.
    """
    await chat.connections.put_connection(connection)
    is_banned, devices = await gather(
        chat.standings.is_banned_from_chat(connection.user.id), list_devices(chat, connection.user.id)
    )
    if is_banned:
        await chat.connections.remove_connection(connection.id)
        raise UserBannedError("you are banned from this chat")
    others = [device for device in devices if device.connection_id != connection.id]
    others.sort(key=lambda device: device.expires_at_s)
    await close(chat, caller, others[: max(0, len(others) + 1 - chat.limits.connections_per_user)])


async def close(chat: Chat, caller: Caller, devices: Sequence[Device]) -> None:
    """Close connections, and remove their rows."""
    if devices:
        await chat.fan_out.close([device.connection_id for device in devices])
        # One after the other, so that the last one of a user is the one that is told of.
        for device in devices:
            await disconnect(chat, Caller(device.connection_id, caller.tally))


async def disconnect(chat: Chat, caller: Caller) -> None:
    """Remove every row of a connection and tell its rooms. Again is harmless."""
    rows = await remove_rows(chat, caller.connection_id)
    await gather(*(_tell_left(chat, caller, member) for member in rows.members))


async def join(chat: Chat, caller: Caller, room: str, position: Position | None) -> Joined:
    """Enter a room and read on from a position.

    The membership row is written before anything is read: what is appended after that is pushed, or shows as a gap in
    the numbers; who is banned after that is found by the ban, and who was banned before is turned back.

    Raises:
        ConnectionExpiredError: the connection has no live row.
        RoomTooManyError: it is in as many rooms as it may be in.
        ChatError: as `authorize` does.

    Source: docs/protocol.md, "Actions and their replies".
    """
    if split_direct_room(room):
        permitted = await authorize(chat, caller, room, Access.READ, what="join", rate=chat.limits.joins)
        page, audience = await gather(read_page(chat, room, position), read_small_audience(chat, room))
        return Joined(permitted, page, min(len(audience), PRESENCE_CONNECTIONS + 1))
    rows = await chat.connections.read_rows(caller.connection_id)
    member = await _admit(chat, rows, room)
    await chat.connections.put_member(member)
    page, audience, standings = await gather(
        read_page(chat, room, position),
        read_small_audience(chat, room),
        chat.standings.read(member.user.id, [room]),
    )
    try:
        permitted = permit(chat, room, member.user, member.granted, standings[room])
    except ChatError:
        await chat.connections.remove_member(member.connection_id, room)
        raise
    others = [device for device in audience if device.connection_id != member.connection_id]
    tasks = [chat.cursors.touch(room, member.user.id, chat.surroundings.now_ms())]
    if room not in {earlier.room for earlier in rows.members}:
        tasks.append(tell_presence(chat, caller, room, member.user, "joined", others))
    await gather(*tasks)
    # The index may not show the caller yet.
    return Joined(permitted, page, min(len(others) + 1, PRESENCE_CONNECTIONS + 1))


async def _admit(chat: Chat, rows: ConnectionRows, room: str) -> Member:
    connection = check_connection(chat, rows.connection)
    others = [member for member in rows.members if member.room != room]
    if len(others) >= chat.limits.rooms_per_connection:
        raise RoomTooManyError(f"a connection may be in {chat.limits.rooms_per_connection} rooms; leave one first")
    user = connection.user
    granted, standings, wait_ms = await gather(
        ask_application(chat, connection, room),
        chat.standings.read(user.id, [room]),
        count(chat, user, "join", chat.limits.joins),
    )
    permit(chat, room, user, granted, standings[room])
    check_rate("join", wait_ms)
    return Member(room, connection.id, user, connection.expires_at_s, granted)


async def leave(chat: Chat, caller: Caller, room: str) -> None:
    """Leave a room, take it off the user's list, and tell those who are there. Again is harmless."""
    member = await chat.connections.remove_member(caller.connection_id, room)
    if member:
        await gather(chat.cursors.unlist(room, member.user.id), _tell_left(chat, caller, member))
        return
    # It is on the list all the same: by an earlier connection, an invitation, or a direct message.
    connection = await chat.connections.find_connection(caller.connection_id)
    if connection:
        await chat.cursors.unlist(room, connection.user.id)


async def check_rooms(chat: Chat, caller: Caller, rooms: Sequence[str]) -> Mapping[str, ChatError | None]:
    """Find out which of some rooms the caller is in and may read; tell what is wrong with each of the others."""
    rows = await chat.connections.read_rows(caller.connection_id)
    connection = check_connection(chat, rows.connection)
    user = connection.user
    granted: dict[str, Access | None] = {member.room: member.granted for member in drop_expired(chat, rows.members)}
    for room in rooms:
        if users := split_direct_room(room):
            granted[room] = Access.WRITE if user.id in users else Access.NONE
    standings = await chat.standings.read(user.id, [room for room in rooms if room in granted])

    def check(room: str) -> ChatError | None:
        if room not in granted:
            return RoomNotJoinedError(f"this connection is not in {room}; join it first")
        try:
            permit(chat, room, user, granted[room], standings[room])
        except ChatError as error:
            return error
        return None

    return {room: check(room) for room in rooms}


async def list_members(chat: Chat, caller: Caller, room: str, start: str | None) -> UserPage:
    """List a page of the users in a room that the caller is in."""
    await authorize(chat, caller, room, Access.READ)
    if split_direct_room(room):
        return UserPage(_list_users(await read_small_audience(chat, room)), None)
    page = await chat.connections.page_audience(room, start, PAGE_MEMBERS)
    # The devices of the last user may go on behind this page.
    following = chat.connections.mark_after(page.members[-1].user.id) if page.next else None
    return UserPage(_list_users(drop_expired(chat, page.members)), following)


def _list_users(devices: Sequence[Device]) -> list[User]:
    return list({device.user.id: device.user for device in devices}.values())


async def _tell_left(chat: Chat, caller: Caller, member: Member) -> None:
    audience = await read_small_audience(chat, member.room)
    others = [device for device in audience if device.connection_id != member.connection_id]
    await tell_presence(chat, caller, member.room, member.user, "left", others)
