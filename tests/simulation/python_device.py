"""A device that runs `chat_client`: the client's session as it is, on a simulated socket.

It does with the session what `chat_client.runner` does with it on a thread and a real socket.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chat_client.events import Member
from chat_client.link import Timing
from chat_client.requests import Kind
from chat_client.room import Position
from chat_client.session import Session
from tests.simulation.devices import Device
from tests.simulation.gateway import Connection

_CONNECT_S = 10.0


class PythonDevice(Device):
    """A device with the Python client.

    Attributes:
        session: the client's state.
        connection: its connection; None while it has none.
    """

    def __init__(self, *world: Any) -> None:
        super().__init__(*world)
        self.connection: Connection | None = None
        self._ids = self._attempts = 0
        self._is_connecting = False
        self._due_s = 0.0
        self.session = self._make_session()

    def join(self, room: str) -> None:
        self._do(lambda session, now_s: session.join(room, now_s))

    def leave(self, room: str) -> None:
        self._do(lambda session, now_s: session.leave(room, now_s))

    def read(self, room: str, seq: int) -> None:
        self._do(lambda session, now_s: session.read(room, seq, now_s))

    def typing(self, room: str) -> None:
        self._do(lambda session, now_s: session.typing(room, now_s))

    def send_to(self, user: str, text: str) -> None:
        self._do(lambda session, now_s: session.send_to(user, text, now_s))

    def ask(self, kind: Kind, room: str | None, **fields: Any) -> None:
        self._do(lambda session, now_s: session.ask(kind, room, now_s, **fields))

    def list_rooms(self) -> Sequence[str]:
        # Who is not let in any more is in none.
        return [] if self.session.has_ended else list(self.session._rooms.by_name)

    def list_positions(self) -> Mapping[str, Position | None]:
        return {name: room.position for name, room in self.session._rooms.by_name.items()}

    def list_waiting(self) -> Sequence[object]:
        # One may just have been sent.
        return [request for request in self.session._exchange.requests.select() if request.attempts != 1]

    def now_s(self) -> float:
        """Tell what its clock shows."""
        return 1_000 + self.loop.time() * self.pace

    def _do(self, act: Callable[[Session, float], object]) -> None:
        act(self.session, self.now_s())
        self.poke()

    def go_online(self) -> None:
        self.is_online = True
        self.poke()

    def go_offline(self) -> None:
        self.is_online = False
        self._hang_up("offline")

    def reload(self, positions: Mapping[str, Position | None]) -> None:
        self.session.end()
        self.poke()
        self._hang_up("closed")
        self.session = self._make_session()
        self.lives += 1
        self.positions = positions
        for room, position in positions.items():
            self.session.join(room, self.now_s(), position)
        self.poke()

    def break_connection(self) -> None:
        if self.connection and self.session._link.is_open:
            self.gateway.drop(self.connection)

    def poke(self) -> None:
        """Do what is due, as `Runner._run` does."""
        if self.loop.time() < self.thaws_s:
            self._wake_at(self.thaws_s)
            return
        session = self.session
        session.tick(self.now_s())
        self._pump()
        if session.gave_up:
            self._hang_up(session.gave_up)
        if self.is_online and not self._is_connecting and session.should_connect(self.now_s()):
            self._connect()
        self._pump()
        due_s = session.deadline()
        if self.is_online and due_s < math.inf and not (self._is_connecting and due_s <= self.now_s()):
            self._wake_at(self.loop.time() + max(0.001, (due_s - self.now_s()) / self.pace))

    # What API Gateway does.

    def take_open(self, connection: Connection) -> None:
        """Note that the socket is open."""
        if connection is self.connection and self._is_connecting:
            self._is_connecting = False
            self.session.open(self.now_s(), Member(self.user, self.user))
            self.poke()

    def take_frame(self, connection: Connection, text: str) -> None:
        """Take a frame, once this device is awake."""
        if self.loop.time() < self.thaws_s:
            self.loop.after(self.thaws_s - self.loop.time(), self.take_frame, connection, text)
        elif connection is self.connection and not self._is_connecting:
            self.session.receive(text, self.now_s())
            self.poke()

    def take_close(self, connection: Connection, reason: str) -> None:
        """Note that the socket is closed."""
        if connection is self.connection:
            self._lose(reason)

    def _make_session(self) -> Session:
        return Session(new_id=self._make_id, jitter=self.dice.random, timing=Timing())

    def _make_id(self) -> str:
        self._ids += 1
        return f"{self.name}.{self._ids}"

    def _connect(self) -> None:
        self._is_connecting = True
        self._attempts += 1
        attempt, name = self._attempts, f"{self.name}.{self._attempts}"

        def take_ticket(status: int, ticket: str) -> None:
            if attempt != self._attempts or not self._is_connecting:
                return
            if status == 403:
                self._is_connecting = False
                self.session.refuse("banned")
                self._pump()
            elif status != 200:
                self._lose(f"HTTP {status}")
            else:
                self.use_ticket(ticket)
                self.connection = self.gateway.connect(self, self.user, ticket, name)

        def give_up() -> None:
            if attempt == self._attempts and self._is_connecting:
                self._hang_up("no answer")

        self.gateway.issue_ticket(self.claims, f"{name} ticket", take_ticket)
        self.loop.after(_CONNECT_S, give_up)

    def _hang_up(self, reason: str) -> None:
        if self.connection:
            self.gateway.leave(self.connection)
        if self.connection or self._is_connecting:
            self._lose(reason)

    def _lose(self, reason: str) -> None:
        self.connection = None
        self._is_connecting = False
        self._attempts += 1
        self.session.lose(reason, self.now_s())
        self.poke()

    def _pump(self) -> None:
        for text in self.session.take_frames():
            if self.connection:
                self.gateway.send(self.connection, text)
        for event in self.session.take_events():
            self.observer.see_event(self, event)

    def _wake_at(self, time_s: float) -> None:
        if not self.loop.time() < self._due_s <= time_s:
            self._due_s = time_s
            self.loop.after(time_s - self.loop.time(), self._wake, time_s)

    def _wake(self, time_s: float) -> None:
        if time_s == self._due_s:
            self.poke()
