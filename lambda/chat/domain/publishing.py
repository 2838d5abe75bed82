"""Storing an entry, and pushing it to whom it concerns."""

from __future__ import annotations

from asyncio import gather

from chat.domain import replies
from chat.domain.append import Draft, append
from chat.domain.chat import Caller, Chat
from chat.domain.delivery import push
from chat.domain.identity import check_name
from chat.domain.model import Entry, Message, User
from chat.protocol.fields import name_direct_room, read_string, read_user, split_direct_room
from chat.protocol.frames import Frame
from chat.protocol.limits import NAME_LENGTH
from chat.protocol.parsing import parse_send


async def publish(chat: Chat, caller: Caller, draft: Draft, after: int | None) -> Entry:
    """Append an entry, exactly once, and push it to everybody in the room but the caller.

    A retry is pushed as well: the writer of the first attempt may have died before it could. Clients drop duplicates.
    """
    entry = await append(chat, draft, after, caller.tally)
    tasks = [push(chat, caller, entry)]
    if isinstance(entry.content, Message):
        # A direct message puts its room on the lists of both.
        users, now_ms = dict.fromkeys(split_direct_room(entry.room)), chat.surroundings.now_ms()
        tasks += [chat.cursors.touch(entry.room, user_id, now_ms) for user_id in users]
    await gather(*tasks)
    return entry


async def publish_from_server(chat: Chat, caller: Caller, request: Frame) -> Frame:
    """Publish a message of the application itself, which is in no room and may write to any.

    Args:
        chat: the ports.
        caller: counts what happens.
        request: `room` or `to`, `text`, `from`, `id`, and optionally `meta` and `name`.

    Returns:
        The ack; the same one again for the same sender and id, for a day.

    Raises:
        ChatError: as for the `send` of a client.
    """
    sender = read_user(request, "from")
    user = User(sender, check_name(read_string(request, "name", NAME_LENGTH) or sender))
    send = parse_send(request, chat.limits)
    room = send.room or name_direct_room(sender, send.to or sender)
    draft = Draft(room, user, send.id, Message(send.text, send.meta), is_from_server=True)
    return replies.ack(await publish(chat, caller, draft, None))
