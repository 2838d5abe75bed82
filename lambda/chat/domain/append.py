"""Appending to a room's log, exactly once and without a hole.

The proof in two sentences. Nobody puts number n + 1 without having read entry n, so the log is dense. Two attempts for
one id share one `after`, so whichever puts second has read every entry between `after` and its own number, the first
attempt's among them.

An edit, a deletion or a reaction is an entry too, and changes its target's row in the same transaction. The number is
the lock: who changed the target since it was read has taken the number that this one is about to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chat.domain.chat import Chat, Tally
from chat.domain.model import Content, Edited, Entry, Message, Revision, User
from chat.domain.revisions import revise
from chat.protocol.errors import AfterTooOldError, RoomBusyError

ATTEMPTS = 12
_BACKOFF_S = 0.01
_BACKOFF_MOST_S = 0.5
_NEWEST = 100
# Lambda repeats an asynchronous invocation for six hours at most.
_RECEIPT_S = 24 * 3_600


class Draft(NamedTuple):
    """An entry that has no number yet.

    Attributes:
        id: the sender's own for it, unique for that user.
        may_moderate: whether the sender may delete what others wrote.
        is_from_server: whether the application itself sends it. That knows no position, so a receipt tells whether the
            id was stored before; and nobody reviews it.
    """

    room: str
    user: User
    id: str
    content: Content
    may_moderate: bool = False
    is_from_server: bool = False


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
        MessageRefusedError: the application's review refused it.
        RoomBusyError: lost the race for the next number `ATTEMPTS` times.

    Source: docs/protocol.md, "Sending".
    """
    unseen = await _read_tail(chat, draft.room, after)
    head: Entry | None = None
    for attempt in range(ATTEMPTS):
        stored = await _find(chat, unseen, draft)
        if stored:
            return stored
        if attempt == 0:
            draft = await _review(chat, draft)
        head = unseen[-1] if unseen else head
        entry = _number(chat, draft, head)
        if await _put(chat, draft, entry, head):
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


async def _find(chat: Chat, entries: Sequence[Entry], draft: Draft) -> Entry | None:
    for entry in entries:
        if entry.id == draft.id and entry.user.id == draft.user.id:
            return entry
    if not draft.is_from_server:
        return None
    now_s = chat.surroundings.now_ms() // 1000
    seq = await chat.log.find_receipt(draft.room, draft.user.id, draft.id, now_s)
    page = await chat.log.read(draft.room, first=seq, last=seq) if seq else None
    return page.entries[0] if page and page.entries else None


async def _review(chat: Chat, draft: Draft) -> Draft:
    """Let the application look at a text; whatever was stored before is not looked at again."""
    if chat.message_review is None or draft.is_from_server:
        return draft
    match draft.content:
        case Message(str(text), meta):
            reviewed = await chat.message_review.review("send", draft.room, draft.user, Message(text, meta))
            return draft._replace(content=draft.content._replace(text=reviewed))
        case Edited(target, str(text)):
            reviewed = await chat.message_review.review("edit", draft.room, draft.user, Message(text))
            return draft._replace(content=Edited(target, reviewed))
        case _:
            return draft


async def _put(chat: Chat, draft: Draft, entry: Entry, head: Entry | None) -> bool:
    revisions = _expire(chat, head, await revise(chat, entry, may_moderate=draft.may_moderate))
    if max(revisions, default=0) >= entry.seq:
        # The log has grown since its head was read: what is revised has the number already.
        return False
    # No longer than the entry itself is kept.
    receipt_s = min(_RECEIPT_S, chat.retention_s or _RECEIPT_S) if draft.is_from_server else None
    return await chat.log.put(entry, revisions, receipt_s=receipt_s)


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
    return {**revisions, head.seq: revised._replace(expires_at_s=expires_at_s)}
