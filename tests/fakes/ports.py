"""The domain's ports in memory: what each promises, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chat.domain.chat import Chat
from chat.domain.model import Connection, Entry, Member, Revision, User
from chat.domain.ports import AudiencePage, ConnectionRows, Delivery, LogPage
from chat.protocol.limits import Limits


class FakeTickets:
    """The `Tickets` port."""

    def __init__(self) -> None:
        self.tickets: dict[str, tuple[User, int]] = {}

    async def put(self, ticket_hash: str, user: User, expires_at_s: int) -> None:
        self.tickets[ticket_hash] = user, expires_at_s

    async def take(self, ticket_hash: str, now_s: int) -> User | None:
        user, expires_at_s = self.tickets.get(ticket_hash, (None, 0))
        if expires_at_s <= now_s:
            return None
        del self.tickets[ticket_hash]
        return user


class FakeConnections:
    """The `Connections` port. The index is as fresh as the table."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}
        self.members: dict[tuple[str, str], Member] = {}
        self.page_members = 1_000

    async def put_connection(self, connection: Connection) -> None:
        self.connections[connection.id] = connection

    async def put_member(self, member: Member) -> None:
        self.members[member.connection_id, member.room] = member

    async def find_member(self, connection_id: str, room: str) -> Member | None:
        return self.members.get((connection_id, room))

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        members = [member for member in self.members.values() if member.connection_id == connection_id]
        return ConnectionRows(self.connections.get(connection_id), sorted(members, key=lambda member: member.room))

    async def remove_member(self, connection_id: str, room: str) -> Member | None:
        return self.members.pop((connection_id, room), None)

    async def remove_connection(self, connection_id: str) -> None:
        self.connections.pop(connection_id, None)

    async def page_audience(self, room: str, start: str | None, limit: int | None) -> AudiencePage:
        found = sorted(
            (member for member in self.members.values() if member.room == room),
            key=lambda member: member.connection_id,
        )
        rest = [member for member in found if start is None or member.connection_id > start]
        size = min(limit or self.page_members, self.page_members)
        page = rest[:size]
        return AudiencePage(page, page[-1].connection_id if len(rest) > size else None)


class FakeLog:
    """The `RoomLog` port. `bound` is how many entries a read without a limit returns at most."""

    def __init__(self, mark: str = "table") -> None:
        self.mark = mark
        self.entries: dict[tuple[str, int], Entry] = {}
        self.bound = 10_000

    async def read(
        self,
        room: str,
        *,
        first: int = 1,
        last: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> LogPage:
        found = sorted(
            (
                entry
                for (name, seq), entry in self.entries.items()
                if name == room and seq >= first and (last is None or seq <= last)
            ),
            key=lambda entry: entry.seq,
            reverse=newest_first,
        )
        size = self.bound if limit is None else limit
        # DynamoDB does not know yet that nothing follows when a page is exactly full.
        return LogPage(found[:size], complete=len(found) < size)

    async def put(self, entry: Entry, revisions: Mapping[int, Revision]) -> bool:
        keys = {seq: (entry.room, seq) for seq in revisions}
        if (entry.room, entry.seq) in self.entries or not all(key in self.entries for key in keys.values()):
            return False
        self.entries[entry.room, entry.seq] = entry
        for seq, revision in revisions.items():
            earlier = self.entries[keys[seq]]
            self.entries[keys[seq]] = replace(
                earlier,
                content=revision.content or earlier.content,
                expires_at_s=revision.expires_at_s or earlier.expires_at_s,
            )
        return True

    def seqs(self, room: str) -> list[int]:
        """The numbers that are taken in a room, in rising order."""
        return sorted(seq for name, seq in self.entries if name == room)


class FakeFanOut:
    """The `FanOut` port: keeps what it was given; some connections are gone, some fail."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, bytes]] = []
        self.gone: set[str] = set()
        self.failing: set[str] = set()

    async def deliver(self, connection_ids: Sequence[str], frame: bytes) -> Delivery:
        lost = self.gone | self.failing
        self.frames += [(connection_id, frame) for connection_id in connection_ids if connection_id not in lost]
        gone = [connection_id for connection_id in connection_ids if connection_id in self.gone]
        failed = sum(connection_id in self.failing for connection_id in connection_ids)
        return Delivery(len(connection_ids) - len(gone) - failed, gone, failed)


class FakeSurroundings:
    """The `Surroundings` port: time stands still but for `sleep`, tokens are numbered."""

    def __init__(self) -> None:
        self.ms = 1_700_000_000_000
        self.tokens = 0
        self.slept_s: list[float] = []

    def now_ms(self) -> int:
        return self.ms

    def jitter(self) -> float:
        return 0.5

    def token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"

    def secret(self) -> str:
        self.tokens += 1
        return f"secret{self.tokens}"

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.ms += round(seconds * 1000)


class FakeWorld:
    """A chat on fakes, with each of them at hand."""

    def __init__(self, *, limits: Limits | None = None, retention_s: int | None = None) -> None:
        self.tickets = FakeTickets()
        self.connections = FakeConnections()
        self.log = FakeLog()
        self.fan_out = FakeFanOut()
        self.surroundings = FakeSurroundings()
        self.chat = Chat(
            tickets=self.tickets,
            connections=self.connections,
            log=self.log,
            fan_out=self.fan_out,
            surroundings=self.surroundings,
            limits=limits or Limits(),
            retention_s=retention_s,
        )

    def fill(self, room: str, entries: Iterable[Entry]) -> None:
        """Put entries into a room's log as they are."""
        self.log.entries.update({(room, entry.seq): entry for entry in entries})
