"""What a session tells its user, in the order in which it is to be shown.

An event with an `id` answers the request that was given this id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat_client.errors import RequestError


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is open; the rooms are being joined."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The connection was lost or could not be made; it is tried again.

    Attributes:
        reason: for people.
        retry_in_s: seconds until the next attempt.
    """

    reason: str
    retry_in_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The server does not let this user in. The session has ended.

    Attributes:
        reason: for people.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The connection is in a room; what was missed there follows as messages. Comes again after each reconnect.

    Attributes:
        head: seq of the room's newest entry, 0 for an empty room.
        members: how many connections are in the room; 101 stands for "more than 100".
    """

    id: str
    room: str
    head: int
    members: int


@dataclass(frozen=True, slots=True)
class Left:
    """The connection is out of a room, and its position there is forgotten."""

    id: str
    room: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a room's log. Each is told once, in the order of `seq`.

    Attributes:
        seq: its number in the room; a number that is skipped has expired.
        id: the sender's own id of it.
        user: the sender's id, `from` on the wire.
        name: the sender's display name.
    """

    room: str
    epoch: str
    seq: int
    id: str
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Message(Entry):
    """What somebody said, as it stood when it was read.

    Attributes:
        text: None where it was deleted.
        at_ms: the server's time; for showing, never for ordering.
        edited: whether it was edited.
        meta: what the sender's client sent along.
        reactions: ids of the users who reacted, by emoji.
    """

    text: str | None
    at_ms: int
    edited: bool = False
    meta: Mapping[str, Any] | None = None
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edited(Entry):
    """The message with number `target` got another text; None where that was edited again or deleted since."""

    target: int
    text: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Deleted(Entry):
    """The message with number `target` was deleted."""

    target: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Reacted(Entry):
    """Somebody reacted to the message with number `target`, or took that back."""

    target: int
    emoji: str
    remove: bool
    at_ms: int


@dataclass(frozen=True, slots=True)
class Acked:
    """An entry of this client's is stored, and pushed to everybody present."""

    id: str
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody came to a room or went.

    Attributes:
        state: `joined` or `left`.
    """

    room: str
    user: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Reset:
    """A room's log is another one than before: forget what was shown of it, its newest messages follow."""

    room: str


@dataclass(frozen=True, slots=True)
class Truncated:
    """Messages of a room have expired before this client could show them."""

    room: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Older entries, as asked for, in rising order of seq; they are not told as events of their own.

    Attributes:
        more: there are still older ones.
    """

    id: str
    room: str
    entries: tuple[Entry, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a room."""

    user: str
    name: str


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Users in a room.

    Attributes:
        next: where the next page starts; None on the last one. A user may stand on more than one page.
    """

    id: str
    room: str
    members: tuple[Member, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A request was refused and is not tried again.

    Attributes:
        id: of the request; None where the server did not say which it was.
        action: `join`, `send` and so on; None where it is not known.
    """

    id: str | None
    action: str | None
    room: str | None
    error: RequestError


Event = (
    Connected
    | Disconnected
    | Refused
    | Joined
    | Left
    | Entry
    | Acked
    | Presence
    | Reset
    | Truncated
    | HistoryPage
    | MembersPage
    | Failed
)
