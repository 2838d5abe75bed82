"""What a client may ask for: each action, with its fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """How far a client has shown a room's log: the last seq, and the epoch that it belongs to."""

    after: int
    epoch: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room, and read on from a position, or the newest entries."""

    room: str
    position: Position | None


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a room."""

    room: str


@dataclass(frozen=True, slots=True)
class Send:
    """Append a message, to a room or directly to a user; `id` with `after` makes a retry harmless."""

    room: str | None
    to: str | None
    id: str
    text: str
    meta: dict[str, Any] | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Give the caller's own message with number `seq` another text."""

    room: str
    id: str
    seq: int
    text: str
    after: int | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Take the text of the message with number `seq` away."""

    room: str
    id: str
    seq: int
    after: int | None


@dataclass(frozen=True, slots=True)
class React:
    """Add an emoji to the message with number `seq`, or take it back."""

    room: str
    id: str
    seq: int
    emoji: str
    remove: bool
    after: int | None


@dataclass(frozen=True, slots=True)
class History:
    """Read entries after a position, or before a seq; exactly one of the two."""

    room: str
    position: Position | None
    before: int | None
    epoch: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Compare the positions in several rooms with their heads."""

    positions: dict[str, Position]


@dataclass(frozen=True, slots=True)
class Members:
    """List who is in a room."""

    room: str
    next: str | None


@dataclass(frozen=True, slots=True)
class Rooms:
    """List the caller's rooms."""

    next: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """Say that a room was read up to `seq`."""

    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Typing:
    """Say that the caller is typing."""

    room: str


@dataclass(frozen=True, slots=True)
class Create:
    """Become the owner of a room."""

    room: str
    private: bool


@dataclass(frozen=True, slots=True)
class Invite:
    """Make a user a member of a private room."""

    room: str
    user: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a user's membership of a private room away."""

    room: str
    user: str


@dataclass(frozen=True, slots=True)
class Kick:
    """Have all connections of a user leave a room."""

    room: str
    user: str


@dataclass(frozen=True, slots=True)
class Ban:
    """Keep a user out of a room, or out of the chat where no room is named."""

    room: str | None
    user: str


@dataclass(frozen=True, slots=True)
class Unban:
    """Let a user in again."""

    room: str | None
    user: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Keep a user from writing to a room for some seconds; 0 ends it."""

    room: str
    user: str
    seconds: int


Action = (
    Join
    | Leave
    | Send
    | Edit
    | Delete
    | React
    | History
    | Sync
    | Members
    | Rooms
    | Read
    | Typing
    | Create
    | Invite
    | Remove
    | Kick
    | Ban
    | Unban
    | Mute
)
