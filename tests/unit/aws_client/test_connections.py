"""One connection: when it is kept, and what it does not take for a reply."""

import asyncio
import socket
import threading
import time

import pytest

from chat.aws.client import Payload, connections
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import Request, answer_with, reply, serve


async def test_a_connection_that_the_server_closed_while_idle_is_not_used(
    connect: Connect, fake_time: FakeTime
) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(reply(200))

    async with serve(answer) as server:
        client = connect(server.url)
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
        writers[0].close()
        await writers[0].wait_closed()
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert [request.connection for request in server.requests] == [1, 2]
    assert (client.calls["POST"], fake_time.slept_s) == (2, [])


async def test_a_connection_that_the_server_closed_while_the_container_was_frozen_is_not_used(
    connect: Connect, fake_time: FakeTime
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    may_close = threading.Event()

    def answer_twice() -> None:
        for _ in range(2):
            accepted, _ = listener.accept()
            with accepted:
                accepted.recv(65536)
                accepted.sendall(reply(200))
                may_close.wait()

    server = threading.Thread(target=answer_twice)
    server.start()
    client = connect("http://{}:{}".format(*listener.getsockname()))
    await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    may_close.set()
    # The loop stands still until the server has closed and waits for its next connection.
    time.sleep(0.05)  # noqa: ASYNC251 - it must block
    await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    server.join()
    listener.close()
    assert client.calls == {"POST": 2}


async def test_a_connection_that_was_idle_too_long_is_dropped(
    connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url)
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
        monkeypatch.setattr(connections, "IDLE_LIMIT_S", -1.0)
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert [request.connection for request in server.requests] == [1, 2]


async def test_a_reply_that_asks_to_close_ends_the_connection(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200, b"x", "Connection: close"))) as server:
        client = connect(server.url)
        for _ in range(2):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert [request.connection for request in server.requests] == [1, 2]


async def test_a_cancelled_request_leaves_no_reply_for_the_next(connect: Connect, fake_time: FakeTime) -> None:
    arrived = asyncio.Event()

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(0.02)
        writer.write(reply(200, request.path.encode()))

    async with serve(answer) as server:
        client = connect(server.url, max_connections=1)
        first = asyncio.create_task(client.send("POST", "/first", Payload(), deadline=fake_time.now_s + 5))
        await arrived.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = await client.send("POST", "/second", Payload(), deadline=fake_time.now_s + 5)
    assert second.body == b"/second"


async def test_half_a_reply_before_the_server_closes_its_half_is_no_reply(
    connect: Connect, fake_time: FakeTime
) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection == 1:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")
            writer.write_eof()
        else:
            writer.write(reply(200, b"hello"))

    async with serve(answer) as server:
        answered = await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert (answered.body, len(server.requests)) == (b"hello", 2)


async def test_a_reply_of_unknown_length_ends_with_the_servers_half(connect: Connect, fake_time: FakeTime) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        writer.write_eof()

    async with serve(answer) as server:
        client = connect(server.url)
        for number in (1, 2):
            answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
            assert (answered.body, server.all_connections) == (b"hello", number)


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_reply_that_nobody_asked_for_is_not_taken_for_the_next(
    connect: Connect, fake_time: FakeTime, is_late: bool
) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(200, request.path.encode()) + (b"" if is_late else reply(200, b"more")))
        if is_late:
            await asyncio.sleep(0.005)
            writer.write(reply(200, b"more"))

    async with serve(answer) as server:
        client = connect(server.url, max_connections=1)
        for path in ("/a", "/b"):
            answered = await client.send("POST", path, Payload(), deadline=fake_time.now_s + 5)
            assert answered.body == path.encode()
            await asyncio.sleep(0.02)
    assert server.all_connections == 2
