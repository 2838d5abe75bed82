"""A connection that carries one request at a time."""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import Callable

from chat.aws.client.messages import Buffer, Reading, Reply, ReplyError, read_reply

# DynamoDB closes after 60 idle seconds, API Gateway later; what is near that is not worth a failed request.
IDLE_LIMIT_S = 45.0
# A TLS record's length. Most replies have half a kilobyte.
READ_BYTES = 16 * 1024


class Connection(asyncio.BufferedProtocol):
    """A TCP connection.

    A Protocol rather than a pair of streams: a reply that arrives in one piece costs one call and wakes one task. And
    one with memory of its own: without it, the event loop takes a new quarter of a megabyte for each reply.

    Attributes:
        is_reused: whether it has waited in a pool; such a connection may break with no fault of its request.
    """

    def __init__(self) -> None:
        self.is_reused = False
        self._received = memoryview(bytearray(READ_BYTES))
        self._buffer = Buffer()
        self._reading: Reading[tuple[Reply, bool]]
        self._then: Callable[[Reply | Exception], None] | None = None
        self._may_carry_another = True
        self._has_carried = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to idle; called by the event loop, as the next four are."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._poll = select.poll()
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
        self._closed = asyncio.get_running_loop().create_future()
        # Not the monotonic clock: nobody says whether it runs on while a container is frozen.
        self._idle_since_s = time.time()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the event loop passes it
        """Say where to put what arrives."""
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        """Take what has arrived."""
        self.take_data(self._received[:nbytes])

    def take_data(self, data: bytes | memoryview) -> None:
        """Read on where the reply has stopped. An idle server has nothing to say."""
        if not self._then:
            self._transport.abort()
            return
        self._buffer.feed(data)
        self._read_on()

    def eof_received(self) -> None:
        """Read what can be complete without more; the transport then closes itself."""
        self._buffer.end()
        if self._then:
            self._read_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the request whose reply has not come."""
        self.fail(exc or EOFError("the connection was closed"))
        self._closed.set_result(None)

    def start(self, method: str, request: bytes, then: Callable[[Reply | Exception], None]) -> None:
        """Send a request; a connection whose request fails carries no other.

        Args:
            method: the request's.
            request: all of it, as it goes on the wire.
            then: is called with the reply; or with a ReplyError for what is none, an EOFError where the connection
                ended before, an OSError where it broke, or what `fail` was called with.
        """
        self._may_carry_another = False
        self._reading, self._then = read_reply(self._buffer, method), then
        # Nothing else is written before the reply has come: there is no stream whose flow needs control.
        self.write(request)

    def write(self, data: bytes) -> None:
        """Send."""
        self._transport.write(data)

    def fail(self, error: Exception) -> None:
        """Give up the request that is under way, if there is one."""
        then, self._then = self._then, None
        if then:
            then(error)

    async def exchange(self, method: str, request: bytes, timeout_s: float) -> Reply:
        """Send a request and wait for its reply; if that fails or is cancelled, the connection carries no other.

        Raises:
            TimeoutError: there was no reply in time.
            ReplyError: what came is no reply.
            EOFError: the connection ended before the reply did.
            OSError: the connection broke.
        """
        if timeout_s <= 0:
            raise TimeoutError("there is no time left for a reply")
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Reply] = loop.create_future()

        def settle(result: Reply | Exception) -> None:
            if outcome.done():
                return
            if isinstance(result, Reply):
                outcome.set_result(result)
            else:
                outcome.set_exception(result)

        timer = loop.call_later(timeout_s, self.fail, TimeoutError(f"no reply within {timeout_s:.3g} s"))
        self.start(method, request, settle)
        try:
            return await outcome
        finally:
            timer.cancel()

    @property
    def may_carry_another(self) -> bool:
        """Whether the last reply was read to its end and both sides kept the connection open."""
        return self._may_carry_another and not self._transport.is_closing()

    @property
    def is_stale(self) -> bool:
        """Whether an idle connection is too old, or the server has closed it.

        The event loop saw nothing while the container was frozen, so the socket itself is asked: one that has
        carried a request and idles has something to read only if the server closed it.
        """
        if not self.may_carry_another or time.time() - self._idle_since_s > IDLE_LIMIT_S:
            return True
        return self._has_carried and bool(self._poll.poll(0))

    def abort(self) -> None:
        """Close at once, without telling the server; the event loop closes the socket in its next turn."""
        self._transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the socket is closed."""
        await self._closed

    def _read_on(self) -> None:
        try:
            next(self._reading)
        except StopIteration as end:
            reply, self._may_carry_another = end.value
            self._has_carried, self._idle_since_s = True, time.time()
            then, self._then = self._then, None
            assert then
            then(reply)
        except (ReplyError, EOFError) as error:
            self.fail(error)
