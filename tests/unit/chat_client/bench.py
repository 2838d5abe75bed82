"""A session on a bench: the test is its clock, its network and its user."""

from __future__ import annotations

import itertools
import json
from typing import Any, TypeVar

from chat_client.entries import Entry
from chat_client.events import Event, Member
from chat_client.session import Session
from tests.unit.chat_client.frames import Frame, joined

E = TypeVar("E", bound=Event)


class Bench:
    """A session of ada's with ids `1`, `2`, ..., whose dice always give the same number.

    Attributes:
        is_dead: the server has stopped to answer pings.
    """

    def __init__(self, *, jitter: float = 1.0) -> None:
        ids = itertools.count(1)
        self.session = Session(new_id=lambda: str(next(ids)), jitter=lambda: jitter)
        self.now_s = 1000.0
        self.events: list[Event] = []
        self.is_dead = False
        self._sent: list[Frame] = []

    def open(self) -> None:
        self.session.open(self.now_s, Member("ada", "ada"))

    def lose(self) -> None:
        self.session.lose("lost", self.now_s)

    def join(self, *seqs: int, room: str = "lobby", **fields: Any) -> str:
        """Enter a room whose newest entries are these."""
        request_id = self.session.join(room, self.now_s)
        self.sent()
        self.receive(joined(request_id, *seqs, room=room, **fields))
        return request_id

    def send(self, text: str, room: str = "lobby") -> str:
        return self.session.ask("send", room, self.now_s, text=text)

    def receive(self, *frames: Frame) -> None:
        for frame in frames:
            self.session.receive(json.dumps(frame), self.now_s)

    def wait(self, seconds: float) -> None:
        """Let time pass, and tick whenever the session asks for it."""
        until_s = self.now_s + seconds
        while (due_s := self.session.deadline()) <= until_s:
            assert due_s >= self.now_s or self.session.should_connect(self.now_s), "asks for a tick in the past"
            self.now_s = max(self.now_s, due_s)
            self.session.tick(self.now_s)
            self._transfer()
            if self.session.gave_up or self.session.should_connect(self.now_s):
                return
        self.now_s = until_s

    def sent(self, action: str | None = None) -> list[Frame]:
        """Take what the session has sent since, of one action or all."""
        self._transfer()
        frames, self._sent = self._sent, []
        return [frame for frame in frames if action in (None, frame["action"])]

    def _transfer(self) -> None:
        frames = [json.loads(text) for text in self.session.take_frames()]
        self._sent += frames
        if not self.is_dead and {"action": "ping"} in frames:
            self.receive({"type": "pong"})

    def told(self, kind: type[E]) -> list[E]:
        """What the session has told so far, of one kind."""
        self.events += self.session.take_events()
        return [event for event in self.events if isinstance(event, kind)]

    def shown(self) -> list[int]:
        """The numbers of the entries it has told, in order."""
        return [entry.seq for entry in self.told(Entry)]
