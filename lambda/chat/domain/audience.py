"""Telling connections at once: those in a room, or those of a user."""

from __future__ import annotations

from asyncio import gather
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, TypeVar

from chat.domain.chat import Caller, Chat, Tally
from chat.domain.model import Connection, Device, User
from chat.domain.ports import ConnectionRows, Delivery
from chat.protocol.errors import UnavailableError
from chat.protocol.fields import split_direct_room
from chat.protocol.frames import Frame, encode_frame
from chat.protocol.limits import PRESENCE_CONNECTIONS

# The rest is found by the next push, or by the time to live: nobody's ack waits for it.
_FORGET_MOST = 50
# A handshake takes half a minute at most, and clocks are not quite right.
_HANDSHAKE_MS = 60_000


class _Expiring(Protocol):
    @property
    def expires_at_s(self) -> int: ...


T = TypeVar("T", bound=_Expiring)


async def tell_others(chat: Chat, caller: Caller, room: str, user_id: str, frame: Frame) -> None:
    """Push a frame to all other users in a room, if the room is small."""
    audience = await read_small_audience(chat, room)
    if len(audience) <= PRESENCE_CONNECTIONS:
        await hint(chat, caller.tally, [device for device in audience if device.user.id != user_id], frame)


async def tell_user(chat: Chat, caller: Caller, user_id: str, frame: Frame) -> None:
    """Push a frame to every connection of a user."""
    await tell(chat, caller.tally, await list_devices(chat, user_id), frame)


async def tell_presence(
    chat: Chat, caller: Caller, room: str, user: User, state: str, audience: Iterable[Device]
) -> None:
    """Push a user's coming or going, if it is the first or the last device, and the room is small.

    Args:
        chat: the ports.
        caller: counts what is pushed.
        room: the room.
        user: who came or went.
        state: `joined` or `left`.
        audience: the others in the room, as `read_small_audience` gave them.
    """
    others = list(audience)
    if len(others) >= PRESENCE_CONNECTIONS or any(other.user.id == user.id for other in others):
        return
    frame = {"type": "presence", "room": room, "user": user.id, "name": user.name, "state": state}
    await hint(chat, caller.tally, others, frame)


async def tell(chat: Chat, tally: Tally, devices: Iterable[Device], frame: Frame, *, is_hint: bool = False) -> None:
    """Push a frame to connections, each once. Those that are gone lose their rows."""
    delivery = await post_to(chat, tally, devices, frame, is_hint=is_hint)
    await forget(chat, delivery.gone)


async def hint(chat: Chat, tally: Tally, devices: Iterable[Device], frame: Frame) -> None:
    """Push a frame that nobody needs to connections: it is dropped where they are throttled."""
    await tell(chat, tally, devices, frame, is_hint=True)


async def post_to(
    chat: Chat, tally: Tally, devices: Iterable[Device], frame: Frame, *, is_hint: bool = False
) -> Delivery:
    """Post a frame to connections, each once; `forget` those that are gone."""
    ids = list(dict.fromkeys(device.connection_id for device in devices))
    if not ids:
        return Delivery(0, (), ())
    return await post(chat, tally, one_page(ids), [encode_frame(frame)], {}, is_hint=is_hint)


async def post(
    chat: Chat,
    tally: Tally,
    pages: AsyncIterable[Sequence[str]],
    frames: Sequence[bytes],
    instead: Mapping[str, Sequence[bytes]],
    *,
    is_hint: bool = False,
) -> Delivery:
    """Post frames to connections, as `FanOut.deliver` does, and count them."""
    delivery = await chat.fan_out.deliver(pages, frames, instead, is_hint=is_hint)
    tally.deliveries += delivery.delivered
    tally.gone += len(delivery.gone)
    tally.failed += len(delivery.missed)
    return delivery


async def forget(chat: Chat, gone: Sequence[str]) -> None:
    """Delete the rows of connections that are gone."""
    await gather(*(_forget(chat, connection_id) for connection_id in gone[:_FORGET_MOST]))


async def one_page(ids: Sequence[str]) -> AsyncIterator[Sequence[str]]:
    """Give ids that are known already."""
    yield ids


async def read_audience(chat: Chat, room: str) -> list[Device]:
    """Read the live connections in a room; in a direct room, those of both users."""
    users = split_direct_room(room)
    if users:
        return await _list_both(chat, users)
    audience: list[Device] = []
    start = None
    while True:
        page = await chat.connections.page_audience(room, start, None)
        audience += drop_expired(chat, page.members)
        if page.next is None:
            return audience
        start = page.next


async def read_small_audience(chat: Chat, room: str) -> list[Device]:
    """Read the live connections in a room, one more than presence is pushed to at most."""
    users = split_direct_room(room)
    if users:
        return await _list_both(chat, users)
    page = await chat.connections.page_audience(room, None, PRESENCE_CONNECTIONS + 1)
    return drop_expired(chat, page.members)


async def list_devices(chat: Chat, user_id: str) -> list[Device]:
    """Read the live connections of a user."""
    return drop_expired(chat, await chat.connections.list_devices(user_id))


def drop_expired(chat: Chat, devices: Iterable[T]) -> list[T]:
    """Keep what belongs to a connection that can still be alive."""
    now_s = chat.surroundings.now_ms() // 1000
    return [device for device in devices if device.expires_at_s > now_s]


async def remove_rows(chat: Chat, connection_id: str) -> ConnectionRows:
    """Delete every row of a connection, and return what they were. Again is harmless."""
    rows = await chat.connections.read_rows(connection_id)
    await _remove(chat, connection_id, rows)
    return rows


async def _list_both(chat: Chat, users: Sequence[str]) -> list[Device]:
    lists = await gather(*(list_devices(chat, user_id) for user_id in dict.fromkeys(users)))
    return [device for devices in lists for device in devices]


def leave_out(audience: Iterable[Device], caller: Caller) -> list[Device]:
    """Take the caller's own connection out: its reply tells it."""
    return [device for device in audience if device.connection_id != caller.connection_id]


async def _forget(chat: Chat, connection_id: str) -> None:
    """Delete the rows of a connection that is gone. Nobody else's request fails if that can't be done now."""
    # The next push will find it gone again, and its rows expire.
    with suppress(UnavailableError):
        rows = await chat.connections.read_rows(connection_id)
        if not _may_be_opening(chat, rows.connection):
            await _remove(chat, connection_id, rows)


def _may_be_opening(chat: Chat, connection: Connection | None) -> bool:
    """Say whether a connection that API Gateway calls gone may yet open: it says so until `$connect` has returned."""
    now_ms = chat.surroundings.now_ms()
    return connection is not None and abs(now_ms - connection.connected_at_ms) < _HANDSHAKE_MS


async def _remove(chat: Chat, connection_id: str, rows: ConnectionRows) -> None:
    removals = [chat.connections.remove_member(connection_id, member.room) for member in rows.members]
    await gather(*removals)
    # The own row goes last: until then, whoever died half-way can start over.
    await chat.connections.remove_connection(connection_id)
