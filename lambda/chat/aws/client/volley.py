"""Many requests, each sent once: what a fan-out is made of."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, NamedTuple, TypeVar

from chat.aws.client.budget import RequestBudget
from chat.aws.client.connections import Connection
from chat.aws.client.credentials import CurrentCredentials
from chat.aws.client.environment import Credentials
from chat.aws.client.errors import tells_of_expiry
from chat.aws.client.messages import Reply, ReplyError
from chat.aws.client.pool import ConnectionPool
from chat.aws.client.signature import Request

T = TypeVar("T")

# A thousand requests take a hundred times as long.
_LOOK_S = 0.005


class Outlet(NamedTuple):
    """What a service's requests leave by.

    Attributes:
        pool: the connections.
        credentials: who signs.
        budget: how many requests may leave; None for any number.
        calls: counts them.
        write: signs and writes one.
        read_timeout_s: how long to wait for a reply.
    """

    pool: ConnectionPool
    credentials: CurrentCredentials
    budget: RequestBudget | None
    calls: Counter[str]
    write: Callable[[Request, Credentials], bytes]
    read_timeout_s: float

    def note(self, reply: Reply, credentials: Credentials, now_s: float) -> None:
        """Learn from a reply how many requests may leave, and whether who signed it has expired."""
        if self.budget:
            self.budget.note_reply(now_s, is_throttled=reply.status == 429)
        if tells_of_expiry(reply):
            self.credentials.forget(credentials)


class Volley(Generic[T]):
    """Requests that leave as fast as connections, budget and deadline let them.

    A task waits for a connection, but none for a reply: as it arrives the next request leaves, on the same connection
    and in the same turn of the event loop. That takes little more than half the CPU of a task for each request.

    Args:
        outlet: what the requests leave by.
        ends_s: when to give up what is not answered by then, in the event loop's time.
        take: is called with what a request was added as, and its reply; or None, where there was none.
    """

    def __init__(self, outlet: Outlet, ends_s: float, take: Callable[[T, Reply | None], None]) -> None:
        self.outlet = outlet
        self.take = take
        self.waiting: deque[tuple[T, Request]] = deque()
        self._ends_s = ends_s
        self._loop = asyncio.get_running_loop()
        self._lanes: set[asyncio.Task[None]] = set()
        self._running = 0

    def add(self, token: T, request: Request) -> None:
        """Send one more request; it leaves when the caller next waits for something."""
        self.waiting.append((token, request))
        if self._running < min(len(self.waiting), self.outlet.pool.most):
            self._running += 1
            self._lanes.add(self._loop.create_task(self._serve()))

    async def wait_for_room(self, most: int) -> None:
        """Wait until no more than so many requests wait for their turn."""
        while len(self.waiting) > most:  # noqa: ASYNC110 - each request would pay for an event
            await asyncio.sleep(_LOOK_S)

    async def wait(self) -> None:
        """Wait until each request has its reply or is given up."""
        try:
            while self._lanes:
                ended, self._lanes = await asyncio.wait(self._lanes)
                for lane in ended:
                    lane.result()
        finally:
            for lane in self._lanes:
                lane.cancel()

    async def _serve(self) -> None:
        """Keep one connection busy; another one, where it breaks."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._ends_s):
                while self.waiting and self._loop.time() < self._ends_s:
                    await self._use_connection()
        self._running -= 1
        while self.waiting and self._loop.time() >= self._ends_s:
            self.take(self.waiting.popleft()[0], None)

    async def _use_connection(self) -> None:
        pool = self.outlet.pool
        try:
            await self.outlet.credentials.get(time.time())
            connection = await pool.acquire(self._ends_s - self._loop.time())
        except OSError:
            if self.waiting:
                self.take(self.waiting.popleft()[0], None)
            return
        lane = _Lane(self, connection)
        try:
            lane.send_next()
            while not lane.has_ended.done():
                await asyncio.wait([lane.has_ended], timeout=self.outlet.read_timeout_s / 4)
                lane.expire()
        finally:
            lane.stop()
            pool.release(connection)


class _Lane(Generic[T]):
    """One connection's part of a volley.

    Attributes:
        has_ended: nothing waits, the connection can't carry more, or the credentials are to be renewed.
    """

    def __init__(self, volley: Volley[T], connection: Connection) -> None:
        self._loop = asyncio.get_running_loop()
        self.has_ended: asyncio.Future[None] = self._loop.create_future()
        self._volley = volley
        self._outlet = volley.outlet
        self._connection = connection
        self._sent: tuple[T, Request] | None = None
        self._sent_at_s = 0.0
        self._turn: asyncio.Handle | None = None
        self._credentials: Credentials | None = None

    def send_next(self) -> None:
        """Send the request whose turn it is, once the budget allows it."""
        budget = self._outlet.budget
        delay_s = budget.reserve(self._loop.time()) if budget else 0.0
        # Not at once: what leaves together costs the kernel half of what it costs one by one, between other work.
        self._turn = self._loop.call_later(delay_s, self._send) if delay_s else self._loop.call_soon(self._send)

    def expire(self) -> None:
        """Give up a request whose reply is overdue."""
        if self._sent and self._loop.time() - self._sent_at_s > self._outlet.read_timeout_s:
            self._connection.fail(TimeoutError("the reply is overdue"))

    def stop(self) -> None:
        """Give up what is under way."""
        if self._turn:
            self._turn.cancel()
            self._give_back()
        self._connection.fail(TimeoutError("the deadline passed"))

    def _send(self) -> None:
        self._turn = None
        self._credentials = self._outlet.credentials.peek(time.time())
        if not self._credentials or not self._volley.waiting or not self._connection.may_carry_another:
            self._give_back()
            self._end()
            return
        self._sent, self._sent_at_s = self._volley.waiting.popleft(), self._loop.time()
        request = self._sent[1]
        self._outlet.calls[request.operation] += 1
        self._connection.start(request.method, self._outlet.write(request, self._credentials), self._take)

    def _take(self, result: Reply | Exception) -> None:
        assert self._sent
        assert self._credentials
        (token, request), self._sent = self._sent, None
        if isinstance(result, Reply):
            self._outlet.note(result, self._credentials, self._loop.time())
            self._volley.take(token, result)
            if self._connection.may_carry_another and not self.has_ended.done():
                self._connection.is_reused = True
                self.send_next()
                return
        elif self._connection.is_reused and not isinstance(result, TimeoutError | ReplyError):
            # The server had closed a kept connection, and those that have been idle for longer, before it saw this.
            self._outlet.pool.drop_idle()
            self._volley.waiting.appendleft((token, request))
        else:
            self._volley.take(token, None)
        self._end()

    def _give_back(self) -> None:
        if self._outlet.budget:
            self._outlet.budget.give_back()

    def _end(self) -> None:
        if not self.has_ended.done():
            self.has_ended.set_result(None)
