"""One request of a client, from its frame to the reply."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Callable
from typing import Any

from chat.domain import moderation, ownership, replies, unread
from chat.domain.access import authorize
from chat.domain.append import Draft
from chat.domain.audience import tell_others
from chat.domain.chat import Caller, Chat
from chat.domain.membership import check_rooms, join, leave, list_members
from chat.domain.model import Access, Content, Deleted, Edited, Message, Reacted
from chat.domain.publishing import publish
from chat.domain.reading import Page, read_before, read_page
from chat.protocol.actions import (
    Action,
    Ban,
    Create,
    Delete,
    Edit,
    History,
    Invite,
    Join,
    Kick,
    Leave,
    Members,
    Mute,
    Position,
    React,
    Read,
    Remove,
    Rooms,
    Send,
    Sync,
    Typing,
    Unban,
)
from chat.protocol.errors import ChatError
from chat.protocol.fields import read_request_id
from chat.protocol.frames import Frame, decode_frame
from chat.protocol.limits import PAGE_ENTRIES, TYPING
from chat.protocol.parsing import parse_action


async def answer(chat: Chat, caller: Caller, body: str) -> Frame | None:
    """Do what a frame asks for, and answer it.

    Args:
        chat: the ports.
        caller: who asks.
        body: the text of the frame.

    Returns:
        The reply, which is an error frame where the request was bad or could not be served; None for `typing`, which
        has none.
    """
    request_id, name = None, None
    try:
        frame = decode_frame(body, chat.limits.frame_bytes)
        name = frame.get("action")
        request_id = read_request_id(frame)
        action = parse_action(frame, chat.limits)
        reply = await _ACTIONS[type(action)](chat, caller, action)
    except ChatError as error:
        reply = replies.error(error)
    return None if reply is None or name == "typing" else replies.with_id(reply, request_id)


async def _join(chat: Chat, caller: Caller, action: Join) -> Frame:
    return replies.joined(await join(chat, caller, action.room, action.position))


async def _leave(chat: Chat, caller: Caller, action: Leave) -> Frame:
    await leave(chat, caller, action.room)
    return replies.left(action.room)


async def _send(chat: Chat, caller: Caller, action: Send) -> Frame:
    return await _append(chat, caller, action, Message(action.text, action.meta), to=action.to)


async def _edit(chat: Chat, caller: Caller, action: Edit) -> Frame:
    return await _append(chat, caller, action, Edited(action.seq, action.text))


async def _delete(chat: Chat, caller: Caller, action: Delete) -> Frame:
    return await _append(chat, caller, action, Deleted(action.seq))


async def _react(chat: Chat, caller: Caller, action: React) -> Frame:
    return await _append(chat, caller, action, Reacted(action.seq, action.emoji, action.remove))


async def _append(
    chat: Chat, caller: Caller, action: Send | Edit | Delete | React, content: Content, *, to: str | None = None
) -> Frame:
    permit = await authorize(chat, caller, action.room, Access.WRITE, to=to, rate=chat.limits.sends)
    draft = Draft(permit.room, permit.user, action.id, content, may_moderate=permit.access is Access.MODERATE)
    return replies.ack(await publish(chat, caller, draft, action.after))


async def _history(chat: Chat, caller: Caller, action: History) -> Frame:
    await authorize(chat, caller, action.room, Access.READ)
    if action.before is not None:
        page = await read_before(chat, action.room, action.before, action.epoch, action.limit)
    else:
        page = await read_page(chat, action.room, action.position, action.limit)
    return replies.history(action.room, page)


async def _sync(chat: Chat, caller: Caller, action: Sync) -> Frame:
    problems = await check_rooms(chat, caller, list(action.positions))

    # Together no more than one page: a room of which there is more says so.
    limit = max(1, PAGE_ENTRIES // max(1, len(problems)))

    async def read(room: str, position: Position) -> Page | ChatError:
        return problems[room] or await read_page(chat, room, position, limit)

    pages = await gather(*(read(room, position) for room, position in action.positions.items()))
    return replies.synced(dict(zip(action.positions, pages, strict=True)))


async def _members(chat: Chat, caller: Caller, action: Members) -> Frame:
    return replies.members(action.room, await list_members(chat, caller, action.room, action.next))


async def _rooms(chat: Chat, caller: Caller, action: Rooms) -> Frame:
    return replies.rooms(await unread.list_rooms(chat, caller, action.next))


async def _read(chat: Chat, caller: Caller, action: Read) -> Frame:
    seq = await unread.mark_read(chat, caller, action.room, action.seq)
    return replies.done(room=action.room, seq=seq)


async def _typing(chat: Chat, caller: Caller, action: Typing) -> None:
    room = action.room
    user = (await authorize(chat, caller, room, Access.WRITE, what=f"typing#{room}", rate=TYPING)).user
    frame = {"type": "typing", "room": room, "user": user.id, "name": user.name}
    await tell_others(chat, caller, room, user.id, frame)


async def _create(chat: Chat, caller: Caller, action: Create) -> Frame:
    await ownership.create(chat, caller, action.room, private=action.private)
    return replies.done(room=action.room)


async def _invite(chat: Chat, caller: Caller, action: Invite) -> Frame:
    await ownership.invite(chat, caller, action.room, action.user)
    return replies.done(room=action.room, user=action.user)


async def _remove(chat: Chat, caller: Caller, action: Remove) -> Frame:
    await ownership.remove(chat, caller, action.room, action.user)
    return replies.done(room=action.room, user=action.user)


async def _kick(chat: Chat, caller: Caller, action: Kick) -> Frame:
    await moderation.kick(chat, caller, action.room, action.user)
    return replies.done(room=action.room, user=action.user)


async def _ban(chat: Chat, caller: Caller, action: Ban) -> Frame:
    await moderation.ban(chat, caller, action.room, action.user)
    return replies.done(room=action.room, user=action.user)


async def _unban(chat: Chat, caller: Caller, action: Unban) -> Frame:
    await moderation.unban(chat, caller, action.room, action.user)
    return replies.done(room=action.room, user=action.user)


async def _mute(chat: Chat, caller: Caller, action: Mute) -> Frame:
    await moderation.mute(chat, caller, action.room, action.user, action.seconds)
    return replies.done(room=action.room, user=action.user)


_ACTIONS: dict[type[Action], Callable[[Chat, Caller, Any], Awaitable[Frame | None]]] = {
    Join: _join,
    Leave: _leave,
    Send: _send,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    History: _history,
    Sync: _sync,
    Members: _members,
    Rooms: _rooms,
    Read: _read,
    Typing: _typing,
    Create: _create,
    Invite: _invite,
    Remove: _remove,
    Kick: _kick,
    Ban: _ban,
    Unban: _unban,
    Mute: _mute,
}
