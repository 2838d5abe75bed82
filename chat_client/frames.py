"""The server's frames, typed; and this client's, as text.

Source: docs/protocol.md, "Actions and their replies" and "Pushed frames".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chat_client.entries import Entry
from chat_client.errors import BAD_UNICODE, FRAME_TOO_LARGE, RequestError
from chat_client.events import Invited, ListedRoom, Member, Muted, Presence, Read, Removed, Typing
from chat_client.room import Page

Fields = dict[str, Any]

# API Gateway closes the connection of a client that sends more.
FRAME_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class JoinedFrame:
    """The answer to `join`."""

    id: str | None
    room: str
    head: int
    members: int
    page: Page


@dataclass(frozen=True, slots=True)
class LeftFrame:
    """The answer to `leave`."""

    id: str | None
    room: str


@dataclass(frozen=True, slots=True)
class AckFrame:
    """The answer to what becomes an entry."""

    id: str | None
    epoch: str
    seq: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class DoneFrame:
    """The answer to what becomes no entry: an `ack` without a place in the log."""

    id: str | None


@dataclass(frozen=True, slots=True)
class HistoryFrame:
    """The answer to `history`."""

    id: str | None
    page: Page


@dataclass(frozen=True, slots=True)
class SyncedFrame:
    """The answer to `sync`: of each room a page, or why there is none."""

    id: str | None
    rooms: Mapping[str, Page | RequestError]


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of a large room that have waited for each other, in order."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MembersFrame:
    """The answer to `members`."""

    id: str | None
    members: tuple[Member, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class RoomsFrame:
    """The answer to `rooms`."""

    id: str | None
    rooms: tuple[ListedRoom, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """The answer to a request that was refused."""

    id: str | None
    error: RequestError


ReplyFrame = (
    JoinedFrame | LeftFrame | AckFrame | DoneFrame | HistoryFrame | SyncedFrame | MembersFrame | RoomsFrame | ErrorFrame
)
Push = Entry | Batch | Presence | Typing | Read | Invited | Removed | Muted


def encode_frame(fields: Fields) -> str:
    """Make the text of a frame.

    Raises:
        RequestError: the frame would be longer than API Gateway takes, or is not valid Unicode.
    """
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    try:
        size_bytes = len(text.encode())
    except UnicodeEncodeError:
        raise RequestError(
            BAD_UNICODE, "a string holds half of a surrogate pair, or bytes that are not UTF-8"
        ) from None
    if size_bytes > FRAME_BYTES:
        raise RequestError(FRAME_TOO_LARGE, f"a frame may have {FRAME_BYTES} bytes, this one has {size_bytes}")
    return text
