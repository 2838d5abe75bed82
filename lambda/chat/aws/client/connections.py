"""Keep-alive connections to one endpoint, in a bounded pool that lives as long as its container."""

import asyncio
import select
import ssl
import time
from contextlib import suppress
from functools import cache

from chat.aws.client.environment import Endpoint
from chat.aws.client.messages import HEAD_LIMIT_BYTES, Reply, read_reply

# DynamoDB closes after 60 idle seconds, API Gateway later; what is near that is not worth a failed request.
IDLE_LIMIT_S = 45.0


class Connection:
    """A TCP or TLS connection that carries one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._may_carry_another = True
        self._idle_since_s = 0.0
        self.is_reused = False

    async def exchange(self, method: str, request: bytes) -> Reply:
        """Send a request and read its reply.

        Raises:
            ReplyError: what came is no reply.
            EOFError: the connection ended before the reply did.
            OSError: the connection broke.
        """
        # A request that is cancelled leaves its reply, or half of it, to be read by the next.
        self._may_carry_another = False
        self._writer.write(request)
        await self._writer.drain()
        reply, self._may_carry_another = await read_reply(self._reader, method)
        # Not the monotonic clock: nobody says whether it runs on while a container is frozen.
        self._idle_since_s = time.time()
        self.is_reused = True
        return reply

    @property
    def may_carry_another(self) -> bool:
        """Whether the last reply was read to its end and both sides kept the connection open."""
        return self._may_carry_another and not self._writer.is_closing() and not self._reader.at_eof()

    @property
    def is_stale(self) -> bool:
        """Whether an idle connection is too old, or the server has closed it.

        The event loop saw nothing while the container was frozen, so the socket itself is asked: an idle one
        has something to read only if the server closed it.
        """
        if not self.may_carry_another or time.time() - self._idle_since_s > IDLE_LIMIT_S:
            return True
        poll = select.poll()
        poll.register(self._writer.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def abort(self) -> None:
        """Close at once, without telling the server; the event loop closes the socket in its next turn."""
        self._writer.transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the socket is closed."""
        with suppress(OSError):
            await self._writer.wait_closed()


class ConnectionPool:
    """At most `max_connections` connections, the one used last being the first to be used again."""

    def __init__(self, endpoint: Endpoint, *, max_connections: int, connect_timeout_s: float) -> None:
        self._endpoint = endpoint
        self._connect_timeout_s = connect_timeout_s
        self._idle: list[Connection] = []
        self._slots = asyncio.Semaphore(max_connections)

    async def acquire(self) -> Connection:
        """Wait for a slot and take a connection, a kept one if there is one; `release` must follow.

        Raises:
            OSError: a new connection could not be opened in time.
        """
        await self._slots.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_stale:
                    return connection
                connection.abort()
            return await self._open()
        except BaseException:
            self._slots.release()
            raise

    def release(self, connection: Connection) -> None:
        """Give a connection back: it is kept if it may carry another request."""
        if connection.may_carry_another:
            self._idle.append(connection)
        else:
            connection.abort()
        self._slots.release()

    async def close_idle(self) -> None:
        """Close every connection that no request is using."""
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.abort()
        for connection in idle:
            await connection.wait_closed()

    async def _open(self) -> Connection:
        endpoint = self._endpoint
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                reader, writer = await asyncio.open_connection(
                    endpoint.host,
                    endpoint.port,
                    limit=HEAD_LIMIT_BYTES,
                    ssl=_tls_context() if endpoint.is_tls else None,
                )
        except TimeoutError:
            raise TimeoutError(f"no connection to {endpoint.authority} within {self._connect_timeout_s} s") from None
        return Connection(reader, writer)


# Reading the certificate authorities takes 30 ms: once for a process, and only where there is TLS.
@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()
