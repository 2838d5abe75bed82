"""What the domain needs from outside. `chat.aws` implements it for real, `tests.fakes` in memory.

Reads return expired rows too: the domain drops them, by its own clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chat.domain.model import Connection, Entry, Member, Revision, User


class Tickets(Protocol):
    """Tickets that were given out and not used yet, by their hash."""

    async def put(self, ticket_hash: str, user: User, expires_at_s: int) -> None:
        """Store a ticket."""

    async def take(self, ticket_hash: str, now_s: int) -> User | None:
        """Delete a ticket and return whose it was; None where there is none, or its time is over. Only one can."""


@dataclass(frozen=True, slots=True)
class ConnectionRows:
    """All rows of one connection: its own (None where there is none), and one for each room it is in."""

    connection: Connection | None
    members: Sequence[Member]


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """A page of a room's members, by connection id; `next` starts the next one, None after the last."""

    members: Sequence[Member]
    next: str | None


class Connections(Protocol):
    """The ephemeral rows: who is connected, and who is in which room."""

    async def put_connection(self, connection: Connection) -> None:
        """Write a connection's own row."""

    async def put_member(self, member: Member) -> None:
        """Write a membership row; again is harmless."""

    async def find_member(self, connection_id: str, room: str) -> Member | None:
        """Read one membership row, consistently."""

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        """Read all rows of a connection, consistently, however many pages they take."""

    async def remove_member(self, connection_id: str, room: str) -> Member | None:
        """Delete a membership row and return what it was; None where there was none."""

    async def remove_connection(self, connection_id: str) -> None:
        """Delete a connection's own row; again is harmless."""

    async def page_audience(self, room: str, start: str | None, limit: int | None) -> AudiencePage:
        """Read a room's members by the index, which is eventually consistent.

        Args:
            room: the room.
            start: the `next` of the page before, None for the first.
            limit: at most so many members, None for as many as a page holds.
        """


@dataclass(frozen=True, slots=True)
class LogPage:
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

    async def put(self, entry: Entry, revisions: Mapping[int, Revision]) -> bool:
        """Store an entry under its number, unless that number is taken.

        Args:
            entry: the new entry; its seq is one more than that of an entry that was read.
            revisions: what it changes in earlier entries, by their seq, in the same transaction.

        Returns:
            Whether it was stored. False says that another writer was first, or is at it.
        """


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a frame's posts: how many arrived, which connections are gone, how many failed."""

    delivered: int
    gone: Sequence[str]
    failed: int


class FanOut(Protocol):
    """Pushes one frame to many connections."""

    async def deliver(self, connection_ids: Sequence[str], frame: bytes) -> Delivery:
        """Post a frame to each connection; one that is gone or fails hurts no other."""


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
