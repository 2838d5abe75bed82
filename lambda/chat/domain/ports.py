"""What the domain needs from outside. `chat.aws` implements it for real, `tests.fakes` in memory.

Reads return expired rows too: the domain drops them, by its own clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from chat.domain.model import (
    WHOLE,
    Access,
    Connection,
    Device,
    Entry,
    Identity,
    Job,
    Member,
    Message,
    Revision,
    Shard,
    Standing,
    User,
)
from chat.protocol.limits import Rate


class Tickets(Protocol):
    """Tickets that were given out and not used yet, by their hash."""

    async def put(self, ticket_hash: str, identity: Identity, expires_at_s: int) -> None:
        """Store a ticket; again is harmless, even once it was taken."""

    async def take(self, ticket_hash: str, now_s: int) -> Identity | None:
        """Use a ticket up and return whose it was; None where there is none, or its time is over. Only one can."""


class ConnectionRows(NamedTuple):
    """All rows of one connection: its own (None where there is none), and one for each room it is in."""

    connection: Connection | None
    members: Sequence[Member]


class AudiencePage(NamedTuple):
    """A page of a room's members, each user's devices together; `next` starts the next one, None after the last."""

    members: Sequence[Device]
    next: str | None


class Connections(Protocol):
    """The ephemeral rows: who is connected, and who is in which room."""

    async def put_connection(self, connection: Connection) -> None:
        """Write a connection's own row."""

    async def put_member(self, member: Member) -> None:
        """Write a membership row; again is harmless."""

    async def find_member(self, connection_id: str, room: str) -> Member | None:
        """Read one membership row, consistently."""

    async def find_connection(self, connection_id: str) -> Connection | None:
        """Read a connection's own row, consistently."""

    async def list_devices(self, user_id: str) -> Sequence[Device]:
        """Read a user's connections by the index, which is eventually consistent."""

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        """Read all rows of a connection, consistently, however many pages they take."""

    async def remove_member(self, connection_id: str, room: str) -> Member | None:
        """Delete a membership row and return what it was; None where there was none."""

    async def remove_connection(self, connection_id: str) -> None:
        """Delete a connection's own row; again is harmless."""

    async def page_audience(
        self, room: str, start: str | None, limit: int | None, shard: Shard = WHOLE
    ) -> AudiencePage:
        """Read a room's members by the index, which is eventually consistent.

        Args:
            room: the room.
            start: the `next` of the page before, or what `mark_after` gave; None for the first.
            limit: at most so many members, None for as many as a page holds.
            shard: the part of the room to read.
        """

    def mark_after(self, user_id: str) -> str:
        """Return a `start` that lies after all devices of a user."""


class LogPage(NamedTuple):
    """Entries in the order asked for. Unless it is `complete`, there may be more of the asked range beyond them."""

    entries: Sequence[Entry]
    complete: bool


class RoomLog(Protocol):
    """The durable, numbered entries of each room.

    Attributes:
        mark: names this table; the epochs made in it begin with it. A restored table has another.
    """

    mark: str

    async def read(
        self,
        room: str,
        *,
        first: int = 1,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> LogPage:
        """Read the entries from seq `first` to seq `last`, consistently.

        Args:
            room: the room.
            first: the lowest seq of the range, included.
            last: the highest seq of the range, included; None for no bound.
            newest_first: from the newest down instead of from the oldest up.
            limit: at most so many entries; None for all of them, up to the store's own bound of some megabytes.
        """

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        """Store an entry under its number, unless that number is taken.

        Args:
            entry: the new entry; its seq is one more than that of an entry that was read.
            revisions: what it changes in earlier entries, by their seq, in the same transaction.
            receipt_s: also store a receipt for the entry's user and id, for so long; None for no receipt.

        Returns:
            Whether it was stored. False says that another writer was first, or is at it, or that there is a receipt.
        """

    async def find_receipt(self, room: str, user_id: str, entry_id: str, now_s: int) -> int | None:
        """Read which seq a user's id was stored under, consistently; None where there is no receipt any more."""


class Standings(Protocol):
    """What is on record about users and rooms: owners, members, bans, mutes."""

    async def read(self, user_id: str, rooms: Sequence[str]) -> Mapping[str, Standing]:
        """Read how a user stands in rooms, consistently."""

    async def is_banned_from_chat(self, user_id: str) -> bool:
        """Read whether a user is banned from the whole chat, consistently."""

    async def create_room(self, room: str, owner: str, *, private: bool) -> bool:
        """Make a user the owner and a member of a room, unless it has an owner or an entry. Return whether it did."""

    async def set_member(self, room: str, user_id: str, *, member: bool) -> None:
        """Make a user a member of a room, or take that back."""

    async def set_banned(self, room: str | None, user_id: str, *, banned: bool) -> None:
        """Ban a user from a room, or from the chat where none is named; or take that back."""

    async def set_muted(self, room: str, user_id: str, until_ms: int) -> None:
        """Mute a user in a room until then."""

    async def count_shards(self, room: str) -> int:
        """Read into how many shards a large room is cut."""

    async def set_shards(self, room: str, shards: int, before: int) -> None:
        """Cut a room into another number of shards, unless somebody else has changed it since."""


class Cursor(NamedTuple):
    """A room of a user, and the seq up to which they have read it; 0 for nothing."""

    room: str
    seq: int


class CursorPage(NamedTuple):
    """A page of a user's rooms, those touched last first; `next` starts the next one, None after the last."""

    cursors: Sequence[Cursor]
    next: str | None


class Cursors(Protocol):
    """Which rooms a user has, and how far each was read."""

    async def touch(self, room: str, user_id: str, now_ms: int) -> None:
        """Put a room on a user's list, or to its top."""

    async def move(self, room: str, user_id: str, seq: int, now_ms: int) -> bool:
        """Move a cursor forward, and touch it. Return whether it did: it never goes back."""

    async def unlist(self, room: str, user_id: str) -> None:
        """Take a room off a user's list; the cursor stays."""

    async def page(self, user_id: str, start: str | None, limit: int) -> CursorPage:
        """Read a user's list by the index, which is eventually consistent.

        Args:
            user_id: the user.
            start: the `next` of the page before, None for the first.
            limit: at most so many rooms.

        Raises:
            FieldOutOfRangeError: `start` is no page's `next`.
        """


class Rates(Protocol):
    """How often each user did something lately."""

    async def take(self, user_id: str, what: str, rate: Rate, now_ms: int) -> int:
        """Count one more, unless that is too often.

        Returns:
            0 if it was counted; else the milliseconds until one more can be.
        """


class RoomAccess(Protocol):
    """The application's own decision about who may do what in a room."""

    async def decide(self, identity: Identity, room: str) -> Access | None:
        """Decide; None leaves it to the room's own rules.

        Raises:
            UnavailableError: there was no answer.
        """


class MessageReview(Protocol):
    """The application's look at a text before it is stored."""

    async def review(self, action: str, room: str, user: User, message: Message) -> str:
        """Return the text as it shall be stored.

        Args:
            action: `send` or `edit`.
            room: where to.
            user: whose it is.
            message: what they wrote.

        Raises:
            MessageRefusedError: it may not be stored.
            UnavailableError: there was no answer, and nothing is let through without one.
        """


class Delivery(NamedTuple):
    """What became of some posts: how many arrived, which connections are gone, and which were missed."""

    delivered: int
    gone: Sequence[str]
    missed: Sequence[str]


class FanOut(Protocol):
    """Pushes frames to many connections."""

    async def deliver(
        self,
        pages: AsyncIterable[Sequence[str]],
        frames: Sequence[bytes],
        instead: Mapping[str, Sequence[bytes]],
        *,
        is_hint: bool = False,
    ) -> Delivery:
        """Post frames to each connection, in order; one that is gone or fails hurts no other.

        Args:
            pages: the connections' ids, as they come.
            frames: what each of them gets.
            instead: other frames, for some of them.
            is_hint: nobody needs it: what is throttled is not posted again, for entries need the room.
        """

    async def close(self, connection_ids: Sequence[str]) -> None:
        """Close sockets; one that is gone already is fine."""


class Deliveries(Protocol):
    """A durable queue of what is to be delivered; jobs of one room and shard stay in order."""

    async def put(self, jobs: Sequence[Job]) -> None:
        """Store jobs. One that was put some minutes ago is not stored again.

        Raises:
            UnavailableError: not all of them are stored.
        """


class Surroundings(Protocol):
    """Time and chance."""

    def now_ms(self) -> int:
        """Milliseconds since 1970."""

    def jitter(self) -> float:
        """A random number from 0 to 1."""

    def token(self) -> str:
        """A random word that nobody made before."""

    def secret(self) -> str:
        """256 random bits that nobody can guess, as text that may stand in a URL."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
