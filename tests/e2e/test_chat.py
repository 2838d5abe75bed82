"""The chat on the deployed stack, through the eyes of its own client: what people are told, in which order."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import pytest

from chat_client import (
    ChatClient,
    Disconnected,
    Event,
    GuestSignIn,
    Joined,
    Message,
    Presence,
    Refused,
    RequestError,
    Timing,
)
from local_aws.local import ROOT, LocalAws
from tests.e2e.sockets import PATIENCE_S, eventually

E = TypeVar("E", bound=Event)
T = TypeVar("T")

# Many clients start at once here, on one machine with all of AWS.
JOIN_S = 60


@dataclass(slots=True)
class Person:
    """A client and what it was told."""

    client: ChatClient
    events: SimpleQueue[Event]

    def wait(self, kind: type[E]) -> E:
        """Wait for the next event of a kind; what comes before it is dropped."""
        while True:
            event = self.events.get(timeout=PATIENCE_S)
            if isinstance(event, kind):
                return event

    def read(self, count: int) -> list[str]:
        """Wait for the next messages; return their texts."""
        return [self.wait(Message).text or "" for _ in range(count)]

    def members(self, room: str) -> list[str]:
        """Ask who is in a room."""
        return sorted(member.name for member in get(self.client.members(room)).members)


Enter = Callable[..., Person]


def get(future: Future[T]) -> T:
    return future.result(JOIN_S)


@pytest.fixture
def enter(deployed: LocalAws) -> Iterator[Enter]:
    """Makes clients that are connected, and closes them after the test."""
    clients: list[ChatClient] = []

    def enter_as(name: str, room: str | None = None) -> Person:
        events: SimpleQueue[Event] = SimpleQueue()
        clients.append(
            ChatClient(GuestSignIn(deployed.urls["ticket"], name, key=name), events.put, timing=Timing(backoff_s=0.1))
        )
        clients[-1].connect()
        if room:
            get(clients[-1].join(room))
        return Person(clients[-1], events)

    yield enter_as
    for client in clients:
        client.close()


def cut(person: Person) -> None:
    """Cut a client's connection under it, without a word."""
    connection = person.client._runner._connection
    assert connection
    with socket.socket(fileno=connection.fileno()) as raw:
        raw.shutdown(socket.SHUT_RDWR)
        raw.detach()


def test_two_people_chat(enter: Enter, room: str) -> None:
    ada, bob = enter("ada", room), enter("bob", room)
    came = ada.wait(Presence)
    assert (came.room, came.name, came.state) == (room, "bob", "joined")
    get(ada.client.send(room, "hi \U0001f600"))
    get(bob.client.send(room, "hello"))
    assert ada.read(2) == bob.read(2) == ["hi \U0001f600", "hello"]
    get(bob.client.leave(room))
    assert ada.wait(Presence) == Presence(room, came.user, "bob", "left")
    assert ada.members(room) == ["ada"]


def test_a_line_piped_into_the_terminal_client_arrives(
    deployed: LocalAws, enter: Enter, room: str, tmp_path: Path
) -> None:
    ada = enter("ada", room)
    get(ada.client.send(room, "before"))
    command = [
        sys.executable,
        "-m",
        "chat_client",
        "--url",
        deployed.urls["ticket"],
        "--room",
        room,
        "--name",
        "bob",
        "--state",
        str(tmp_path / "state.json"),
    ]
    shown = subprocess.run(
        command, input="from a pipe\n", capture_output=True, text=True, timeout=JOIN_S, check=True, cwd=ROOT
    ).stdout
    assert ada.read(2) == ["before", "from a pipe"]
    assert [re.sub(r"^.*?#\d+ ", "", line) for line in shown.splitlines()[-2:]] == ["ada: before", "bob: from a pipe"]


def test_everybody_sees_the_same_order(enter: Enter, room: str) -> None:
    people = [enter(name, room) for name in ("ada", "bob", "eve")]
    acks = [person.client.send(room, f"{number}") for number in range(5) for person in people]
    seqs = [get(ack).seq for ack in acks]
    assert sorted(seqs) == list(range(1, 16))
    orders = [[person.wait(Message).seq for _ in range(15)] for person in people]
    assert orders == [list(range(1, 16))] * 3
    # What one person sends stays in the order in which it was sent.
    for first in range(3):
        assert seqs[first::3] == sorted(seqs[first::3])


def test_who_comes_later_sees_what_was_said_and_asks_for_older(enter: Enter, room: str) -> None:
    ada = enter("ada", room)
    for number in range(105):
        ada.client.send(room, f"{number}")
    get(ada.client.send(room, "last"))
    bob = enter("bob", room)
    assert bob.wait(Joined).head == 106
    first = bob.wait(Message)
    assert (first.seq, first.text) == (7, "6")
    page = get(bob.client.history(room, first.seq, limit=4))
    assert ([message.seq for message in page.entries], page.more) == ([3, 4, 5, 6], True)


def test_a_cut_connection_is_resumed_and_misses_nothing(enter: Enter, room: str) -> None:
    ada, bob = enter("ada", room), enter("bob", room)
    get(ada.client.send(room, "before"))
    assert bob.read(1) == ["before"]
    cut(bob)
    for number in range(10):
        ada.client.send(room, f"{number}")
    bob.client.send(room, "typed while away")
    assert bob.wait(Disconnected)
    expected = {*map(str, range(10)), "typed while away"}
    said = bob.read(11)
    assert set(said) == expected
    assert ada.read(12) == ["before", *said]


def test_a_person_who_was_away_reads_on_from_a_position(enter: Enter, room: str) -> None:
    ada, bob = enter("ada", room), enter("bob", room)
    get(ada.client.send(room, "seen"))
    seen = bob.wait(Message)
    bob.client.close()
    for number in range(5):
        get(ada.client.send(room, f"{number}"))
    back = enter("bob")
    get(back.client.join(room, after=seen.seq, epoch=seen.epoch))
    assert back.read(5) == [str(number) for number in range(5)]


def test_who_closes_disappears_from_members(enter: Enter, room: str) -> None:
    ada, bob = enter("ada", room), enter("bob", room)
    assert ada.members(room) == ["ada", "bob"]
    bob.client.close()
    eventually(lambda: ada.members(room), ["ada"])


def test_a_refused_message_says_why_and_the_next_one_goes(enter: Enter, room: str) -> None:
    ada = enter("ada", room)
    too_long, fine = ada.client.send(room, "x" * 8193), ada.client.send(room, "x" * 8192)
    with pytest.raises(RequestError) as caught:
        get(too_long)
    assert (caught.value.code, caught.value.retryable) == ("field.out_of_range", False)
    assert get(fine).seq == 1


def test_a_refused_room_says_why(enter: Enter) -> None:
    with pytest.raises(RequestError, match=r"room\.bad_name"):
        enter("ada", "no room")


def test_a_name_that_is_not_accepted_is_refused_for_good(enter: Enter) -> None:
    assert "name must have 1 to 64 characters" in enter("x" * 65).wait(Refused).reason


def test_fifty_people_all_read_twenty_messages_in_order(enter: Enter, room: str) -> None:
    people = [enter(f"user{number:02}") for number in range(50)]
    for joining in [person.client.join(room) for person in people]:
        get(joining)
    acks = [people[number].client.send(room, f"{number}") for number in range(20)]
    assert sorted(get(ack).seq for ack in acks) == list(range(1, 21))
    orders = [[person.wait(Message) for _ in range(20)] for person in people]
    assert [message.seq for message in orders[0]] == list(range(1, 21))
    assert all(order == orders[0] for order in orders)
