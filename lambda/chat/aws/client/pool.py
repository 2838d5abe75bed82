"""The connections to one endpoint: bounded, kept as long as the container lives, opened before they are needed."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress

from chat.aws.client.connections import Connection
from chat.aws.client.environment import Endpoint
from chat.aws.client.opening import Opener

# A handshake is mostly CPU: a hundred at a time would all be ready at the end. So the first carry requests while the
# next are opened, which is a third faster for a room of a hundred, and as fast for a thousand.
_OPENINGS_MOST = 16


class ConnectionPool:
    """At most `max_connections` connections, the one used last being the first to be used again.

    Whoever waits gets the first that is free, opened for it or not. So a slow opening holds nobody back, and
    nothing is opened while those that there are suffice.

    Attributes:
        most: so many connections at a time.
    """

    def __init__(self, endpoint: Endpoint, *, max_connections: int, connect_timeout_s: float) -> None:
        self.most = max_connections
        self._endpoint = endpoint
        self._opener = Opener(endpoint)
        self._connect_timeout_s = connect_timeout_s
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[Connection]] = deque()
        self._openings: set[asyncio.Task[Connection]] = set()
        # Of all: idle, in use or being opened; and how many there shall be even if nobody waits.
        self._count = 0
        self._ahead = 0

    async def acquire(self, timeout_s: float) -> Connection:
        """Take a connection, a kept one if there is one, or wait for the next; `release` must follow.

        Raises:
            OSError: none was free in time, or a new one could not be opened.
        """
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_stale:
                return connection
            self._discard(connection)
        waiter: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._open_more()
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter
        except BaseException as error:
            self._forget(waiter)
            if isinstance(error, TimeoutError) and not str(error):
                raise TimeoutError(f"no connection to {self._endpoint.authority} was free in time") from None
            raise

    def release(self, connection: Connection) -> None:
        """Give a connection back: it is kept if it may carry another request."""
        if connection.may_carry_another:
            connection.is_reused = True
            self._offer(connection)
        else:
            self._discard(connection)
            self._open_more()

    def open_ahead(self, count: int) -> None:
        """Begin to open connections, until there are so many."""
        self._ahead = min(count, self.most)
        self._open_more()

    async def close_idle(self) -> None:
        """Close every connection that no request is using."""
        for connection in self.drop_idle():
            await connection.wait_closed()

    def drop_idle(self) -> list[Connection]:
        """Begin to close every connection that no request is using; return them."""
        idle, self._idle = self._idle, []
        for connection in idle:
            self._discard(connection)
        return idle

    async def close(self) -> None:
        """Close every connection, once no request is using any."""
        for opening in self._openings:
            opening.cancel()
        await asyncio.gather(*self._openings, return_exceptions=True)
        await self.close_idle()

    def _open_more(self) -> None:
        while (
            self._count < self.most
            and len(self._openings) < _OPENINGS_MOST
            and (self._count < self._ahead or len(self._waiting) > len(self._openings))
        ):
            self._count += 1
            opening = asyncio.create_task(self._opener.open(self._connect_timeout_s))
            self._openings.add(opening)
            opening.add_done_callback(self._end_opening)

    def _end_opening(self, opening: asyncio.Task[Connection]) -> None:
        self._openings.discard(opening)
        error = None if opening.cancelled() else opening.exception()
        if not opening.cancelled() and not error:
            self._offer(opening.result())
        else:
            self._count -= 1
            # What fails once is not tried again before somebody needs it.
            self._ahead = 0
            if error and (waiter := self._next_waiter()):
                waiter.set_exception(error)
        self._open_more()

    def _offer(self, connection: Connection) -> None:
        if waiter := self._next_waiter():
            waiter.set_result(connection)
        else:
            connection.is_reused = True
            self._idle.append(connection)

    def _next_waiter(self) -> asyncio.Future[Connection] | None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None

    def _forget(self, waiter: asyncio.Future[Connection]) -> None:
        """Drop one that waits no longer; what it was given in its last moment goes to another."""
        with suppress(ValueError):
            self._waiting.remove(waiter)
        if waiter.done() and not waiter.cancelled() and not waiter.exception():
            self.release(waiter.result())

    def _discard(self, connection: Connection) -> None:
        connection.abort()
        self._count -= 1
