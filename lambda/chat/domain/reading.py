"""Reading a room's log: from a position on, the newest, or before a seq."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chat.domain.chat import Chat
from chat.domain.model import Entry
from chat.protocol.actions import Position
from chat.protocol.limits import PAGE_ENTRIES


class Page(NamedTuple):
    """Live entries of a room in rising order, and where the room stands.

    Attributes:
        epoch: the room's epoch; None while it is empty.
        head: seq of its newest entry; 0 while it is empty.
        more: there are more live entries in the direction that was read.
        reset: the reader's position belongs to another log; this page starts it over.
        truncated: entries between the reader's position and this page have expired.
        newest_first: the page was read downwards, so that a shorter page keeps its end.
    """

    epoch: str | None
    head: int
    entries: Sequence[Entry]
    more: bool
    reset: bool = False
    truncated: bool = False
    newest_first: bool = False


async def read_page(chat: Chat, room: str, position: Position | None, limit: int = PAGE_ENTRIES) -> Page:
    """Read on from a position; without one, or with one of another log, read the newest entries."""
    if position is None:
        return await _read_newest(chat, room, limit, reset=False)
    return await _read_after(chat, room, position, limit)


async def read_before(chat: Chat, room: str, before: int, epoch: str | None, limit: int) -> Page:
    """Read the entries below a seq, the newest of them."""
    head = await read_head(chat, room)
    if head is None or (epoch is not None and epoch != head.epoch):
        return await _read_newest(chat, room, limit, reset=epoch is not None)
    page = await chat.log.read(room, last=before - 1, newest_first=True, limit=limit + 1) if before > 1 else None
    entries = _drop_expired(chat, page.entries) if page else []
    return Page(head.epoch, head.seq, entries[:limit][::-1], more=len(entries) > limit, newest_first=True)


async def _read_newest(chat: Chat, room: str, limit: int, *, reset: bool) -> Page:
    page = await chat.log.read(room, newest_first=True, limit=limit + 1)
    if not page.entries:
        return Page(None, 0, [], more=False, reset=reset)
    head = page.entries[0]
    entries = _drop_expired(chat, page.entries)
    return Page(head.epoch, head.seq, entries[:limit][::-1], len(entries) > limit, reset, newest_first=True)


async def _read_after(chat: Chat, room: str, position: Position, limit: int) -> Page:
    after = position.after
    # The entry at the position is read too: where nothing comes after it, it tells head and epoch.
    page = await chat.log.read(room, first=max(after, 1), limit=limit + 2)
    head = page.entries[-1] if page.entries and page.complete else await read_head(chat, room)
    if head is None:
        return Page(None, 0, [], more=False, reset=after > 0 or position.epoch is not None)
    if after > head.seq or position.epoch not in (None, head.epoch):
        return await _read_newest(chat, room, limit, reset=True)
    entries = [entry for entry in _drop_expired(chat, page.entries) if entry.seq > after]
    if not entries and not page.complete:
        first = await _find_live(chat, room, page.entries[-1].seq + 1, head.seq)
        page = await chat.log.read(room, first=first, limit=limit + 1)
        entries = _drop_expired(chat, page.entries)
    shown = entries[:limit]
    return Page(
        epoch=head.epoch,
        head=head.seq,
        entries=shown,
        more=bool(shown) and shown[-1].seq < head.seq,
        truncated=bool(shown) and shown[0].seq > after + 1,
    )


async def _find_live(chat: Chat, room: str, low: int, high: int) -> int:
    """Find the first live entry from `low` on by halving: they expire in order, and `high`, the head, never does.

    DynamoDB may take days to delete what has expired, which can be many times what is live.
    """
    while low < high:
        middle = (low + high) // 2
        (found,) = (await chat.log.read(room, first=middle, limit=1)).entries
        if found.is_live(chat.surroundings.now_ms()):
            high = middle
        else:
            low = found.seq + 1
    return low


async def read_head(chat: Chat, room: str) -> Entry | None:
    """Read the newest entry of a room; None while it is empty."""
    page = await chat.log.read(room, newest_first=True, limit=1)
    return page.entries[0] if page.entries else None


def _drop_expired(chat: Chat, entries: Sequence[Entry]) -> list[Entry]:
    now_ms = chat.surroundings.now_ms()
    return [entry for entry in entries if entry.is_live(now_ms)]
