"""What may go wrong on the way between a function and a service of AWS, and which request it happens to."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from itertools import cycle

_SLOW_S = (0.05, 0.3)
# A function that sends a message makes some ten requests: it dies before, between or after any of them.
_REQUESTS_TO_LIVE = 10
# Those that clients wait for, and the queue's, come up more often.
_VICTIMS = ("message", "deliver", "ticket", "message", "deliver", "connect", "message", "deliver", "disconnect")


class Service(Enum):
    """What the functions call."""

    DYNAMODB = "DynamoDB"
    CONNECTIONS = "@connections"
    SQS = "SQS"


class Kind(Enum):
    """What goes wrong."""

    THROTTLED = "throttled"
    FAILED = "answered with 500"
    SLOW = "slow"
    REQUEST_LOST = "request lost"
    REPLY_LOST = "reply lost"
    GONE = "connection gone (410)"
    KILLED = "function killed"


_KINDS = (Kind.THROTTLED, Kind.FAILED, Kind.SLOW, Kind.REQUEST_LOST, Kind.REPLY_LOST)
KINDS: dict[Service, tuple[Kind, ...]] = {
    Service.DYNAMODB: _KINDS,
    Service.CONNECTIONS: (*_KINDS, Kind.GONE),
    Service.SQS: _KINDS,
}
# A message takes half as many requests to these, or a quarter.
_OFTENER = {Service.DYNAMODB: 1, Service.CONNECTIONS: 2, Service.SQS: 4}
EVERY_LEAST = max(_OFTENER[service] * len(kinds) for service, kinds in KINDS.items())


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one request.

    Attributes:
        kind: what goes wrong.
        delay_s: how much later than it came the request goes on.
    """

    kind: Kind
    delay_s: float = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a function.

    Attributes:
        function: whose it is, by its handler's module.
        service: whom it is for; None for one that no fault is known for.
        method: in capitals.
        path: as the service is to see it.
        content: all of it, as it goes on the wire to the service.
    """

    function: str
    service: Service | None
    method: str
    path: str
    content: bytes


class Dealer:
    """Deals faults out, as from a shuffled deck of cards for each service: each kind comes up, and not too often.

    The same seed has the same decks; which request draws which card depends on the machine.

    Args:
        seed: shuffles.
        every: in so many requests to DynamoDB each kind strikes once; twice as often at @connections, and four times
            at SQS, which are called less. At least `EVERY_LEAST`.
        kill_every_s: the mean time between two deaths of functions.
        clock: tells the time in seconds.
    """

    def __init__(
        self, seed: int, *, every: int, kill_every_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every = every
        self._kill_every_s = kill_every_s
        self._clock = clock
        # No secrets: a run is to be repeated.
        self._dice = random.Random(seed)  # noqa: S311
        self._decks: dict[Service, list[Kind | None]] = {service: [] for service in Service}
        self._victims = cycle(_VICTIMS)
        # How many requests are left to whoever is about to die.
        self._doomed: dict[str, int] = {}
        self._doom_due_s = clock()

    def choose(self, request: Request) -> Fault | None:
        """Choose what happens to a request; None for nothing."""
        if request.service is None:
            return None
        if self._is_fatal(request.function):
            return Fault(Kind.KILLED)
        kind = self._draw(request.service)
        if kind is Kind.GONE and request.method != "POST":
            return None
        if kind is Kind.SLOW:
            return Fault(kind, self._dice.uniform(*_SLOW_S))
        return Fault(kind) if kind else None

    def _draw(self, service: Service) -> Kind | None:
        deck = self._decks[service]
        if not deck:
            kinds = KINDS[service]
            deck += [*kinds, *[None] * (self._every // _OFTENER[service] - len(kinds))]
            self._dice.shuffle(deck)
        return deck.pop()

    def _is_fatal(self, function: str) -> bool:
        """Say whether this is the last request of its function, and doom the next one where its time has come."""
        now_s = self._clock()
        if now_s >= self._doom_due_s:
            self._doomed.setdefault(next(self._victims), self._dice.randrange(_REQUESTS_TO_LIVE))
            self._doom_due_s = now_s + self._kill_every_s * self._dice.uniform(0.5, 1.5)
        if function not in self._doomed:
            return False
        self._doomed[function] -= 1
        if self._doomed[function] >= 0:
            return False
        del self._doomed[function]
        return True


def write_refusal(service: Service, kind: Kind) -> bytes:
    """Write how a service refuses a request, as its model in botocore has it.

    Args:
        service: who refuses.
        kind: why: throttled, failed or gone.
    """
    status, name = _REFUSALS[service, kind]
    body = {"__type": name, "message": "Refused by the chaos proxy."}
    headers = [f"x-amzn-errortype: {name.rpartition('#')[2]}"]
    return _write_reply(status, headers, json.dumps(body).encode())


def _write_reply(status: HTTPStatus, headers: Sequence[str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


_DYNAMODB = "com.amazonaws.dynamodb.v20120810"
_SQS = "com.amazonaws.sqs"
_REFUSALS = {
    (Service.DYNAMODB, Kind.THROTTLED): (
        HTTPStatus.BAD_REQUEST,
        f"{_DYNAMODB}#ProvisionedThroughputExceededException",
    ),
    (Service.DYNAMODB, Kind.FAILED): (HTTPStatus.INTERNAL_SERVER_ERROR, f"{_DYNAMODB}#InternalServerError"),
    (Service.CONNECTIONS, Kind.THROTTLED): (HTTPStatus.TOO_MANY_REQUESTS, "LimitExceededException"),
    (Service.CONNECTIONS, Kind.FAILED): (HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerErrorException"),
    (Service.CONNECTIONS, Kind.GONE): (HTTPStatus.GONE, "GoneException"),
    (Service.SQS, Kind.THROTTLED): (HTTPStatus.BAD_REQUEST, f"{_SQS}#RequestThrottled"),
    (Service.SQS, Kind.FAILED): (HTTPStatus.INTERNAL_SERVER_ERROR, f"{_SQS}#InternalFailure"),
}
