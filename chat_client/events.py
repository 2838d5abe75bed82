"""What a session tells its user, in the order in which it is to be shown.

An event with an `id` answers the request that was given this id.
"""

from __future__ import annotations

from dataclasses import dataclass

from chat_client.entries import Entry
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
class Acked:
    """An entry of this client's is stored, and pushed to everybody present."""

    id: str
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked for is done.

    Attributes:
        action: `create`, `invite`, `remove`, `kick`, `ban`, `unban`, `mute` or `read`.
        room: None where it was about the whole chat.
        user: whom it was about; None where it was about nobody.
    """

    id: str
    action: str
    room: str | None
    user: str | None


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
class Typing:
    """Somebody is typing; it holds for a few seconds."""

    room: str
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody, or this user elsewhere, has read a room up to an entry."""

    room: str
    user: str
    seq: int


@dataclass(frozen=True, slots=True)
class Invited:
    """This user has become a member of a private room, and may join it.

    Attributes:
        user: who invites.
        name: their display name.
    """

    room: str
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The connection is out of a room that the user did not leave; it does not enter it again by itself.

    Attributes:
        reason: `kicked`, `banned` or `removed`; or the code of the error that told it.
    """

    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class Muted:
    """This user may not write to a room for some seconds; 0 ends that."""

    room: str
    seconds: int


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

    Entries of unknown types are among them as `UnknownEntry`: the first seq is where the next page ends.

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
        next: where the next page starts; None on the last one.
    """

    id: str
    room: str
    members: tuple[Member, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room of this user's.

    Attributes:
        head: seq of the room's newest entry, 0 for an empty room.
        read: the seq up to which the user has read it, on any device.
        unread: how many entries follow that.
    """

    room: str
    head: int
    read: int
    unread: int


@dataclass(frozen=True, slots=True)
class RoomsPage:
    """Rooms of this user's, the latest first.

    Attributes:
        next: where the next page starts; None on the last one.
    """

    id: str
    rooms: tuple[ListedRoom, ...]
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


Answer = Joined | Left | Acked | Done | HistoryPage | MembersPage | RoomsPage

Event = (
    Answer
    | Connected
    | Disconnected
    | Refused
    | Entry
    | Presence
    | Typing
    | Read
    | Invited
    | Removed
    | Muted
    | Reset
    | Truncated
    | Failed
)
