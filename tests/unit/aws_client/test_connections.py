"""The pool: connections that are kept, bounded, and not trusted longer than they deserve."""

import asyncio
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chat.aws.client import AwsUnavailable, Payload, connections
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


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "localhost.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + pem)
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_tls_with_one_context_for_the_process(
    connect: Connect,
    fake_time: FakeTime,
    certificate: Path,
    server_tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    connections._tls_context.cache_clear()
    async with serve(answer_with(reply(200)), tls=server_tls) as server:
        for client in (connect(server.url), connect(server.url)):
            for _ in range(2):
                answered = await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5)
                assert answered.status == 200
    assert connections._tls_context.cache_info().misses == 1
    assert server.all_connections == 2
    connections._tls_context.cache_clear()


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(
    connect: Connect, fake_time: FakeTime, server_tls: ssl.SSLContext
) -> None:
    async with serve(answer_with(reply(200)), tls=server_tls) as server:
        with pytest.raises(AwsUnavailable, match="SSLCertVerificationError"):
            await connect(server.url).send("POST", "/x", Payload(), deadline=fake_time.now_s + 0.2)
    assert server.requests == []
