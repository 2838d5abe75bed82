"""The pool: connections that are kept, bounded, opened ahead, and given to who waits."""

import asyncio
from random import Random

import pytest

from chat.aws.client import AwsUnavailable, Payload, connections
from chat.aws.client.opening import Opener
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import Request, answer_with, never_answer, reply, serve


async def test_calls_one_after_the_other_share_a_connection(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url)
        for _ in range(5):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert [request.connection for request in server.requests] == [1] * 5


async def test_never_more_connections_than_the_bound(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.005)
        writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url, max_connections=3)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(20)]
        await asyncio.gather(*sends)
    assert len(server.requests) == 20
    assert (server.most_open_connections, server.all_connections) == (3, 3)


async def test_who_waits_for_a_connection_waits_no_longer_than_the_deadline(
    connect: Connect, fake_time: FakeTime
) -> None:
    async with serve(never_answer) as server:
        client = connect(server.url, max_connections=1)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 0.1) for _ in range(3)]
        failures = await asyncio.gather(*sends, return_exceptions=True)
    assert [type(failure) for failure in failures] == [AwsUnavailable] * 3
    assert len(server.requests) == 1


async def test_cancelled_requests_give_their_slots_back(connect: Connect, fake_time: FakeTime) -> None:
    dice = Random(1)
    everybody_is_here = asyncio.Barrier(3)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path == "/together":
            await everybody_is_here.wait()
        writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url, max_connections=3)

        async def send(path: str) -> None:
            await client.send("POST", path, Payload(), deadline=fake_time.now_s + 5)

        sends = [asyncio.create_task(send("/alone")) for _ in range(100)]
        while not all(task.done() for task in sends):
            dice.choice(sends).cancel()
            await asyncio.sleep(0)
        assert any(task.cancelled() for task in sends)
        await asyncio.gather(*(send("/together") for _ in range(3)))
    assert server.requests[-1].path == "/together"


async def test_a_kept_connection_that_breaks_is_replaced_at_once(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if len(server.requests) == 2:
            writer.transport.abort()
        else:
            writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url)
        for _ in range(2):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert [request.connection for request in server.requests] == [1, 1, 2]
    assert fake_time.slept_s == []


async def test_connections_are_opened_ahead_and_used(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url, max_connections=30)
        client.open_ahead(40)
        await server.wait_for_connections(30)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(60)]
        await asyncio.gather(*sends)
    assert (server.all_connections, len(server.requests)) == (30, 60)


async def test_a_connection_that_was_opened_ahead_and_broke_is_replaced_at_once(
    connect: Connect, fake_time: FakeTime
) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection == 1:
            writer.transport.abort()
        else:
            writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url)
        client.open_ahead(1)
        await server.wait_for_connections(1)
        await asyncio.sleep(0.01)
        answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False)
    assert (answered.status, len(server.requests)) == (200, 2)


async def test_who_waits_gets_the_first_connection_that_is_free(
    connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One opens and the other never does: both requests go over the first."""
    openings = 0

    async def open_or_hang(self: Opener, timeout_s: float) -> connections.Connection:
        nonlocal openings
        openings += 1
        if openings == 2:
            await asyncio.Event().wait()
        return await open_now(self, timeout_s)

    open_now = Opener.open
    monkeypatch.setattr(Opener, "open", open_or_hang)
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(2)]
        await asyncio.gather(*sends)
        await client.close()
    assert (openings, [request.connection for request in server.requests]) == (2, [1, 1])


async def test_an_opening_that_fails_fails_one_request(
    connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_fail = iter([True, False, False])

    async def open_or_fail(self: Opener, timeout_s: float) -> connections.Connection:
        if next(may_fail):
            raise ConnectionRefusedError
        return await open_now(self, timeout_s)

    open_now = Opener.open
    monkeypatch.setattr(Opener, "open", open_or_fail)
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5, is_retried=False) for _ in range(3)]
        results = await asyncio.gather(*sends, return_exceptions=True)
    assert sum(isinstance(result, AwsUnavailable) for result in results) == 1
    assert len(server.requests) == 2


async def test_openings_that_end_with_their_invocation_leave_their_places(
    connect: Connect, fake_time: FakeTime
) -> None:
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url, max_connections=3)
        for turns in range(3):
            client.open_ahead(3)
            for _ in range(turns):
                await asyncio.sleep(0)
            openings = set(client._outlet.pool._openings)
            for opening in openings:
                opening.cancel()
            await asyncio.gather(*openings, return_exceptions=True)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(6)]
        await asyncio.gather(*sends)
    assert len(server.requests) == 6
