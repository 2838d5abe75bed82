"""What the tests of the shell and of the command line share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import TypeVar

import pytest

from chat_client.client import ChatClient
from chat_client.events import Event, Member
from chat_client.link import Timing
from chat_client.sign_in import Admission, SignIn
from tests.unit.chat_client.server import PATIENCE_S, Server
from tests.unit.chat_client.tickets import TicketServer

E = TypeVar("E", bound=Event)

FAST = Timing(gap_s=0.05, reply_s=0.3, read_s=0.05, sync_first_s=60, backoff_s=0.05)


class Told:
    """The events of a client, as they come."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.put = self._events.put

    def wait(self, kind: type[E]) -> E:
        """Wait for the next event of a kind; what comes before it is dropped."""
        while True:
            event = self._events.get(timeout=PATIENCE_S)
            if isinstance(event, kind):
                return event


def admit(url: str, name: str = "ada") -> SignIn:
    """Signs everybody in, with a ticket that nobody checks."""
    return lambda: Admission(f"{url}?ticket=t", Member(name, name))


@pytest.fixture
def tickets(server: Server) -> Iterator[TicketServer]:
    """Gives tickets for `server`."""
    with TicketServer(server.url) as tickets:
        yield tickets


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that lets everybody in."""
    with Server() as server:
        yield server


@pytest.fixture
def told() -> Told:
    """What `client` tells."""
    return Told()


@pytest.fixture
def make_client(told: Told) -> Iterator[Callable[[str], ChatClient]]:
    """Makes clients named ada with short waits, and closes them after the test."""
    made: list[ChatClient] = []

    def make(url: str) -> ChatClient:
        made.append(ChatClient(admit(url), told.put, timing=FAST))
        made[-1].connect()
        return made[-1]

    yield make
    for client in made:
        client.close()
