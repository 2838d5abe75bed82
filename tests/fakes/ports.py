"""The domain's ports in memory: what each promises, and nothing more."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from hashlib import sha256

from chat.domain.chat import Chat, Moderators
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
from chat.domain.ports import AudiencePage, ConnectionRows, Cursor, CursorPage, Delivery, LogPage
from chat.protocol.errors import ChatError, FieldOutOfRangeError
from chat.protocol.limits import Limits, Rate


class FakeTickets:
    """The `Tickets` port."""

    def __init__(self) -> None:
        self.tickets: dict[str, tuple[Identity | None, int]] = {}

    async def put(self, ticket_hash: str, identity: Identity, expires_at_s: int) -> None:
        self.tickets.setdefault(ticket_hash, (identity, expires_at_s))

    async def take(self, ticket_hash: str, now_s: int) -> Identity | None:
        identity, expires_at_s = self.tickets.get(ticket_hash, (None, 0))
        if expires_at_s <= now_s:
            return None
        self.tickets[ticket_hash] = None, 0
        return identity


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

    async def find_connection(self, connection_id: str) -> Connection | None:
        return self.connections.get(connection_id)

    async def list_devices(self, user_id: str) -> list[Device]:
        found = [connection for connection in self.connections.values() if connection.user.id == user_id]
        found.sort(key=lambda connection: connection.id)
        return [Device(each.id, each.user, each.expires_at_s) for each in found]

    async def read_rows(self, connection_id: str) -> ConnectionRows:
        members = [member for member in self.members.values() if member.connection_id == connection_id]
        return ConnectionRows(self.connections.get(connection_id), sorted(members, key=lambda member: member.room))

    async def remove_member(self, connection_id: str, room: str) -> Member | None:
        return self.members.pop((connection_id, room), None)

    async def remove_connection(self, connection_id: str) -> None:
        self.connections.pop(connection_id, None)

    async def page_audience(
        self, room: str, start: str | None, limit: int | None, shard: Shard = WHOLE
    ) -> AudiencePage:
        found = {
            f"{member.user.id} {member.connection_id}": Device(member.connection_id, member.user, member.expires_at_s)
            for member in self.members.values()
            if member.room == room and is_in(shard, member.user.id)
        }
        rest = sorted(key for key in found if start is None or key > start)
        size = min(limit or self.page_members, self.page_members)
        page = rest[:size]
        return AudiencePage([found[key] for key in page], page[-1] if len(rest) > size else None)

    def mark_after(self, user_id: str) -> str:
        return f"{user_id}!"


def _last_change(entry: Entry) -> int:
    return entry.content.change_seq if isinstance(entry.content, Message) else 0


def is_in(shard: Shard, user_id: str) -> bool:
    """Tell whether a user's devices are in a shard."""
    return int(sha256(user_id.encode()).hexdigest(), 16) * shard.of >> 256 == shard.number


class FakeLog:
    """The `RoomLog` port.

    `bound` is how many entries a read without a limit returns at most, `read_sizes` how many each read so far did.
    """

    def __init__(self, mark: str = "table") -> None:
        self.mark = mark
        self.entries: dict[tuple[str, int], Entry] = {}
        self.receipts: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.bound = 10_000
        self.read_sizes: list[int] = []

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
        self.read_sizes.append(len(found[:size]))
        # DynamoDB does not know yet that nothing follows when a page is exactly full.
        return LogPage(found[:size], complete=len(found) < size)

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        keys = {seq: (entry.room, seq) for seq in revisions}
        if (entry.room, entry.seq) in self.entries or not all(key in self.entries for key in keys.values()):
            return False
        for seq, revision in revisions.items():
            if revision.last_change not in (None, _last_change(self.entries[keys[seq]])):
                return False
        if receipt_s is not None:
            now_s = entry.at_ms // 1000
            if await self.find_receipt(entry.room, entry.user.id, entry.id, now_s):
                return False
            self.receipts[entry.room, entry.user.id, entry.id] = entry.seq, now_s + receipt_s
        self.entries[entry.room, entry.seq] = entry
        for seq, revision in revisions.items():
            earlier = self.entries[keys[seq]]
            self.entries[keys[seq]] = earlier._replace(
                content=revision.content or earlier.content,
                expires_at_s=revision.expires_at_s or earlier.expires_at_s,
            )
        return True

    async def find_receipt(self, room: str, user_id: str, entry_id: str, now_s: int) -> int | None:
        seq, expires_at_s = self.receipts.get((room, user_id, entry_id), (None, 0))
        return seq if expires_at_s > now_s else None

    def seqs(self, room: str) -> list[int]:
        """The numbers that are taken in a room, in rising order."""
        return sorted(seq for name, seq in self.entries if name == room)


class FakeStandings:
    """The `Standings` port."""

    def __init__(self, log: FakeLog) -> None:
        self._log = log
        self.owners: dict[str, str] = {}
        self.private: set[str] = set()
        self.members: set[tuple[str, str]] = set()
        self.banned: set[tuple[str | None, str]] = set()
        self.muted: dict[tuple[str, str], int] = {}
        self.shards: dict[str, int] = {}

    async def read(self, user_id: str, rooms: Sequence[str]) -> Mapping[str, Standing]:
        return {
            room: Standing(
                owner=self.owners.get(room),
                is_private=room in self.private,
                is_member=(room, user_id) in self.members,
                is_banned=(room, user_id) in self.banned,
                is_banned_from_chat=(None, user_id) in self.banned,
                muted_until_ms=self.muted.get((room, user_id), 0),
            )
            for room in rooms
        }

    async def is_banned_from_chat(self, user_id: str) -> bool:
        return (None, user_id) in self.banned

    async def create_room(self, room: str, owner: str, *, private: bool) -> bool:
        if room in self.owners or (room, 1) in self._log.entries:
            return False
        self.owners[room] = owner
        self.members.add((room, owner))
        if private:
            self.private.add(room)
        return True

    async def set_member(self, room: str, user_id: str, *, member: bool) -> None:
        (self.members.add if member else self.members.discard)((room, user_id))

    async def set_banned(self, room: str | None, user_id: str, *, banned: bool) -> None:
        (self.banned.add if banned else self.banned.discard)((room, user_id))

    async def set_muted(self, room: str, user_id: str, until_ms: int) -> None:
        self.muted[room, user_id] = until_ms

    async def count_shards(self, room: str) -> int:
        return self.shards.get(room, 1)

    async def set_shards(self, room: str, shards: int, before: int) -> None:
        if await self.count_shards(room) == before:
            self.shards[room] = shards


class FakeCursors:
    """The `Cursors` port: touched to the minute, as the real ones."""

    def __init__(self) -> None:
        self.seqs: dict[tuple[str, str], int] = {}
        self.touched: dict[tuple[str, str], int] = {}

    async def touch(self, room: str, user_id: str, now_ms: int) -> None:
        self.touched[room, user_id] = now_ms // 60_000

    async def move(self, room: str, user_id: str, seq: int, now_ms: int) -> bool:
        if seq <= self.seqs.get((room, user_id), 0):
            return False
        self.seqs[room, user_id] = seq
        await self.touch(room, user_id, now_ms)
        return True

    async def unlist(self, room: str, user_id: str) -> None:
        self.touched.pop((room, user_id), None)

    async def page(self, user_id: str, start: str | None, limit: int) -> CursorPage:
        listed = sorted(((-at, room) for (room, user), at in self.touched.items() if user == user_id))
        if start is not None:
            touched, _, last = start.partition(":")
            if not touched.isdecimal():
                raise FieldOutOfRangeError("next must be that of the page before")
            listed = [key for key in listed if key > (-int(touched), last)]
        page = listed[:limit]
        following = f"{-page[-1][0]}:{page[-1][1]}" if len(listed) > limit else None
        return CursorPage([Cursor(room, self.seqs.get((room, user_id), 0)) for _, room in page], following)


class FakeRates:
    """The `Rates` port: a bucket is the time when it is full again."""

    def __init__(self) -> None:
        self.full_at_ms: dict[tuple[str, str], float] = {}

    async def take(self, user_id: str, what: str, rate: Rate, now_ms: int) -> int:
        token_ms = 1000 / rate.per_second
        full_at_ms = max(now_ms, self.full_at_ms.get((user_id, what), 0))
        wait_ms = full_at_ms - now_ms - token_ms * (rate.burst - 1)
        if wait_ms > 0:
            return max(1, round(wait_ms))
        self.full_at_ms[user_id, what] = full_at_ms + token_ms
        return 0


class FakeRoomAccess:
    """The `RoomAccess` port: answers by room, and None elsewhere."""

    def __init__(self) -> None:
        self.answers: dict[str, Access | ChatError] = {}
        self.asked: list[tuple[Identity, str]] = []

    async def decide(self, identity: Identity, room: str) -> Access | None:
        self.asked.append((identity, room))
        answer = self.answers.get(room)
        if isinstance(answer, ChatError):
            raise answer
        return answer


class FakeReview:
    """The `MessageReview` port: answers by text, and lets everything else through."""

    def __init__(self) -> None:
        self.answers: dict[str, str | ChatError] = {}
        self.asked: list[tuple[str, str, User, Message]] = []

    async def review(self, action: str, room: str, user: User, message: Message) -> str:
        self.asked.append((action, room, user, message))
        text = message.text or ""
        answer = self.answers.get(text, text)
        if isinstance(answer, ChatError):
            raise answer
        return answer


class FakeFanOut:
    """The `FanOut` port: keeps what it was given; some connections are gone, some fail."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self.frames: list[tuple[str, bytes]] = []
        self.hints: list[bytes] = []
        self.gone: set[str] = set()
        self.failing: set[str] = set()

    async def deliver(
        self,
        pages: AsyncIterable[Sequence[str]],
        frames: Sequence[bytes],
        instead: Mapping[str, Sequence[bytes]],
        *,
        is_hint: bool = False,
    ) -> Delivery:
        self.hints += frames if is_hint else ()
        ids = [connection_id async for page in pages for connection_id in page]
        lost = self.gone | self.failing
        posted = [(each, frame) for each in ids if each not in lost for frame in instead.get(each, frames)]
        self.frames += posted
        gone, missed = ([each for each in ids if each in some] for some in (self.gone, self.failing))
        return Delivery(len(posted), gone, missed)

    async def close(self, connection_ids: Sequence[str]) -> None:
        self.closed += connection_ids


class FakeDeliveries:
    """The `Deliveries` port: keeps the jobs, each once."""

    def __init__(self) -> None:
        self.jobs: dict[tuple[str, Shard, str, tuple[str, ...]], Job] = {}

    async def put(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self.jobs.setdefault((job.room, job.shard, job.id, tuple(job.connections)), job)

    def take(self) -> list[list[Job]]:
        """Take all jobs: a list for each room and shard."""
        groups: dict[tuple[str, Shard], list[Job]] = {}
        for job in self.jobs.values():
            groups.setdefault((job.room, job.shard), []).append(job)
        self.jobs.clear()
        return list(groups.values())


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

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        retention_s: int | None = None,
        moderators: Moderators | None = None,
        room_access: FakeRoomAccess | None = None,
        message_review: FakeReview | None = None,
        inline_limit: int = 1_000,
    ) -> None:
        self.tickets = FakeTickets()
        self.connections = FakeConnections()
        self.log = FakeLog()
        self.standings = FakeStandings(self.log)
        self.cursors = FakeCursors()
        self.rates = FakeRates()
        self.fan_out = FakeFanOut()
        self.deliveries = FakeDeliveries()
        self.surroundings = FakeSurroundings()
        self.chat = Chat(
            tickets=self.tickets,
            connections=self.connections,
            log=self.log,
            standings=self.standings,
            cursors=self.cursors,
            rates=self.rates,
            fan_out=self.fan_out,
            deliveries=self.deliveries,
            inline_limit=inline_limit,
            surroundings=self.surroundings,
            limits=limits or Limits(),
            retention_s=retention_s,
            moderators=moderators,
            room_access=room_access,
            message_review=message_review,
        )

    def fill(self, room: str, entries: Iterable[Entry]) -> None:
        """Put entries into a room's log as they are."""
        self.log.entries.update({(room, entry.seq): entry for entry in entries})
