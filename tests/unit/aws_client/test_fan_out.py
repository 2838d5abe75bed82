"""The fan-out: everybody once, then those who were throttled; and closing sockets."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from urllib.parse import unquote

import pytest

from chat.aws.fan_out import ConcurrentFanOut
from chat.domain.audience import one_page
from chat.domain.ports import Delivery
from chat.protocol.errors import UnavailableError
from chat_client.entries import Message
from chat_client.parser import parse_frame
from chat_client.room import Page, Room
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeDeadline, FakeTime
from tests.unit.aws_client.servers import Answer, Request, ScriptedServer, answer_with, never_answer, reply, serve
from tests.unit.chat_client import frames

CONCURRENCY = 20


def answer_by_id(**statuses: int) -> Answer:
    """Answer each connection with its own status, which stands under the first letter of its id."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(statuses[read_id(request)[0]]))

    return answer


def read_id(request: Request) -> str:
    return unquote(request.path.removeprefix("/chat/@connections/"))


def make_fan_out(connect: Connect, server: ScriptedServer, fake_time: FakeTime) -> ConcurrentFanOut:
    client = connect(f"{server.url}/chat", max_connections=CONCURRENCY)
    return ConcurrentFanOut(client, FakeDeadline(fake_time), concurrency=CONCURRENCY)


async def deliver(fan_out: ConcurrentFanOut, ids: Sequence[str], *frames: bytes) -> Delivery:
    return await fan_out.deliver(one_page(ids), frames, {})


async def test_a_frame_reaches_each_connection_once(connect: Connect, fake_time: FakeTime) -> None:
    ids = [f"a{number}+/=" for number in range(50)]
    async with serve(answer_with(reply(200))) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ids, b'{"type":"message"}')
    assert (delivery.delivered, list(delivery.gone), len(delivery.missed)) == (50, [], 0)
    assert sorted(map(read_id, server.requests)) == sorted(ids)
    assert {request.method for request in server.requests} == {"POST"}
    assert {request.body for request in server.requests} == {b'{"type":"message"}'}
    assert {request.path.count("/") for request in server.requests} == {3}
    assert server.most_open_connections == CONCURRENCY


async def test_throttled_connections_hold_nobody_back(connect: Connect, fake_time: FakeTime) -> None:
    throttled, good = [f"t{number}" for number in range(100)], [f"g{number}" for number in range(500)]
    skipped_s = fake_time.skipped_s
    async with serve(answer_by_id(t=429, g=200)) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), [*throttled, *good], b"{}")
    assert (delivery.delivered, list(delivery.gone), len(delivery.missed)) == (500, [], 100)
    asked = [read_id(request) for request in server.requests]
    # One attempt for each, and only then the second one for anybody.
    assert Counter(asked[:600]) == Counter([*throttled, *good])
    assert set(asked[600:]) <= set(throttled)
    assert len(asked) > 600
    assert 0 < fake_time.skipped_s - skipped_s <= 3


async def test_clients_that_never_read_hold_nobody_back(connect: Connect, fake_time: FakeTime) -> None:
    hanging, good = [f"h{number}" for number in range(CONCURRENCY - 1)], [f"g{number}" for number in range(100)]
    served: list[str] = []
    others_are_served = asyncio.Event()

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if read_id(request) in hanging:
            with suppress(TimeoutError):
                await asyncio.wait_for(others_are_served.wait(), 1)
        served.append(read_id(request))
        if set(good) <= set(served):
            others_are_served.set()
        writer.write(reply(200))

    async with serve(answer) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), [*hanging, *good], b"{}")
    assert delivery.delivered == len(hanging) + len(good)
    assert set(served[: len(good)]) == set(good)


async def test_a_hint_is_dropped_where_it_is_throttled(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_by_id(t=429, g=200)) as server:
        fan_out = make_fan_out(connect, server, fake_time)
        delivery = await fan_out.deliver(one_page(["t1", "g1"]), [b"{}"], {}, is_hint=True)
    assert (delivery.delivered, list(delivery.missed), len(server.requests)) == (1, ["t1"], 2)


@pytest.mark.parametrize("first", [reply(429), reply(500), reply(503), b""], ids=repr)
async def test_who_could_not_be_reached_at_once_is_reached_later(
    connect: Connect, fake_time: FakeTime, first: bytes
) -> None:
    async with serve(answer_with(first, reply(200))) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["a"], b"{}")
    assert (delivery.delivered, len(delivery.missed)) == (1, 0)
    assert len(server.requests) == 2


async def test_who_is_gone_is_told_and_not_asked_again(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_by_id(a=200, x=410)) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["x1", "a1", "x2"], b"{}")
    assert (delivery.delivered, sorted(delivery.gone), len(delivery.missed)) == (1, ["x1", "x2"], 0)
    assert len(server.requests) == 3


async def test_who_is_gone_at_the_second_attempt_is_gone(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(429), reply(410))) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["a"], b"{}")
    assert (delivery.delivered, list(delivery.gone), len(delivery.missed)) == (0, ["a"], 0)


@pytest.mark.parametrize("status", [400, 403, 413])
async def test_a_post_that_is_refused_fails_alone(connect: Connect, fake_time: FakeTime, status: int) -> None:
    async with serve(answer_by_id(a=200, x=status)) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["x1", "a1"], b"{}")
    assert (delivery.delivered, list(delivery.gone), len(delivery.missed)) == (1, [], 1)


async def test_after_the_deadline_nobody_is_asked(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        fan_out = make_fan_out(connect, server, fake_time)
        fake_time.skipped_s += 29
        delivery = await deliver(fan_out, ["a", "b"], b"{}")
    assert (delivery.delivered, len(delivery.missed)) == (0, 2)
    assert server.requests == []


async def test_to_nobody_nothing_is_sent(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), [], b"{}")
    assert (delivery.delivered, list(delivery.gone), len(delivery.missed)) == (0, [], 0)
    assert server.all_connections == 0


async def test_sockets_are_closed_by_delete(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(429), reply(204))) as server:
        await make_fan_out(connect, server, fake_time).close(["a=", "b="])
    assert {request.method for request in server.requests} == {"DELETE"}
    assert Counter(map(read_id, server.requests)).keys() == {"a=", "b="}
    assert len(server.requests) == 3


async def test_a_socket_that_can_not_be_closed_is_left(connect: Connect, fake_time: FakeTime) -> None:
    skipped_s = fake_time.skipped_s
    async with serve(answer_by_id(a=204, g=410, s=503)) as server:
        await make_fan_out(connect, server, fake_time).close(["s1", "g1", "a1"])
    assert {"g1", "a1"} <= set(map(read_id, server.requests))
    assert fake_time.skipped_s - skipped_s <= 3


async def test_frames_arrive_in_order_and_go_on_where_they_stopped(connect: Connect, fake_time: FakeTime) -> None:
    answers = {"1": [200], "2": [429, 200], "3": [200]}

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        planned = answers[request.body.decode()]
        writer.write(reply(planned.pop(0) if len(planned) > 1 else planned[0]))

    async with serve(answer) as server:
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["a"], b"1", b"2", b"3")
    assert [request.body for request in server.requests] == [b"1", b"2", b"2", b"3"]
    assert (delivery.delivered, list(delivery.missed)) == (3, [])


async def test_some_get_other_frames_or_none(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        fan_out = make_fan_out(connect, server, fake_time)
        delivery = await fan_out.deliver(one_page(["a", "b", "c"]), [b"1"], {"b": [b"2"], "c": []})
    assert {read_id(request): request.body for request in server.requests} == {"a": b"1", "b": b"2"}
    assert delivery.delivered == 2


async def test_posts_begin_before_the_last_page_is_read(connect: Connect, fake_time: FakeTime) -> None:
    has_come = asyncio.Event()

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        has_come.set()
        writer.write(reply(200))

    async with serve(answer) as server:

        async def pages() -> AsyncIterator[Sequence[str]]:
            yield ["a"]
            await has_come.wait()
            yield ["b"]

        delivery = await make_fan_out(connect, server, fake_time).deliver(pages(), [b"{}"], {})
    assert delivery.delivered == 2


async def test_a_hint_waits_for_nobody(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if read_id(request) == "good":
            writer.write(reply(200))

    async with serve(answer) as server:
        began_s = asyncio.get_running_loop().time()
        fan_out = make_fan_out(connect, server, fake_time)
        delivery = await fan_out.deliver(one_page(["hangs", "good"]), [b"{}"], {}, is_hint=True)
        took_s = asyncio.get_running_loop().time() - began_s
    assert (delivery.delivered, list(delivery.missed)) == (1, ["hangs"])
    assert took_s < 2


async def test_no_more_is_read_than_can_be_posted_soon(connect: Connect, fake_time: FakeTime) -> None:
    waiting: list[int] = []

    async with serve(answer_with(reply(200))) as server:

        async def pages() -> AsyncIterator[Sequence[str]]:
            for number in range(10):
                yield [f"{number}-{member}" for member in range(500)]
                waiting.append(500 * (number + 1) - len(server.requests))

        delivery = await make_fan_out(connect, server, fake_time).deliver(pages(), [b"{}"], {})
    assert delivery.delivered == 5_000
    # So many wait, and each of the connections has one under way.
    assert max(waiting) <= 1_000 + CONCURRENCY


async def test_a_post_that_broke_may_have_arrived_and_is_repeated_as_the_client_shows_it_once(
    connect: Connect, fake_time: FakeTime
) -> None:
    """The socket's end of the API takes the frame, and the reply to its POST is lost."""
    room, shown = Room("lobby", gap_s=1), []
    room.take_page(Page("A", (), more=False, reset=False, truncated=False), None, 0)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        pushed = parse_frame(request.body.decode())
        assert isinstance(pushed, Message)
        shown.extend(room.take_entry(pushed, 0))
        if len(server.requests) == 1:
            writer.transport.abort()
        else:
            writer.write(reply(200))

    async with serve(answer) as server:
        frame = json.dumps(frames.push(1, text="hi")).encode()
        delivery = await deliver(make_fan_out(connect, server, fake_time), ["a"], frame)
    assert [request.body for request in server.requests] == [frame, frame]
    assert (delivery.delivered, list(delivery.missed)) == (1, [])
    assert [entry.text for entry in shown if isinstance(entry, Message)] == ["hi"]


async def test_connections_are_opened_while_the_first_page_is_read(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:

        async def pages() -> AsyncIterator[Sequence[str]]:
            await server.wait_for_connections(CONCURRENCY)
            yield ["a"]

        delivery = await make_fan_out(connect, server, fake_time).deliver(pages(), [b"{}"], {})
    assert (delivery.delivered, server.all_connections) == (1, CONCURRENCY)


async def test_a_list_that_is_at_hand_opens_what_it_needs(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200))) as server:
        await deliver(make_fan_out(connect, server, fake_time), ["a", "b", "c"], b"{}")
    assert 1 <= server.all_connections <= 3


async def test_pages_that_can_not_be_read_are_the_callers_error(connect: Connect, fake_time: FakeTime) -> None:
    async def pages() -> AsyncIterator[Sequence[str]]:
        yield ["a"]
        raise UnavailableError("no more pages")

    async with serve(never_answer) as server:
        with pytest.raises(UnavailableError, match="no more pages"):
            await make_fan_out(connect, server, fake_time).deliver(pages(), [b"{}"], {})
