"""Getting an entry to everybody in a room, however large: at once, or by a queue that keeps the order.

A small room is pushed to by whoever appends. A large one is cut into shards, ranges of its index, with a job for each:
the entry counts as pushed once the jobs are durably queued. A function then takes what waits for one shard together.
"""

from __future__ import annotations

from asyncio import Queue, create_task, gather
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing, suppress
from itertools import groupby
from math import inf

from chat.domain.audience import drop_expired, forget, leave_out, post, post_to, read_audience
from chat.domain.chat import Caller, Chat, Tally
from chat.domain.model import WHOLE, Device, Entry, Job, Shard
from chat.domain.ports import Delivery
from chat.domain.replies import pushed
from chat.protocol.errors import UnavailableError
from chat.protocol.fields import split_direct_room
from chat.protocol.frames import encode_frame
from chat.protocol.limits import FRAME_BYTES

# With more connections than this in a shard it takes too long to post to; with so few, another half does no harm.
SHARD_MOST = 2_000
SHARD_LEAST = 500
# Where even this many are posted to, those are not the last: the shard is cut before it is done.
OVERFULL = 8_000
# Whoever was missed stands in a job by their id; SQS takes a quarter of a megabyte.
MISSED_MOST = 1_000
# Parts of a shard that are read at a time, and how many connections at once: the first posts leave early.
_READERS = 4
_PAGE = 500


async def push(chat: Chat, caller: Caller, entry: Entry) -> None:
    """Push an entry to everybody in its room but the caller, or queue that durably."""
    frame = pushed(entry)
    job = Job(entry.room, WHOLE, f"{entry.epoch}:{entry.seq}", encode_frame(frame).decode(), caller.connection_id)
    audience = await _read_inline_audience(chat, entry.room)
    if audience is None:
        shards = WHOLE.split(min(await chat.standings.count_shards(entry.room), chat.shards_most))
        await _put(chat, caller.tally, [job._replace(shard=shard) for shard in shards])
        return
    delivery = await post_to(chat, caller.tally, leave_out(audience, caller), frame)
    await _settle(chat, caller.tally, delivery, _make_second_jobs([job], delivery.missed))


async def deliver(chat: Chat, tally: Tally, jobs: Sequence[Job]) -> None:
    """Do jobs of one room and shard that wait together, in their order, and with as few posts as they fit into.

    Raises:
        UnavailableError: somebody could not be reached, in a second attempt. All of them may be done again.
    """
    for (shard, connections), group in groupby(jobs, lambda job: (job.shard, tuple(job.connections))):
        waiting = list(group)
        if connections:
            await _deliver_again(chat, tally, waiting)
        else:
            await _deliver_shard(chat, tally, shard, waiting)


async def _deliver_shard(chat: Chat, tally: Tally, shard: Shard, jobs: Sequence[Job]) -> None:
    room, counted, parts = jobs[0].room, 0, _cut(chat, shard)
    most = OVERFULL if len(parts) > 1 else inf

    async def list_ids() -> AsyncIterator[Sequence[str]]:
        nonlocal counted
        async with aclosing(stream_audience(chat, room, shard)) as pages:
            async for devices in pages:
                counted += len(devices)
                yield [device.connection_id for device in devices]
                if counted > most:
                    break

    delivery = await post(chat, tally, list_ids(), pack(job.frame for job in jobs), _leave_senders_out(jobs))
    if counted > most:
        # Those who have it get it again, and drop it.
        await _settle(chat, tally, delivery, [job._replace(shard=part) for part in parts for job in jobs])
        await _set_shards(chat, room, parts[0].of, shard.of)
        return
    await _settle(chat, tally, delivery, _make_second_jobs(jobs, delivery.missed))
    await _adapt(chat, room, shard.of, counted)


async def _settle(chat: Chat, tally: Tally, delivery: Delivery, left: Sequence[Job]) -> None:
    """Queue what is left to do, and forget those who are gone."""
    await gather(_put(chat, tally, left), forget(chat, delivery.gone))


def _make_second_jobs(jobs: Sequence[Job], missed: Sequence[str]) -> list[Job]:
    cuts = [missed[start : start + MISSED_MOST] for start in range(0, len(missed), MISSED_MOST)]
    return [job._replace(connections=connections) for connections in cuts for job in jobs]


async def _deliver_again(chat: Chat, tally: Tally, jobs: Sequence[Job]) -> None:
    """Post to those who were missed; who has left meanwhile, or was put out, is told no more."""
    room, waiting = jobs[0].room, set(jobs[0].connections)

    async def list_ids() -> AsyncIterator[Sequence[str]]:
        async for devices in _read_present(chat, room, jobs[0].shard):
            yield [device.connection_id for device in devices if device.connection_id in waiting]

    delivery = await post(chat, tally, list_ids(), pack(job.frame for job in jobs), {})
    await forget(chat, delivery.gone)
    if delivery.missed:
        raise UnavailableError(f"{len(delivery.missed)} connections of {room} could not be reached")


async def _read_present(chat: Chat, room: str, shard: Shard) -> AsyncIterator[Sequence[Device]]:
    if split_direct_room(room):
        yield await read_audience(chat, room)
        return
    async for devices in stream_audience(chat, room, shard):
        yield devices


def pack(frames: Iterable[str]) -> list[bytes]:
    """Put frames into as few as hold them: one alone stays as it is, several become a `batch` of at most 32 KB."""
    batches: list[list[str]] = []
    size_bytes = 0
    for frame in frames:
        frame_bytes = len(frame.encode()) + 1
        if not batches or size_bytes + frame_bytes > FRAME_BYTES:
            batches.append([])
            size_bytes = len('{"type":"batch","events":[]}')
        batches[-1].append(frame)
        size_bytes += frame_bytes
    return [
        (batch[0] if len(batch) == 1 else f'{{"type":"batch","events":[{",".join(batch)}]}}').encode()
        for batch in batches
    ]


def _leave_senders_out(jobs: Sequence[Job]) -> dict[str, list[bytes]]:
    """Leave what somebody sent out of what they get: their own connection was told by its ack."""
    senders = {job.sender for job in jobs if job.sender}
    return {sender: pack(job.frame for job in jobs if job.sender != sender) for sender in senders}


async def stream_audience(chat: Chat, room: str, shard: Shard) -> AsyncGenerator[list[Device], None]:
    """Read the live connections of a part of a room, several ranges at a time, page by page as they come."""
    pages: Queue[list[Device] | Exception | None] = Queue(_READERS)

    async def read(part: Shard) -> None:
        start: str | None = None
        try:
            while True:
                page = await chat.connections.page_audience(room, start, _PAGE, part)
                await pages.put(drop_expired(chat, page.members))
                start = page.next
                if start is None:
                    break
        except Exception as error:  # noqa: BLE001 - it is raised where the pages are awaited
            await pages.put(error)
        await pages.put(None)

    readers = [create_task(read(part)) for part in shard.split(_READERS)]
    try:
        running = len(readers)
        while running:
            page = await pages.get()
            if isinstance(page, Exception):
                raise page
            if page is None:
                running -= 1
            elif page:
                yield page
    finally:
        for reader in readers:
            reader.cancel()


async def _read_inline_audience(chat: Chat, room: str) -> list[Device] | None:
    """Read the connections of a room; None where they are too many to post to at once."""
    if split_direct_room(room):
        return await read_audience(chat, room)
    audience: list[Device] = []
    start: str | None = None
    while len(audience) <= chat.inline_limit:
        page = await chat.connections.page_audience(room, start, chat.inline_limit + 1)
        audience += drop_expired(chat, page.members)
        start = page.next
        if start is None and len(audience) <= chat.inline_limit:
            return audience
    return None


async def _put(chat: Chat, tally: Tally, jobs: Sequence[Job]) -> None:
    if jobs:
        await chat.deliveries.put(jobs)
        tally.jobs += len(jobs)


def _cut(chat: Chat, shard: Shard) -> Sequence[Shard]:
    """Cut a shard into as many parts as doubling comes to."""
    parts = 1
    while shard.of * parts * 2 <= chat.shards_most:
        parts *= 2
    return shard.split(parts)


async def _adapt(chat: Chat, room: str, shards: int, counted: int) -> None:
    """Cut the room into more shards or fewer, by what one of them turned out to hold."""
    if counted > SHARD_MOST and shards * 2 <= chat.shards_most:
        await _set_shards(chat, room, shards * 2, shards)
    elif counted < SHARD_LEAST and shards > 1:
        await _set_shards(chat, room, shards // 2, shards)


async def _set_shards(chat: Chat, room: str, shards: int, before: int) -> None:
    # What was delivered is not to be delivered again for this; the next job tries again.
    with suppress(UnavailableError):
        await chat.standings.set_shards(room, shards, before)
