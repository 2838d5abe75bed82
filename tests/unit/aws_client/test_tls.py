"""Connections over TLS."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from chat.aws.client import AwsUnavailable, Payload, opening
from chat.aws.client.authorities import Authorities
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import Request, answer_with, reply, serve


@pytest.fixture
def trusted(certificate: Path, server_tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The server's settings, while the client trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(opening, "AUTHORITIES", Authorities())
    return server_tls


async def test_each_client_keeps_its_connection(trusted: ssl.SSLContext, connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200)), tls=trusted) as server:
        for client in (connect(server.url), connect(server.url)):
            for _ in range(2):
                answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
                assert answered.status == 200
    assert server.all_connections == 2


async def test_a_later_connection_goes_on_with_the_session_of_an_earlier_one(
    trusted: ssl.SSLContext, connect: Connect, fake_time: FakeTime
) -> None:
    resumed: list[bool] = []

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        resumed.append(writer.get_extra_info("ssl_object").session_reused)
        writer.write(reply(200))

    async with serve(answer, tls=trusted) as server:
        for client in (connect(server.url), connect(server.url)):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert resumed == [False, True]


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(
    connect: Connect, fake_time: FakeTime, server_tls: ssl.SSLContext
) -> None:
    async with serve(answer_with(reply(200)), tls=server_tls) as server:
        with pytest.raises(AwsUnavailable, match="SSLCertVerificationError"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert server.requests == []


async def test_a_reply_of_many_records_is_read_whole(
    trusted: ssl.SSLContext, connect: Connect, fake_time: FakeTime
) -> None:
    body = bytes(range(256)) * 4000
    async with serve(answer_with(reply(200, body)), tls=trusted) as server:
        client = connect(server.url)
        for _ in range(2):
            answered = await client.send("POST", "/x", Payload(body), deadline=fake_time.now_s + 5)
            assert answered.body == body
    assert [request.body for request in server.requests] == [body, body]
    assert server.all_connections == 1


async def test_what_is_cut_off_is_no_reply(trusted: ssl.SSLContext, connect: Connect, fake_time: FakeTime) -> None:
    """Of unknown length, it would be taken for whole if the end of TLS did not count."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.connection > 1:
            writer.write(reply(200, b"hello"))
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhel")
        await writer.drain()
        raw = writer.get_extra_info("socket")
        raw.shutdown(socket.SHUT_WR)

    async with serve(answer, tls=trusted) as server:
        answered = await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert (answered.body, len(server.requests)) == (b"hello", 2)


async def test_the_end_of_tls_ends_a_reply_of_unknown_length(
    trusted: ssl.SSLContext, connect: Connect, fake_time: FakeTime
) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        writer.close()

    async with serve(answer, tls=trusted) as server:
        answered = await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
    assert (answered.body, len(server.requests)) == (b"hello", 1)


async def test_a_server_that_speaks_no_tls_is_unavailable(connect: Connect, fake_time: FakeTime) -> None:
    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(400))
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(AwsUnavailable, match="SSLError"):
            await connect(url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
