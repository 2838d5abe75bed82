"""What a client may ask for: each action, with its fields."""

from __future__ import annotations

from typing import Any, NamedTuple


class Position(NamedTuple):
    """How far a client has shown a room's log: the last seq, and the epoch that it belongs to."""

    after: int
    epoch: str | None


class Join(NamedTuple):
    """Enter a room, and read on from a position, or the newest entries."""

    room: str
    position: Position | None


class Leave(NamedTuple):
    """Leave a room."""

    room: str


class Send(NamedTuple):
    """Append a message, to a room or directly to a user; `id` with `after` makes a retry harmless."""

    room: str | None
    to: str | None
    id: str
    text: str
    meta: dict[str, Any] | None
    after: int | None


class Edit(NamedTuple):
    """Give the caller's own message with number `seq` another text."""

    room: str
    id: str
    seq: int
    text: str
    after: int | None


class Delete(NamedTuple):
    """Take the text of the message with number `seq` away."""

    room: str
    id: str
    seq: int
    after: int | None


class React(NamedTuple):
    """Add an emoji to the message with number `seq`, or take it back."""

    room: str
    id: str
    seq: int
    emoji: str
    remove: bool
    after: int | None


class History(NamedTuple):
    """Read entries after a position, or before a seq; exactly one of the two."""

    room: str
    position: Position | None
    before: int | None
    epoch: str | None
    limit: int


class Sync(NamedTuple):
    """Compare the positions in several rooms with their heads."""

    positions: dict[str, Position]


class Members(NamedTuple):
    """List who is in a room."""

    room: str
    next: str | None


class Rooms(NamedTuple):
    """List the caller's rooms."""

    next: str | None


class Read(NamedTuple):
    """Say that a room was read up to `seq`."""

    room: str
    seq: int


class Typing(NamedTuple):
    """Say that the caller is typing."""

    room: str


class Create(NamedTuple):
    """Become the owner of a room."""

    room: str
    private: bool


class Invite(NamedTuple):
    """Make a user a member of a private room."""

    room: str
    user: str


class Remove(NamedTuple):
    """Take a user's membership of a private room away."""

    room: str
    user: str


class Kick(NamedTuple):
    """Have all connections of a user leave a room."""

    room: str
    user: str


class Ban(NamedTuple):
    """Keep a user out of a room, or out of the chat where no room is named."""

    room: str | None
    user: str


class Unban(NamedTuple):
    """Let a user in again."""

    room: str | None
    user: str


class Mute(NamedTuple):
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
