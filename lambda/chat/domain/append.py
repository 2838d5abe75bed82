"""Appending to a room's log, exactly once and without a hole.

The proof in two sentences. Nobody puts number n + 1 without having read entry n, so the log is dense. Two attempts for
one id share one `after`, so whichever puts second has read every entry between `after` and its own number, the first
attempt's among them.

An edit, a deletion or a reaction is an entry too, and changes its target's row in the same transaction. The number is
the lock: who changed the target since it was read has taken the number that this one is about to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.domain.chat import Chat, Tally
from chat.domain.model import Content, Entry, Revision, User
from chat.domain.revisions import revise
from chat.protocol.errors import AfterTooOldError, RoomBusyError

ATTEMPTS = 12
_BACKOFF_S = 0.01
_BACKOFF_MOST_S = 0.5
_NEWEST = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that has no number yet. `id` is the sender's own for it, unique for that user."""

    room: str
    user: User
    id: str
    content: Content


async def append(chat: Chat, draft: Draft, after: int | None, tally: Tally) -> Entry:
    """Append an entry to a room's log, exactly once.

    Args:
        chat: the ports.
        draft: the entry.
        after: the position that the sender knew when it first sent this id; None where it knew none.
        tally: counts the lost races, and the entry once it is stored.

    Returns:
        The stored entry; its seq is head + 1, or that of the first attempt.

    Raises:
        AfterTooOldError: an earlier attempt can't be ruled out.
        EntryNotFoundError, EntryDeletedError, EntryNotYoursError, TooManyReactionsError: the entry that it is about
            can't be changed so.
        RoomBusyError: lost the race for the next number `ATTEMPTS` times.

    Source: docs/protocol.md, "Sending".
    """
    unseen = await _read_tail(chat, draft.room, after)
    head: Entry | None = None
    for attempt in range(ATTEMPTS):
        stored = _find(unseen, draft)
        if stored:
            return stored
        head = unseen[-1] if unseen else head
        entry = _number(chat, draft, head)
        if await chat.log.put(entry, _expire(chat, head, await revise(chat, entry))):
            tally.messages += 1
            return entry
        tally.conflicts += 1
        await chat.surroundings.sleep(chat.surroundings.jitter() * min(_BACKOFF_MOST_S, _BACKOFF_S * 2**attempt))
        unseen = (await chat.log.read(draft.room, first=entry.seq)).entries
    raise RoomBusyError(f"{ATTEMPTS} other entries were faster; send the same frame again")


async def _read_tail(chat: Chat, room: str, after: int | None) -> Sequence[Entry]:
    """Read every entry that an earlier attempt of this one can be, oldest first, up to the head."""
    if after is not None:
        page = await chat.log.read(room, first=max(after, 1))
        if not page.complete:
            raise AfterTooOldError(
                f"after={after} is too far behind the head; read the history to see whether it is there"
            )
        if page.entries:
            return page.entries
    newest = await chat.log.read(room, newest_first=True, limit=_NEWEST)
    return newest.entries[::-1]


def _find(entries: Sequence[Entry], draft: Draft) -> Entry | None:
    return next((entry for entry in entries if entry.id == draft.id and entry.user.id == draft.user.id), None)


def _number(chat: Chat, draft: Draft, head: Entry | None) -> Entry:
    return Entry(
        room=draft.room,
        seq=head.seq + 1 if head else 1,
        epoch=_continue_epoch(chat, head),
        id=draft.id,
        user=draft.user,
        content=draft.content,
        at_ms=chat.surroundings.now_ms(),
    )


def _continue_epoch(chat: Chat, head: Entry | None) -> str:
    """Copy the head's epoch, unless it was made in another table: a restored log gives numbers a second time."""
    prefix = f"{chat.log.mark}."
    if head and head.epoch.startswith(prefix):
        return head.epoch
    return prefix + chat.surroundings.token()


def _expire(chat: Chat, head: Entry | None, revisions: dict[int, Revision]) -> dict[int, Revision]:
    """Give the predecessor its expiry: only the newest entry of a room has none."""
    if head is None or chat.retention_s is None:
        return revisions
    expires_at_s = chat.surroundings.now_ms() // 1000 + chat.retention_s
    revised = revisions.get(head.seq, Revision())
    return {**revisions, head.seq: Revision(revised.content, expires_at_s)}
