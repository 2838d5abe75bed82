"""Appending: numbers without holes, each id once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from chat.domain.append import ATTEMPTS, Draft, append
from chat.domain.chat import Tally
from chat.domain.model import Entry, Message, Revision, User
from chat.domain.ports import LogPage
from chat.protocol.errors import AfterTooOldError, RoomBusyError
from tests.fakes.ports import FakeLog
from tests.unit.domain.conftest import Room, make_entry

ADA = User("ada", "Ada")


def draft(request_id: str = "a1", user: User = ADA, text: str = "hi") -> Draft:
    return Draft("lobby", user, request_id, Message(text))


async def test_first_entry_is_number_one_and_makes_the_epoch(world: Room) -> None:
    entry = await append(world.chat, draft(), 0, Tally())
    assert (entry.seq, entry.epoch) == (1, "table.t1")
    assert world.log.entries["lobby", 1] == entry


async def test_next_entry_follows_and_copies_the_epoch(world: Room) -> None:
    first = await append(world.chat, draft("a1"), 0, Tally())
    second = await append(world.chat, draft("a2"), 1, Tally())
    assert (second.seq, second.epoch) == (2, first.epoch)


@pytest.mark.parametrize("after", [None, 0, 1, 2, 3, 99, 10**12 - 1])
async def test_any_position_appends_after_the_head(world: Room, after: int | None) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in (1, 2, 3)])
    assert (await append(world.chat, draft(), after, Tally())).seq == 4


@pytest.mark.parametrize("after", [None, 0, 1, 2, 99])
async def test_a_retry_is_answered_with_the_first_attempt(world: Room, after: int | None) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in (1, 2)])
    first = await append(world.chat, draft(), 2, Tally())
    await append(world.chat, draft("b1", User("bob", "Bob")), 3, Tally())
    tally = Tally()
    assert await append(world.chat, draft(text="other"), after, tally) == first
    assert world.log.seqs("lobby") == [1, 2, 3, 4]
    assert tally.messages == 0


async def test_ids_belong_to_their_user(world: Room) -> None:
    first = await append(world.chat, draft("same"), 0, Tally())
    second = await append(world.chat, draft("same", User("bob", "Bob")), 0, Tally())
    assert (first.seq, second.seq) == (1, 2)


class RacingLog(FakeLog):
    """Before each of the next puts, somebody else puts an entry under that number."""

    def __init__(self, rivals: list[Entry]) -> None:
        super().__init__()
        self.rivals = rivals

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        if self.rivals:
            rival = self.rivals.pop(0)._replace(seq=entry.seq, epoch=entry.epoch)
            await super().put(rival, {})
        return await super().put(entry, revisions, receipt_s=receipt_s)


def race(world: Room, rivals: list[Entry]) -> RacingLog:
    log = RacingLog(rivals)
    world.chat = world.chat._replace(log=log)
    return log


async def test_the_loser_of_a_race_takes_the_next_number(world: Room) -> None:
    log = race(world, [make_entry("lobby", 0), make_entry("lobby", 0)])
    tally = Tally()
    entry = await append(world.chat, draft(), 0, tally)
    assert entry.seq == 3
    assert log.seqs("lobby") == [1, 2, 3]
    assert (tally.conflicts, tally.messages) == (2, 1)
    assert len(world.surroundings.slept_s) == 2


async def test_a_retry_that_loses_to_its_own_first_attempt_is_answered_with_it(world: Room) -> None:
    log = race(world, [make_entry("lobby", 0, id="a1", user=ADA)])
    entry = await append(world.chat, draft(), 0, Tally())
    assert (entry.seq, entry.content) == (1, Message("text 0"))
    assert log.seqs("lobby") == [1]


async def test_gives_up_after_too_many_lost_races(world: Room) -> None:
    race(world, [make_entry("lobby", 0, id=f"r{n}") for n in range(ATTEMPTS)])
    with pytest.raises(RoomBusyError):
        await append(world.chat, draft(), 0, Tally())
    assert max(world.surroundings.slept_s) <= 0.5


async def test_a_transaction_that_conflicts_takes_the_same_number_again(world: Room) -> None:
    class Busy(FakeLog):
        puts = 0

        async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
            self.puts += 1
            return self.puts > 1 and await super().put(entry, revisions, receipt_s=receipt_s)

    log = Busy()
    world.chat = world.chat._replace(log=log)
    assert (await append(world.chat, draft(), 0, Tally())).seq == 1


async def test_refuses_a_position_too_far_back_to_rule_out_an_earlier_attempt(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in range(1, 20)])
    world.log.bound = 10
    with pytest.raises(AfterTooOldError, match="after=3"):
        await append(world.chat, draft(), 3, Tally())
    assert (await append(world.chat, draft(), 15, Tally())).seq == 20


async def test_without_a_position_the_newest_hundred_are_searched(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", seq) for seq in range(1, 151)])
    world.fill("lobby", [make_entry("lobby", 51, id="a1", user=ADA)])
    assert (await append(world.chat, draft(), None, Tally())).seq == 51


async def test_reads_once_and_writes_once(world: Room) -> None:
    class Counting(FakeLog):
        calls: tuple[str, ...] = ()

        async def read(self, room: str, **bounds: int | bool | None) -> LogPage:
            self.calls += ("read",)
            return await super().read(room, **bounds)  # type: ignore[arg-type]

        async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
            self.calls += ("put",)
            return await super().put(entry, revisions, receipt_s=receipt_s)

    log = Counting()
    world.chat = world.chat._replace(log=log)
    log.entries["lobby", 7] = make_entry("lobby", 7)
    await append(world.chat, draft(), 7, Tally())
    assert log.calls == ("read", "put")


async def test_an_entry_expires_only_once_its_successor_is_written() -> None:
    world = Room(retention_s=60)
    now_s = world.surroundings.ms // 1000
    await append(world.chat, draft("a1"), 0, Tally())
    assert [entry.expires_at_s for entry in world.log.entries.values()] == [None]
    await append(world.chat, draft("a2"), 1, Tally())
    assert [entry.expires_at_s for entry in world.log.entries.values()] == [now_s + 60, None]


async def test_numbers_go_on_after_everything_but_the_newest_has_expired(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", 41)])
    assert (await append(world.chat, draft(), 3, Tally())).seq == 42


async def test_a_restored_table_starts_a_new_epoch(world: Room) -> None:
    world.fill("lobby", [make_entry("lobby", 5, epoch="elsewhere.x")])
    entry = await append(world.chat, draft(), 5, Tally())
    assert (entry.seq, entry.epoch) == (6, "table.t1")
    following = await append(world.chat, draft("a2"), 6, Tally())
    assert following.epoch == "table.t1"
