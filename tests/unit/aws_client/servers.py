"""A loopback HTTP server that answers as a test tells it to, and remembers what it was asked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    connection: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class ScriptedServer:
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    open_connections: int = 0
    most_open_connections: int = 0
    all_connections: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait_for_connections(self, count: int) -> None:
        """Wait until so many are open."""
        while self.open_connections < count:
            self.opened.clear()
            await self.opened.wait()


def reply(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "\r\n"]).encode() + body


def answer_with(*replies: bytes) -> Answer:
    """Answer with these in turn, the last of them for ever; an empty one closes the connection."""
    left = list(replies)

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        text = left.pop(0) if len(left) > 1 else left[0]
        if text:
            writer.write(text)
        else:
            writer.close()

    return answer


async def never_answer(request: Request, writer: asyncio.StreamWriter) -> None:
    """Leave the client waiting."""


@asynccontextmanager
async def serve(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    scripted = ScriptedServer()
    handlers: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        handlers[task] = writer
        scripted.all_connections += 1
        scripted.open_connections += 1
        scripted.most_open_connections = max(scripted.most_open_connections, scripted.open_connections)
        number = scripted.all_connections
        scripted.opened.set()
        # An end in the middle of a request is how a client that gave up, or that has no further request, leaves.
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                request = await read_request(reader, number)
                scripted.requests.append(request)
                await answer(request, writer)
        scripted.open_connections -= 1
        writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    host, port = server.sockets[0].getsockname()
    scripted.url = f"https://localhost:{port}" if tls else f"http://{host}:{port}"
    try:
        yield scripted
    finally:
        server.close()
        for writer in handlers.values():
            writer.transport.abort()
        await asyncio.gather(*handlers)


async def read_request(reader: asyncio.StreamReader, connection: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    request_line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, path, version = request_line.split(" ")
    assert version == "HTTP/1.1"
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(connection, method, path, headers, body)
