"""The way between a function and an AWS service, and what the functions' client does about its troubles.

A request or its reply may be lost, late or refused for the moment; what is late may arrive after the caller has given
up or died. `SimulatedClient` stands in for `chat.aws.client.AwsClient`: the same calls, retries and deadlines
(chat/aws/client/client.py), without HTTP. Source for what is retried: AWS SDKs and Tools Reference Guide, "Retry
behavior".
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from chat.aws.client import AwsError, AwsUnavailable, Payload, Reply
from tests.simulation.chance import Dice
from tests.simulation.dynamodb import Answer, Respond
from tests.simulation.functions import Invocation
from tests.simulation.loop import VirtualLoop

T = TypeVar("T")

# As in chat/aws/client/client.py.
_READ_TIMEOUT_S = 3.0
_BACKOFF_FIRST_S = 0.05
_BACKOFF_MOST_S = 1.0

_TRANSIENT = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
    }
)

Perform = Callable[[Dice, Respond], None]
Handle = Callable[[str, dict[str, Any], Dice, Respond], None]
Post = Callable[[str, str, bytes, Invocation, Respond], None]


class Request(NamedTuple):
    """A request of a volley."""

    method: str
    path: str
    body: bytes


class SimulatedVolley(Generic[T]):
    """Many requests under way at once: stands in for `chat.aws.client.volley.Volley`."""

    def __init__(
        self, client: SimulatedClient, loop: VirtualLoop, deadline: float, take: Callable[[T, Reply | None], None]
    ) -> None:
        self._client = client
        self._loop = loop
        self._deadline = deadline
        self._take = take
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, token: T, request: Request) -> None:
        """Send one more request."""
        self._tasks.append(self._loop.create_task(self._send(token, request)))

    async def wait_for_room(self, most: int) -> None:
        """Go on: each request has left already."""

    async def wait(self) -> None:
        """Wait until each request has its reply or is given up."""
        while self._tasks:
            tasks, self._tasks = self._tasks, []
            await asyncio.gather(*tasks)

    async def _send(self, token: T, request: Request) -> None:
        self._take(token, await self._client.post_once(request, self._deadline))


class SimulatedClient:
    """A client of one service, for one container.

    Args:
        loop: the world's.
        handle: the service's operations.
        post: the service's HTTP requests.
    """

    def __init__(self, loop: VirtualLoop, handle: Handle | None = None, post: Post | None = None) -> None:
        self.calls: Counter[str] = Counter()
        self._loop = loop
        self._handle = handle
        self._post = post

    async def call(self, operation: str, parameters: Mapping[str, Any], *, deadline: float) -> dict[str, Any]:
        """Call an operation, as `AwsClient.call` does."""
        handle = self._handle
        assert handle is not None

        def perform(dice: Dice, respond: Respond) -> None:
            handle(operation, dict(parameters), dice, respond)

        answer = await self._retry(operation, perform, deadline, is_retried=True)
        if answer.status != 200:
            raise AwsError(answer.code, answer.body.get("message", ""), answer.body)
        return answer.body

    async def send(
        self, method: str, path: str, payload: Payload, *, deadline: float, is_retried: bool = True
    ) -> Reply:
        """Send a request, as `AwsClient.send` does."""
        post = self._post
        assert post is not None
        invocation = Invocation.running()

        def perform(dice: Dice, respond: Respond) -> None:
            post(method, path, payload.body, invocation, respond)

        answer = await self._retry(method, perform, deadline, is_retried=is_retried)
        return Reply(answer.status, {}, b"")

    def prepare(self, method: str, path: str, payload: Payload) -> Request:
        """Make a request for a volley."""
        return Request(method, path, payload.body)

    def start_volley(self, deadline: float, take: Callable[[T, Reply | None], None]) -> SimulatedVolley[T]:
        """Begin to send many requests, each once, as `AwsClient.start_volley` does."""
        return SimulatedVolley(self, self._loop, deadline, take)

    async def post_once(self, request: Request, deadline: float) -> Reply | None:
        """Send a request once; None where there is no answer."""
        post = self._post
        assert post is not None
        invocation = Invocation.running()

        def perform(dice: Dice, respond: Respond) -> None:
            post(request.method, request.path, request.body, invocation, respond)

        try:
            answer = await self._attempt(request.method, perform, invocation.dice, deadline)
        except TimeoutError:
            return None
        return Reply(answer.status, {}, b"")

    def open_ahead(self, count: int) -> None:
        """Nothing: there are no connections to open."""

    async def _retry(self, what: str, perform: Perform, deadline: float, *, is_retried: bool) -> Answer:
        dice = Invocation.running().dice
        delay_s, backoff_s, attempts = 0.0, _BACKOFF_FIRST_S, 0
        while self._loop.time() + delay_s < deadline:
            if delay_s:
                await asyncio.sleep(delay_s)
            attempts += 1
            delay_s, backoff_s = dice.random() * backoff_s, min(2 * backoff_s, _BACKOFF_MOST_S)
            try:
                answer = await self._attempt(what, perform, dice, deadline)
            except TimeoutError:
                if not is_retried:
                    break
            else:
                if not is_retried or not _is_transient(answer):
                    return answer
        raise AwsUnavailable(f"{what}: no final reply in {attempts} attempts")

    async def _attempt(self, what: str, perform: Perform, dice: Dice, deadline: float) -> Answer:
        invocation = Invocation.running()
        await invocation.pass_fault()
        self.calls[what] += 1
        reply: asyncio.Future[Answer] = self._loop.create_future()

        def settle(answer: Answer) -> None:
            if not reply.done():
                reply.set_result(answer)

        self._send(perform, dice, settle)
        async with asyncio.timeout(min(_READ_TIMEOUT_S, deadline - self._loop.time())):
            answer = await reply
        await invocation.pass_fault()
        return answer

    def _send(self, perform: Perform, dice: Dice, settle: Respond) -> None:
        """Put a request on its way, through whatever trouble there is."""
        delay_s = dice.latency_s()
        if dice.strikes("request lost"):
            return
        if dice.strikes("throttled"):
            self._loop.after(2 * delay_s, settle, Answer(400, {}, "ThrottlingException"))
            return
        if dice.strikes("request late"):
            delay_s = dice.uniform(1, 9)
        elif dice.strikes("slow"):
            delay_s = dice.uniform(0.05, 1.5)
        loses_reply, fails = dice.strikes("reply lost"), dice.strikes("service error")

        def respond(answer: Answer) -> None:
            if fails:
                # An error of the service says nothing about whether it was done.
                answer = Answer(500, {}, "InternalServerError")
            if not loses_reply:
                self._loop.after(dice.latency_s(), settle, answer)

        self._loop.after(delay_s, perform, dice, respond)


def _is_transient(answer: Answer) -> bool:
    return answer.status in (408, 429) or answer.status >= 500 or answer.code in _TRANSIENT
