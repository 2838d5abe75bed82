"""Entries on their way to everybody: at once in small rooms, by jobs in large ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Sequence
from typing import Any

import pytest

from chat.domain import delivery
from chat.domain.chat import Tally
from chat.domain.delivery import SHARD_LEAST, SHARD_MOST, deliver, pack, stream_audience
from chat.domain.model import WHOLE, Job, Shard
from chat.domain.ports import AudiencePage
from chat.protocol.errors import UnavailableError
from chat.protocol.limits import FRAME_BYTES
from chat_client.entries import Message
from chat_client.parser import parse_frame
from chat_client.room import Page
from chat_client.room import Room as RoomLog
from tests.unit.domain.conftest import Room


def fill(world: Room, count: int, room: str = "hall") -> list[str]:
    """Let so many others into a room."""
    for number in range(count):
        world.enter(f"c{number}", room)
    return [f"c{number}" for number in range(count)]


async def work(world: Room) -> None:
    """Do what waits in the queue, and what comes of it."""
    while groups := world.deliveries.take():
        for jobs in groups:
            await deliver(world.chat, Tally(), jobs)


def events(world: Room, connection_id: str) -> list[dict[str, Any]]:
    """What was pushed to a connection, batches taken apart."""
    frames = world.pushed(connection_id)
    return [event for frame in frames for event in (frame["events"] if frame["type"] == "batch" else [frame])]


@pytest.fixture
def world() -> Room:
    return Room(inline_limit=10)


@pytest.mark.parametrize(("others", "jobs"), [(9, 0), (10, 1)])
async def test_a_room_over_the_limit_is_pushed_to_by_the_queue(world: Room, others: int, jobs: int) -> None:
    everybody = fill(world, others)
    ada = world.enter("ada", "hall")
    ack = await world.ask(ada, "send", room="hall", id="m1", text="hi")
    assert (ack["seq"], ada.tally.jobs, len(world.deliveries.jobs)) == (1, jobs, jobs)
    await work(world)
    assert {tuple(frame["text"] for frame in world.pushed(each)) for each in everybody} == {("hi",)}
    assert world.pushed("ada") == []


async def test_presence_typing_and_cursors_are_hints_and_entries_are_not(world: Room) -> None:
    world.enter("ada", "den")
    bob = world.connect("bob")
    await world.ask(bob, "join", room="den")
    await world.tell(bob, "typing", room="den")
    await world.ask(bob, "send", room="den", id="m1", text="hi")
    await world.ask(bob, "read", room="den", seq=1)
    assert [json.loads(frame)["type"] for frame in world.fan_out.hints] == ["presence", "typing", "read"]
    assert [frame["type"] for frame in world.pushed("ada")] == ["presence", "typing", "message", "read"]


async def test_expired_rows_do_not_make_a_room_large(world: Room) -> None:
    fill(world, 30)
    world.surroundings.ms += 7_800_000
    ada = world.enter("ada", "hall")
    await world.ask(ada, "send", room="hall", id="m1", text="hi")
    assert ada.tally.jobs == 0


async def test_entries_that_wait_together_leave_in_one_frame(world: Room) -> None:
    everybody = fill(world, 20)
    ada, bob = world.enter("ada", "hall"), world.enter("bob", "hall")
    for number in range(3):
        await world.ask(ada, "send", room="hall", id=f"a{number}", text=f"a{number}")
    await world.ask(bob, "send", room="hall", id="b", text="b")
    await work(world)
    (batch,) = world.pushed(everybody[0])
    assert batch["type"] == "batch"
    assert [event["seq"] for event in batch["events"]] == [1, 2, 3, 4]
    # What somebody sent was told by its ack.
    assert [frame["text"] for frame in world.pushed("ada")] == ["b"]
    assert [event["text"] for event in events(world, "bob")] == ["a0", "a1", "a2"]


def test_a_batch_is_at_most_a_frame_long_and_keeps_the_order() -> None:
    frames = [
        json.dumps({"type": "x", "n": number, "text": "\u00e9" * 3_000}, ensure_ascii=False) for number in range(20)
    ]
    packed = pack(frames)
    assert max(map(len, packed)) <= FRAME_BYTES
    assert len(packed) == 4
    assert [event["n"] for frame in packed for event in json.loads(frame)["events"]] == list(range(20))
    assert pack(frames[:1]) == [frames[0].encode()]
    assert pack([]) == []


def test_frames_that_just_fit_are_not_too_many() -> None:
    envelope = len('{"type":"batch","events":[,]}')
    fitting = ["x" * ((FRAME_BYTES - envelope) // 2)] * 2
    assert [len(frame) <= FRAME_BYTES for frame in pack(fitting)] == [True]
    assert len(pack([*fitting, "x"])) == 2


async def test_a_large_room_is_cut_into_shards_that_miss_nobody(world: Room) -> None:
    everybody = fill(world, 300)
    world.standings.shards["hall"] = 8
    ada = world.enter("ada", "hall")
    await world.ask(ada, "send", room="hall", id="m1", text="hi")
    groups = world.deliveries.take()
    assert [jobs[0].shard for jobs in groups] == [Shard(index, 8) for index in range(8)]
    for jobs in groups:
        await deliver(world.chat, Tally(), jobs)
    assert [len(world.pushed(each)) for each in everybody] == [1] * 300


async def test_a_retry_puts_the_same_job(world: Room) -> None:
    fill(world, 20)
    ada = world.enter("ada", "hall")
    for _ in range(2):
        await world.ask(ada, "send", room="hall", id="m1", text="hi", after=0)
    assert len(world.deliveries.jobs) == 1


async def test_no_ack_before_the_jobs_are_stored(world: Room) -> None:
    fill(world, 20)
    ada = world.enter("ada", "hall")

    async def fail(jobs: Any) -> None:
        raise UnavailableError("no queue")

    world.deliveries.put = fail  # type: ignore[method-assign]
    reply = await world.ask(ada, "send", room="hall", id="m1", text="hi")
    assert (reply["code"], reply["retryable"]) == ("server.unavailable", True)


async def test_who_was_missed_gets_it_in_a_second_attempt(world: Room) -> None:
    everybody = fill(world, 20)
    ada = world.enter("ada", "hall")
    world.fan_out.failing = {"c3", "c4"}
    await world.ask(ada, "send", room="hall", id="m1", text="hi")
    for jobs in world.deliveries.take():
        await deliver(world.chat, Tally(), jobs)
    (again,) = world.deliveries.jobs.values()
    assert sorted(again.connections) == ["c3", "c4"]
    world.fan_out.failing = set()
    await work(world)
    assert [len(world.pushed(each)) for each in everybody] == [1] * 20


async def test_who_was_missed_in_a_small_room_gets_it_by_the_queue(world: Room) -> None:
    world.enter("c1", "hall")
    world.enter("c2", "hall")
    ada = world.enter("ada", "hall")
    world.fan_out.failing = {"c2"}
    await world.ask(ada, "send", room="hall", id="m1", text="hi")
    world.fan_out.failing = set()
    await work(world)
    assert [len(world.pushed(each)) for each in ("c1", "c2")] == [1, 1]


@pytest.mark.parametrize("inline_limit", [0, 10])
async def test_who_was_missed_and_has_left_since_gets_it_no_more(inline_limit: int) -> None:
    world = Room(inline_limit=inline_limit)
    ada, bob, _ = (world.enter(each, "hall") for each in ("ada", "bob", "eve"))
    world.fan_out.failing = {"bob", "eve"}
    await world.ask(ada, "send", room="hall", id="m1", text="hi")
    for jobs in world.deliveries.take() if inline_limit == 0 else ():
        await deliver(world.chat, Tally(), jobs)
    world.fan_out.failing = set()
    await world.ask(bob, "leave", room="hall")
    await work(world)
    assert [[event["type"] for event in events(world, each)] for each in ("bob", "eve")] == [
        [],
        ["presence", "message"],
    ]


async def test_who_was_missed_in_a_direct_room_gets_it_by_the_queue(world: Room) -> None:
    ada = world.connect("ada")
    world.connect("bob")
    world.fan_out.failing = {"bob"}
    await world.ask(ada, "send", to="bob", id="m1", text="hi")
    world.fan_out.failing = set()
    await work(world)
    assert [frame["text"] for frame in world.pushed("bob")] == ["hi"]


async def test_presence_and_typing_are_not_tried_again(world: Room) -> None:
    world.enter("c1", "hall")
    world.fan_out.failing = {"c1"}
    ada = world.connect("ada")
    await world.ask(ada, "join", room="hall")
    await world.tell(ada, "typing", room="hall")
    assert (ada.tally.failed, world.deliveries.jobs) == (2, {})


async def test_who_is_missed_twice_is_left_to_the_queue(world: Room) -> None:
    world.enter("c1", "hall")
    world.fan_out.failing = {"c1"}
    job = Job("hall", WHOLE, "e:1", '{"type":"x"}', connections=["c1"])
    with pytest.raises(UnavailableError, match="could not be reached"):
        await deliver(world.chat, Tally(), [job])


async def test_the_order_of_whole_and_repeated_jobs_is_kept(world: Room) -> None:
    fill(world, 3)
    frames = [json.dumps({"n": number}) for number in range(4)]
    jobs = [
        Job("hall", WHOLE, "e:0", frames[0]),
        Job("hall", WHOLE, "e:1", frames[1], connections=["c1"]),
        Job("hall", WHOLE, "e:2", frames[2]),
        Job("hall", WHOLE, "e:3", frames[3]),
    ]
    await deliver(world.chat, Tally(), jobs)
    got = [json.loads(frame) for receiver, frame in world.fan_out.frames if receiver == "c1"]
    assert got == [{"n": 0}, {"n": 1}, {"type": "batch", "events": [{"n": 2}, {"n": 3}]}]


@pytest.mark.parametrize(
    ("members", "before", "after"),
    [
        (SHARD_MOST, 1, 1),
        (SHARD_MOST + 1, 1, 2),
        (SHARD_LEAST - 100, 2, 1),
        (SHARD_LEAST - 100, 1, 1),
        (3 * SHARD_LEAST, 2, 2),
    ],
)
async def test_the_number_of_shards_follows_the_room(world: Room, members: int, before: int, after: int) -> None:
    fill(world, members)
    world.standings.shards["hall"] = before
    for shard in WHOLE.split(before):
        await deliver(world.chat, Tally(), [Job("hall", shard, "e:1", "{}")])
    assert world.standings.shards["hall"] == after


async def test_what_was_delivered_stays_so_where_the_number_of_shards_can_not_be_changed(
    world: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> Any:
        raise UnavailableError("too late")

    everybody = fill(world, SHARD_MOST + 1)
    monkeypatch.setattr(world.standings, "set_shards", fail)
    await deliver(world.chat, Tally(), [Job("hall", WHOLE, "e:1", "{}")])
    assert len(world.fan_out.frames) == len(everybody)


async def test_a_number_of_shards_from_before_is_no_more_than_allowed_now(world: Room) -> None:
    fill(world, 20)
    world.standings.shards["hall"] = 256
    await world.ask(world.enter("ada", "hall"), "send", room="hall", id="m1", text="hi")
    assert {job.shard.of for job in world.deliveries.jobs.values()} == {32}


async def test_there_are_no_more_shards_than_allowed(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "SHARD_MOST", 5)
    monkeypatch.setattr(delivery, "SHARD_LEAST", 1)
    fill(world, 2_000)
    world.standings.shards["hall"] = 32
    await deliver(world.chat, Tally(), [Job("hall", Shard(0, 32), "e:1", "{}")])
    assert world.standings.shards["hall"] == 32


async def test_a_change_of_the_number_loses_and_repeats_nothing(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of both numbers wait at once: each was cut for the whole room."""
    monkeypatch.setattr(delivery, "SHARD_MOST", 40)
    everybody = fill(world, 150)
    ada = world.enter("ada", "hall")
    for number in range(12):
        await world.ask(ada, "send", room="hall", id=f"{number}", text=f"{number}")
        if number % 3 == 2:
            groups = world.deliveries.take()
            for jobs in reversed(groups):
                await deliver(world.chat, Tally(), jobs)
    assert world.standings.shards["hall"] > 1
    for each in everybody:
        assert sorted(event["seq"] for event in events(world, each)) == list(range(1, 13))


async def test_a_shard_that_is_far_too_large_is_cut_before_it_is_done(
    world: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "OVERFULL", 100)
    monkeypatch.setattr(delivery, "SHARD_LEAST", 1)
    world.connections.page_members = 10
    everybody, ada = fill(world, 600), world.enter("ada", "hall")
    for number in range(3):
        await world.ask(ada, "send", room="hall", id=f"{number}", text=f"{number}")
    ((*jobs,),) = world.deliveries.take()
    await deliver(world.chat, Tally(), jobs)
    # A page more from each reader at most.
    assert 100 < len(world.fan_out.frames) <= 150
    assert (world.standings.shards["hall"], len(world.deliveries.jobs)) == (32, 32 * 3)
    await work(world)
    for each in everybody:
        assert [event["seq"] for event in events(world, each)][-3:] == [1, 2, 3]
    assert world.pushed("ada") == []


async def test_who_is_gone_is_forgotten_before_a_shard_is_cut(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "OVERFULL", 100)
    world.connections.page_members = 10
    world.fan_out.gone = set(fill(world, 600))
    world.surroundings.ms += 60_000
    await deliver(world.chat, Tally(), [Job("hall", WHOLE, "e:1", "{}")])
    assert 0 < 600 - len(world.connections.members) <= 150


async def test_a_full_shard_that_may_not_be_cut_is_done(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "OVERFULL", 100)
    everybody = fill(world, 600)
    for shard in WHOLE.split(2):
        await deliver(world.chat._replace(shards_most=2), Tally(), [Job("hall", shard, "e:1", "{}")])
    assert world.deliveries.jobs == {}
    assert sorted(receiver for receiver, _ in world.fan_out.frames) == sorted(everybody)


async def test_many_who_were_missed_are_queued_in_jobs_that_fit(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MISSED_MOST", 20)
    everybody, ada = fill(world, 50), world.enter("ada", "hall")
    for number in range(2):
        await world.ask(ada, "send", room="hall", id=f"{number}", text=f"{number}")
    world.fan_out.failing = set(everybody)
    for jobs in world.deliveries.take():
        await deliver(world.chat, Tally(), jobs)
    assert [len(job.connections) for job in world.deliveries.jobs.values()] == [20, 20, 20, 20, 10, 10]
    world.fan_out.failing = set()
    await work(world)
    for each in everybody:
        assert [event["seq"] for event in events(world, each)] == [1, 2]


async def test_what_two_numbers_of_shards_bring_out_of_order_is_shown_in_order(world: Room) -> None:
    everybody = fill(world, 60)
    ada = world.enter("ada", "hall")
    for number, shards in enumerate((8, 8, 4, 4, 16)):
        world.standings.shards["hall"] = shards
        await world.ask(ada, "send", room="hall", id=f"{number}", text=f"{number}")
    # The newest number's jobs are done first.
    for jobs in reversed(world.deliveries.take()):
        await deliver(world.chat, Tally(), jobs)
    for each in everybody:
        arrived = [parse_frame(json.dumps(event)) for event in events(world, each)]
        log = RoomLog("hall", gap_s=0.5)
        log.take_page(Page(None, (), more=False, reset=False, truncated=False), None, 0)
        shown = [entry.seq for entry in arrived if isinstance(entry, Message) for entry in log.take_entry(entry, 0)]
        assert [entry.seq for entry in arrived if isinstance(entry, Message)] == [5, 3, 4, 1, 2]
        assert (shown, log.gap_due_s) == ([1, 2, 3, 4, 5], None)


async def test_the_first_are_posted_to_before_the_last_page_is_read(
    world: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(world, 400)
    world.connections.page_members = 10
    reads: list[Shard] = []
    page_audience, post = world.connections.page_audience, world.fan_out.deliver

    async def read(room: str, start: str | None, limit: int | None, shard: Shard) -> AudiencePage:
        reads.append(shard)
        return await page_audience(room, start, limit, shard)

    async def watch(pages: AsyncIterable[Sequence[str]], *arguments: Any, **options: Any) -> Any:
        assert await anext(aiter(pages))
        assert len(reads) < 20
        return await post(pages, *arguments, **options)

    monkeypatch.setattr(world.connections, "page_audience", read)
    monkeypatch.setattr(world.fan_out, "deliver", watch)
    await deliver(world.chat, Tally(), [Job("hall", WHOLE, "e:1", "{}")])
    assert len(reads) >= 40


async def test_the_audience_is_streamed_while_it_is_read(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world, 400)
    world.connections.page_members = 20
    reads = 0
    page_audience = world.connections.page_audience

    async def count(*arguments: Any) -> Any:
        nonlocal reads
        reads += 1
        return await page_audience(*arguments)

    monkeypatch.setattr(world.connections, "page_audience", count)
    stream = stream_audience(world.chat, "hall", WHOLE)
    seen = len(await anext(stream))
    assert 0 < seen <= 20
    # Four readers, and what the queue between holds.
    assert reads <= 12
    async for page in stream:
        seen += len(page)
    assert seen == 400


async def test_a_read_that_fails_ends_the_delivery(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(world, 100)

    async def fail(*_: Any) -> Any:
        raise UnavailableError("too late")

    monkeypatch.setattr(world.connections, "page_audience", fail)
    with pytest.raises(UnavailableError, match="too late"):
        await deliver(world.chat, Tally(), [Job("hall", WHOLE, "e:1", "{}")])
