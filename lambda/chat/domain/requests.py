"""One request of a client, from its frame to the reply."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Awaitable, Callable
from typing import Any

from chat.domain import replies
from chat.domain.append import Draft, append
from chat.domain.audience import tell_room
from chat.domain.chat import Caller, Chat
from chat.domain.membership import join, leave, list_members, list_rooms, require_member
from chat.domain.model import Content, Deleted, Edited, Message, Reacted
from chat.domain.reading import Page, read_before, read_page
from chat.protocol.actions import (
    Action,
    Delete,
    Edit,
    History,
    Join,
    Leave,
    Members,
    Position,
    React,
    Send,
    Sync,
    parse_action,
    parse_id,
)
from chat.protocol.errors import ChatError, RoomNotJoinedError
from chat.protocol.frames import Frame, decode_frame


async def answer(chat: Chat, caller: Caller, body: str) -> Frame:
    """Do what a frame asks for, and answer it.

    Args:
        chat: the ports.
        caller: who asks.
        body: the text of the frame.

    Returns:
        The reply, which is an error frame where the request was bad or could not be served.
    """
    request_id = None
    try:
        frame = decode_frame(body, chat.limits.frame_bytes)
        request_id = parse_id(frame)
        action = parse_action(frame, chat.limits)
        reply = await _ACTIONS[type(action)](chat, caller, action)
    except ChatError as error:
        reply = replies.error(error)
    return replies.with_id(reply, request_id)


async def _join(chat: Chat, caller: Caller, action: Join) -> Frame:
    page, members = await join(chat, caller, action.room, action.position)
    return replies.joined(action.room, page, members)


async def _leave(chat: Chat, caller: Caller, action: Leave) -> Frame:
    await leave(chat, caller, action.room)
    return replies.left(action.room)


async def _send(chat: Chat, caller: Caller, action: Send) -> Frame:
    return await _append(chat, caller, action, Message(action.text, action.meta))


async def _edit(chat: Chat, caller: Caller, action: Edit) -> Frame:
    return await _append(chat, caller, action, Edited(action.seq, action.text))


async def _delete(chat: Chat, caller: Caller, action: Delete) -> Frame:
    return await _append(chat, caller, action, Deleted(action.seq))


async def _react(chat: Chat, caller: Caller, action: React) -> Frame:
    return await _append(chat, caller, action, Reacted(action.seq, action.emoji, action.remove))


async def _append(chat: Chat, caller: Caller, action: Send | Edit | Delete | React, content: Content) -> Frame:
    member = await require_member(chat, caller, action.room)
    draft = Draft(action.room, member.user, action.id, content)
    entry = await append(chat, draft, action.after, caller.tally)
    # A retry is pushed as well: the writer of the first attempt may have died before it could. Clients drop duplicates.
    await tell_room(chat, caller, action.room, replies.pushed(entry))
    return replies.ack(entry)


async def _history(chat: Chat, caller: Caller, action: History) -> Frame:
    await require_member(chat, caller, action.room)
    if action.before is not None:
        page = await read_before(chat, action.room, action.before, action.epoch, action.limit)
    else:
        page = await read_page(chat, action.room, action.position, action.limit)
    return replies.history(action.room, page)


async def _sync(chat: Chat, caller: Caller, action: Sync) -> Frame:
    joined = await list_rooms(chat, caller)

    async def read(room: str, position: Position) -> Page | ChatError:
        if room not in joined:
            return RoomNotJoinedError(f"this connection is not in {room}; join it first")
        return await read_page(chat, room, position)

    pages = await gather(*(read(room, position) for room, position in action.positions.items()))
    return replies.synced(dict(zip(action.positions, pages, strict=True)))


async def _members(chat: Chat, caller: Caller, action: Members) -> Frame:
    page = await list_members(chat, caller, action.room, action.next)
    return replies.members(action.room, page)


_ACTIONS: dict[type[Action], Callable[[Chat, Caller, Any], Awaitable[Frame]]] = {
    Join: _join,
    Leave: _leave,
    Send: _send,
    Edit: _edit,
    Delete: _delete,
    React: _react,
    History: _history,
    Sync: _sync,
    Members: _members,
}
