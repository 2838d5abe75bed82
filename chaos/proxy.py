"""The proxy between the functions and MiniStack. It passes everything on until it is told to do something else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from chaos.faults import Fault, Kind, Request, Service, write_refusal
from chaos.messages import parse_request, read_message
from local_aws.environment import HOST

# Of the event loop, from accepting a connection to serving it.
_TURNS = 5

Choose = Callable[[Request], Fault | None]
Kill = Callable[[str], Awaitable[None]]


class Injection(NamedTuple):
    """A kind of fault, and where it was done."""

    function: str
    service: Service
    kind: Kind


def _choose_nothing(_request: Request) -> None:
    """Let every request pass."""


class _CutError(Exception):
    """The function's connection is to be cut, without another word."""


class Proxy:
    """Stands between the functions and a service, as long as the context lasts.

    Args:
        endpoint: the URL of MiniStack.
        kill: kills the processes of a function.

    Attributes:
        choose: says what happens to a request; nothing does before it is set.
        injected: how often what went wrong.
        passed: how many requests were answered by the service and reached their function so.
    """

    def __init__(self, endpoint: str, kill: Kill) -> None:
        self.choose: Choose = _choose_nothing
        self.injected: Counter[Injection] = Counter()
        self.passed = 0
        self._endpoint = urlsplit(endpoint)
        self._kill = kill
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        """Begin to listen, on loopback and a free port."""
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Cut every connection, and end; no function calls the proxy any more."""
        # A connection that is accepted while the server closes would never be closed.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._server.close()
        for writer in self._serving.values():
            writer.transport.abort()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def find_url(self, function: str) -> str:
        """Return the URL that a function has to call in the place of MiniStack's, so that it is known by its calls."""
        port = self._server.sockets[0].getsockname()[1]
        return f"http://{HOST}:{port}/{function}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._serving[task] = writer
        upstream = _Upstream(self._endpoint.hostname or HOST, self._endpoint.port or 80)
        try:
            # A function that has no further request, or that died, ends the connection. And what cancels this needs no
            # report, which asyncio's streams would give.
            with suppress(asyncio.IncompleteReadError, ConnectionError, _CutError, asyncio.CancelledError):
                while True:
                    request = parse_request(*await read_message(reader))
                    writer.write(await self._answer(request, upstream))
        finally:
            upstream.close()
            writer.transport.abort()
            del self._serving[task]

    async def _answer(self, request: Request, upstream: _Upstream) -> bytes:
        """Answer a request, from upstream or in its place.

        Raises:
            _CutError: there is no answer.
        """
        fault = self.choose(request)
        if fault is None or request.service is None:
            return await self._pass_on(request, upstream)
        self.injected[Injection(request.function, request.service, fault.kind)] += 1
        await asyncio.sleep(fault.delay_s)
        match fault.kind:
            case Kind.SLOW:
                return await self._pass_on(request, upstream)
            case Kind.THROTTLED | Kind.FAILED:
                return write_refusal(request.service, fault.kind)
            case Kind.GONE:
                await self._end_connection(request, upstream)
                return write_refusal(request.service, fault.kind)
            case Kind.REPLY_LOST:
                await upstream.ask(request.content)
            case Kind.KILLED:
                await upstream.ask(request.content)
                await self._kill(request.function)
            case Kind.REQUEST_LOST:
                pass
        raise _CutError

    async def _pass_on(self, request: Request, upstream: _Upstream) -> bytes:
        reply = await upstream.ask(request.content)
        self.passed += 1
        return reply

    async def _end_connection(self, request: Request, upstream: _Upstream) -> None:
        """End a client's connection, so that it is true that it is gone."""
        host = f"host: {self._endpoint.netloc}"
        await upstream.ask(f"DELETE {request.path} HTTP/1.1\r\n{host}\r\ncontent-length: 0\r\n\r\n".encode())


class _Upstream:
    """A connection to MiniStack, opened when it is needed, and anew once MiniStack has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, content: bytes) -> bytes:
        """Send a request, and return all of its reply."""
        if self._streams and self._streams[0].at_eof():
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(content)
        head, body = await read_message(reader)
        return head.encode("latin-1") + body

    def close(self) -> None:
        """Close it."""
        if self._streams:
            self._streams[1].close()
            self._streams = None
