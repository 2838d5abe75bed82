"""Rooms that somebody made: their owner, and the members of private ones."""

from __future__ import annotations

from asyncio import gather

from chat.domain.access import ask_application, check_rate, count, refuse_banned, require_connection
from chat.domain.audience import read_audience, tell_user
from chat.domain.chat import Caller, Chat
from chat.domain.model import Access, Device, Standing, User
from chat.domain.moderation import LOOKS_AFTER_S, authorize_over, expel, take_out
from chat.domain.ports import Standings
from chat.domain.reading import read_head
from chat.protocol.errors import RoomExistsError, RoomNotAllowedError, RoomNotPrivateError


async def create(chat: Chat, caller: Caller, room: str, *, private: bool) -> None:
    """Make the caller the owner of a room where nothing was said yet. Again is harmless.

    Where the application decides about rooms, it takes a `moderate` from there.

    Raises:
        RoomExistsError: the room has another owner, or entries.
        RoomNotAllowedError: the application does not let this user make it.
    """
    connection = await require_connection(chat, caller)
    user = connection.user
    granted, standings, wait_ms, head = await gather(
        ask_application(chat, connection, room),
        chat.standings.read(user.id, [room]),
        count(chat, user, "send", chat.limits.sends),
        read_head(chat, room),
    )
    standing = standings[room]
    refuse_banned(room, standing)
    if granted not in (None, Access.MODERATE):
        raise RoomNotAllowedError(f"you may not make {room}")
    check_rate("send", wait_ms)
    if not _is_made(standing, user, private=private):
        if standing.owner is not None or head is not None:
            raise RoomExistsError(f"{room} is there already")
        # A reply that was lost may have been a good one.
        if not await chat.standings.create_room(room, user.id, private=private) and not _is_made(
            (await chat.standings.read(user.id, [room]))[room], user, private=private
        ):
            raise RoomExistsError(f"{room} is there already")
    await chat.cursors.touch(room, user.id, chat.surroundings.now_ms())
    if private:
        await _clear(chat, caller, room, user)


def _is_made(standing: Standing, owner: User, *, private: bool) -> bool:
    return standing.owner == owner.id and standing.is_private == private


async def _clear(chat: Chat, caller: Caller, room: str, owner: User) -> None:
    """Take out who joined the room while it was a public one without a word."""
    for delay_s in LOOKS_AFTER_S:
        await chat.surroundings.sleep(delay_s)
        present: dict[str, list[Device]] = {}
        for device in await read_audience(chat, room):
            present.setdefault(device.user.id, []).append(device)
        present.pop(owner.id, None)
        members = await gather(*(_is_member(chat.standings, room, user_id) for user_id in present))
        strangers = [devices for devices, member in zip(present.values(), members, strict=True) if not member]
        await gather(*(take_out(chat, caller, room, devices, "removed") for devices in strangers))


async def _is_member(standings: Standings, room: str, user_id: str) -> bool:
    return (await standings.read(user_id, [room]))[room].is_member


async def invite(chat: Chat, caller: Caller, room: str, user_id: str) -> None:
    """Make a user a member of a private room, and tell them. Again is harmless."""
    permitted = await authorize_over(chat, caller, room, user_id)
    _check_private(room, private=permitted.standing.is_private)
    if (await chat.standings.read(user_id, [room]))[room].is_banned:
        raise RoomNotAllowedError(f"{user_id} is banned from {room}: unban them first")
    await chat.standings.set_member(room, user_id, member=True)
    await chat.cursors.touch(room, user_id, chat.surroundings.now_ms())
    user = permitted.user
    await tell_user(chat, caller, user_id, {"type": "invited", "room": room, "user": user.id, "name": user.name})


async def remove(chat: Chat, caller: Caller, room: str, user_id: str) -> None:
    """Take a user's membership of a private room away, and their connections out of it."""
    permitted = await authorize_over(chat, caller, room, user_id)
    _check_private(room, private=permitted.standing.is_private)
    await chat.standings.set_member(room, user_id, member=False)
    await chat.cursors.unlist(room, user_id)
    await expel(chat, caller, room, user_id, "removed")


def _check_private(room: str, *, private: bool) -> None:
    if not private:
        raise RoomNotPrivateError(f"anybody may join {room}, which is not private")
