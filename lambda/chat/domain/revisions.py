"""What an edit, a deletion or a reaction changes in the message that it is about.

A page of history then shows the present state, and who resumes hears of the change by its own entry. A text that was
replaced or deleted stands nowhere any more: the entry of an edit loses it as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chat.domain.chat import Chat
from chat.domain.model import Deleted, Edited, Entry, Message, Reacted, Revision
from chat.protocol.errors import (
    EntryDeletedError,
    EntryNotFoundError,
    EntryNotYoursError,
    TooManyReactionsError,
)

REACTIONS = 100


async def revise(chat: Chat, entry: Entry, *, may_moderate: bool) -> dict[int, Revision]:
    """Work out what a new entry changes in earlier ones, by their seq. A message changes none.

    Args:
        chat: the ports.
        entry: the new entry.
        may_moderate: whether its user may delete what others wrote.

    Raises:
        EntryNotFoundError: there is no such message.
        EntryDeletedError: it was deleted.
        EntryNotYoursError: somebody else wrote it.
        TooManyReactionsError: it has `REACTIONS` reactions.
    """
    match entry.content:
        case Edited(target, text):
            message = await _read_message(chat, entry, target, own=True)
            edited = message._replace(text=text, edit_seq=entry.seq, change_seq=entry.seq)
            revisions = {target: Revision(edited, last_change=message.change_seq)}
            return {**revisions, **await _clear_edit(chat, entry.room, message, target)}
        case Deleted(target):
            message = await _read_message(chat, entry, target, own=not may_moderate)
            deleted = Message(None, edit_seq=message.edit_seq, change_seq=entry.seq)
            revisions = {target: Revision(deleted, last_change=message.change_seq)}
            return {**revisions, **await _clear_edit(chat, entry.room, message, target)}
        case Reacted(target):
            message = await _read_message(chat, entry, target, own=False)
            reactions = _react(message.reactions, entry.content, entry.user.id)
            reacted = message._replace(reactions=reactions, change_seq=entry.seq)
            return {target: Revision(reacted, last_change=message.change_seq)}
        case _:
            return {}


async def _read_message(chat: Chat, entry: Entry, target: int, *, own: bool) -> Message:
    found = await _read_entry(chat, entry.room, target)
    if found is None or not isinstance(found.content, Message) or not found.is_live(chat.surroundings.now_ms()):
        raise EntryNotFoundError(f"there is no message with seq {target} in {entry.room}")
    if found.content.text is None:
        raise EntryDeletedError(f"the message with seq {target} was deleted")
    if own and found.user.id != entry.user.id:
        raise EntryNotYoursError(f"the message with seq {target} is somebody else's")
    return found.content


async def _clear_edit(chat: Chat, room: str, message: Message, target: int) -> dict[int, Revision]:
    """Take the text out of the last edit's entry, unless that has expired before its message."""
    if not message.edit_seq or await _read_entry(chat, room, message.edit_seq) is None:
        return {}
    return {message.edit_seq: Revision(Edited(target, None))}


async def _read_entry(chat: Chat, room: str, seq: int) -> Entry | None:
    page = await chat.log.read(room, first=seq, last=seq)
    return page.entries[0] if page.entries else None


def _react(reactions: Mapping[str, Sequence[str]], reacted: Reacted, user_id: str) -> dict[str, Sequence[str]]:
    others = [other for other in reactions.get(reacted.emoji, ()) if other != user_id]
    users = others if reacted.remove else [*others, user_id]
    changed = {**reactions, reacted.emoji: users}
    if sum(map(len, changed.values())) > REACTIONS:
        raise TooManyReactionsError(f"the message with seq {reacted.target} has {REACTIONS} reactions")
    return {emoji: users for emoji, users in changed.items() if users}
