"""How far users have read, and the list of their rooms."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Sequence
from typing import NamedTuple

from chat.domain.access import authorize, require_connection
from chat.domain.audience import hint, list_devices, read_small_audience
from chat.domain.chat import Caller, Chat
from chat.domain.model import Access
from chat.domain.reading import read_head
from chat.protocol.errors import UserBannedError
from chat.protocol.limits import PAGE_ROOMS, PRESENCE_CONNECTIONS


class ListedRoom(NamedTuple):
    """A room of a user: its newest seq, and the one up to which they have read."""

    room: str
    head: int
    read: int

    @property
    def unread(self) -> int:
        """How many entries the user has not read."""
        return max(0, self.head - self.read)


class RoomPage(NamedTuple):
    """A page of a user's rooms; `next` starts the next one, None after the last."""

    rooms: Sequence[ListedRoom]
    next: str | None


async def mark_read(chat: Chat, caller: Caller, room: str, seq: int) -> int:
    """Move the caller's cursor forward, and tell the user's other devices, and the others in a small room.

    Returns:
        The seq up to which the room counts as read by this request: no further than its head.
    """
    permit, head = await gather(authorize(chat, caller, room, Access.READ), read_head(chat, room))
    seq = min(seq, head.seq if head else 0)
    user = permit.user
    if seq and await chat.cursors.move(room, user.id, seq, chat.surroundings.now_ms()):
        devices, audience = await gather(list_devices(chat, user.id), read_small_audience(chat, room))
        if len(audience) <= PRESENCE_CONNECTIONS:
            devices += audience
        others = [device for device in devices if device.connection_id != caller.connection_id]
        await hint(chat, caller.tally, others, {"type": "read", "room": room, "user": user.id, "seq": seq})
    return seq


async def list_rooms(chat: Chat, caller: Caller, start: str | None) -> RoomPage:
    """List a page of the caller's rooms, those touched last first."""
    user = (await require_connection(chat, caller)).user
    is_banned, page = await gather(
        chat.standings.is_banned_from_chat(user.id), chat.cursors.page(user.id, start, PAGE_ROOMS)
    )
    if is_banned:
        raise UserBannedError("you are banned from this chat")
    heads = await gather(*(read_head(chat, cursor.room) for cursor in page.cursors))
    rooms = [
        ListedRoom(cursor.room, head.seq if head else 0, cursor.seq)
        for cursor, head in zip(page.cursors, heads, strict=True)
    ]
    return RoomPage(rooms, page.next)
