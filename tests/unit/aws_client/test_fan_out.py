"""The fan-out: everybody once, then those who were throttled; and closing sockets."""

import asyncio
from collections import Counter
from urllib.parse import unquote

import pytest

from chat.aws.fan_out import InlineFanOut
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeDeadline, FakeTime
from tests.unit.aws_client.servers import Answer, Request, ScriptedServer, answer_with, reply, serve

CONCURRENCY = 20


def answer_by_id(**statuses: int) -> Answer:
    """Answer each connection with its own status, which stands under the first letter of its id."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(statuses[read_id(request)[0]]))

    return answer


def read_id(request: Request) -> str:
    return unquote(request.path.removeprefix("/chat/@connections/"))


def make_fan_out(connect: Connect, server: ScriptedServer, fake_time: FakeTime) -> InlineFanOut:
    client = connect(f"{server.url}/chat", max_connections=CONCURRENCY)
    return InlineFanOut(client, FakeDeadline(fake_time), concurrency=CONCURRENCY)


async def test_a_frame_reaches_each_connection_once(connect: Connect, fake_time: FakeTime) -> None:
    ids = [f"a{number}+/=" for number in range(50)]
    async with serve(answer_with(reply(200))) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver(ids, b'{"type":"message"}')
    assert (delivery.delivered, list(delivery.gone), delivery.failed) == (50, [], 0)
    assert sorted(map(read_id, server.requests)) == sorted(ids)
    assert {request.method for request in server.requests} == {"POST"}
    assert {request.body for request in server.requests} == {b'{"type":"message"}'}
    assert {request.path.count("/") for request in server.requests} == {3}
    assert server.most_open_connections == CONCURRENCY


async def test_throttled_connections_hold_nobody_back(connect: Connect, fake_time: FakeTime) -> None:
    throttled, good = [f"t{number}" for number in range(100)], [f"g{number}" for number in range(500)]
    started_s = fake_time.now_s
    async with serve(answer_by_id(t=429, g=200)) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver([*throttled, *good], b"{}")
    assert (delivery.delivered, list(delivery.gone), delivery.failed) == (500, [], 100)
    asked = [read_id(request) for request in server.requests]
    # One attempt for each, and only then the second one for anybody.
    assert Counter(asked[:600]) == Counter([*throttled, *good])
    assert set(asked[600:]) <= set(throttled)
    assert len(asked) > 600
    assert 0 < fake_time.now_s - started_s <= 3


@pytest.mark.parametrize("first", [reply(429), reply(500), reply(503), b""], ids=repr)
async def test_who_could_not_be_reached_at_once_is_reached_later(
    connect: Connect, fake_time: FakeTime, first: bytes
) -> None:
    async with serve(answer_with(first, reply(200))) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver(["a"], b"{}")
    assert (delivery.delivered, delivery.failed) == (1, 0)
    assert len(server.requests) == 2


async def test_who_is_gone_is_told_and_not_asked_again(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_by_id(a=200, x=410)) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver(["x1", "a1", "x2"], b"{}")
    assert (delivery.delivered, sorted(delivery.gone), delivery.failed) == (1, ["x1", "x2"], 0)
    assert len(server.requests) == 3


async def test_who_is_gone_at_the_second_attempt_is_gone(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(429), reply(410))) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver(["a"], b"{}")
    assert (delivery.delivered, list(delivery.gone), delivery.failed) == (0, ["a"], 0)


@pytest.mark.parametrize("status", [400, 403, 413])
async def test_a_post_that_is_refused_fails_alone(connect: Connect, fake_time: FakeTime, status: int) -> None:
    async with serve(answer_by_id(a=200, x=status)) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver(["x1", "a1"], b"{}")
    assert (delivery.delivered, list(delivery.gone), delivery.failed) == (1, [], 1)


async def test_after_the_deadline_nobody_is_asked(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        fan_out = make_fan_out(connect, server, fake_time)
        fake_time.now_s += 29
        delivery = await fan_out.deliver(["a", "b"], b"{}")
    assert (delivery.delivered, delivery.failed) == (0, 2)
    assert server.requests == []


async def test_to_nobody_nothing_is_sent(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        delivery = await make_fan_out(connect, server, fake_time).deliver([], b"{}")
    assert (delivery.delivered, list(delivery.gone), delivery.failed) == (0, [], 0)
    assert server.all_connections == 0


async def test_sockets_are_closed_by_delete(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(429), reply(204))) as server:
        await make_fan_out(connect, server, fake_time).close(["a=", "b="])
    assert {request.method for request in server.requests} == {"DELETE"}
    assert Counter(map(read_id, server.requests)).keys() == {"a=", "b="}
    assert len(server.requests) == 3


async def test_a_socket_that_can_not_be_closed_is_left(connect: Connect, fake_time: FakeTime) -> None:
    started_s = fake_time.now_s
    async with serve(answer_by_id(a=204, g=410, s=503)) as server:
        await make_fan_out(connect, server, fake_time).close(["s1", "g1", "a1"])
    assert {"g1", "a1"} <= set(map(read_id, server.requests))
    assert fake_time.now_s - started_s <= 3
