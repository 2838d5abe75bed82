"""The frames that the server sends, made from the domain's objects.

A frame that carries a list holds as much of it as fits into 32 KB, and says that there is more.
"""

from __future__ import annotations

from collections.abc import Mapping

from chat.domain.membership import Joined, UserPage
from chat.domain.model import Content, Deleted, Edited, Entry, Message, Reacted
from chat.domain.reading import Page
from chat.domain.unread import RoomPage
from chat.protocol.errors import ChatError
from chat.protocol.frames import Frame, count_fitting, encode_frame
from chat.protocol.limits import PAGE_BYTES

_TYPES: dict[type[Content], str] = {
    Message: "message",
    Edited: "edited",
    Deleted: "deleted",
    Reacted: "reacted",
}

# 64 characters of a client's id, six bytes each where JSON escapes them, and its key.
_ID_BYTES = 64 * 6 + len(',"id":""')


def with_id(reply: Frame, request_id: str | None) -> Frame:
    """Add the client's own id of the request, where it gave one."""
    return reply if request_id is None else {**reply, "id": request_id}


def error(problem: ChatError) -> Frame:
    """Say what was wrong."""
    return {"type": "error", **_describe(problem)}


def joined(joined: Joined) -> Frame:
    """Answer `join`."""
    permit, page = joined.permit, joined.page
    frame: Frame = {"type": "joined", "room": permit.room, "head": page.head, "members": joined.members}
    return _fit({**frame, "access": permit.access.name.lower(), "private": permit.standing.is_private}, page)


def left(room: str) -> Frame:
    """Answer `leave`."""
    return {"type": "left", "room": room}


def ack(entry: Entry) -> Frame:
    """Answer `send`, `edit`, `delete` and `react`: the entry is stored, and pushed to everybody present."""
    return {"type": "ack", "room": entry.room, "epoch": entry.epoch, "seq": entry.seq, "at": entry.at_ms}


def done(**about: str | int | None) -> Frame:
    """Answer what is stored and has no entry: `read`, and making and moderating rooms."""
    return {"type": "ack", **{name: value for name, value in about.items() if value is not None}}


def pushed(entry: Entry) -> Frame:
    """Push an entry to a room's members."""
    return {**_entry(entry), "room": entry.room, "epoch": entry.epoch}


def history(room: str, page: Page) -> Frame:
    """Answer `history`."""
    return _fit({"type": "history", "room": room}, page)


def synced(pages: Mapping[str, Page | ChatError]) -> Frame:
    """Answer `sync`: the rooms share the frame, each getting an equal part of what is left."""
    bare = {
        room: _describe_in(room, page) if isinstance(page, ChatError) else _page({"head": page.head}, page, 0)
        for room, page in pages.items()
    }
    left_bytes = PAGE_BYTES - _ID_BYTES - len(encode_frame({"type": "synced", "rooms": bare}))
    rooms: dict[str, Frame] = {}
    for index, (room, page) in enumerate(pages.items()):
        if isinstance(page, ChatError):
            rooms[room] = bare[room]
            continue
        share_bytes = left_bytes // (len(pages) - index)
        rooms[room] = _page({"head": page.head}, page, _count(page, share_bytes))
        left_bytes -= len(encode_frame(rooms[room])) - len(encode_frame(bare[room]))
    return {"type": "synced", "rooms": rooms}


def members(room: str, page: UserPage) -> Frame:
    """Answer `members`."""
    users = [{"user": user.id, "name": user.name} for user in page.users]
    return {"type": "members", "room": room, "members": users, "next": page.next}


def rooms(page: RoomPage) -> Frame:
    """Answer `rooms`."""
    listed = [{"room": each.room, "head": each.head, "read": each.read, "unread": each.unread} for each in page.rooms]
    return {"type": "rooms", "rooms": listed, "next": page.next}


def _fit(frame: Frame, page: Page) -> Frame:
    left_bytes = PAGE_BYTES - _ID_BYTES - len(encode_frame(_page(frame, page, 0)))
    return _page(frame, page, _count(page, left_bytes))


def _page(frame: Frame, page: Page, count: int) -> Frame:
    """Put `count` of a page's entries into a frame: its first, or its last where it was read downwards."""
    kept = page.entries[len(page.entries) - count :] if page.newest_first else page.entries[:count]
    return {
        **frame,
        "epoch": page.epoch,
        "entries": [_entry(entry) for entry in kept],
        "more": page.more or count < len(page.entries),
        "reset": page.reset,
        "truncated": page.truncated,
    }


def _count(page: Page, left_bytes: int) -> int:
    entries = page.entries[::-1] if page.newest_first else page.entries
    return count_fitting([_entry(entry) for entry in entries], left_bytes)


def _entry(entry: Entry) -> Frame:
    return {
        "type": _TYPES[type(entry.content)],
        "seq": entry.seq,
        "id": entry.id,
        "from": entry.user.id,
        "name": entry.user.name,
        "at": entry.at_ms,
        **_content(entry.content),
    }


def _content(content: Content) -> Frame:
    match content:
        case Message(None):
            return {"deleted": True}
        case Message(text, meta, edit_seq, reactions):
            frame: Frame = {"text": text}
            optional = {"meta": meta, "edited": edit_seq > 0, "reactions": reactions}
            return frame | {name: value for name, value in optional.items() if value}
        case Edited(target, text):
            return {"target": target} | ({} if text is None else {"text": text})
        case Deleted(target):
            return {"target": target}
        case Reacted(target, emoji, remove):
            return {"target": target, "emoji": emoji, "remove": remove}


def _describe_in(room: str, problem: ChatError) -> Frame:
    """Describe what is wrong with a room that is named beside it: a hundred long names twice would not fit."""
    described = _describe(problem)
    return {"error": {**described, "message": described["message"].replace(room, "it")}}


def _describe(problem: ChatError) -> Frame:
    described = {"code": problem.code, "message": str(problem), "retryable": problem.retryable}
    if problem.retry_after_ms is not None:
        described["retry_after_ms"] = problem.retry_after_ms
    return described
