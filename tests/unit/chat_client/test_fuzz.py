"""Whatever the server answers, in whatever order and however late: a session survives it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from chat_client.entries import UnknownEntry
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import Frame, ack, done, error, history, joined, page, push, synced

ROOMS = ("lobby", "den", "dm:ada:bob")
CODES = (
    "room.not_joined",
    "room.banned",
    "room.too_many",
    "room.busy",
    "frame.too_large",
    "send.after_too_old",
    "connection.expired",
    "server.unavailable",
)


class Chaos:
    """A user and a server who do anything that the protocol allows, and a little more."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.bench = Bench(jitter=0.5)
        self.is_open = False
        self.asked: list[Frame] = [{"action": "join", "id": "unknown"}]
        self.moves: tuple[Callable[[], object], ...] = (self.ask, self.answer, self.answer, self.answer, self.pass_by)

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.dice.choice(self.moves)()
            self.bench.session.tick(self.bench.now_s)
            self.asked += [frame for frame in self.bench.sent() if "id" in frame]
            if self.bench.session.gave_up:
                self.lose()
        self.bench.session.end()

    def ask(self) -> None:
        session, now_s, room = self.bench.session, self.bench.now_s, self.dice.choice(ROOMS)
        self.dice.choice(
            (
                lambda: session.join(room, now_s),
                lambda: session.leave(room, now_s),
                lambda: session.ask("send", room, now_s, text="x" * self.dice.choice((1, 40_000))),
                lambda: session.ask("edit", room, now_s, seq=1, text="new"),
                lambda: session.ask("create", room, now_s, private=True),
                lambda: session.ask("history", room, now_s, before=5),
                lambda: session.send_to("bob", "hi", now_s),
                lambda: session.read(room, 3, now_s),
            )
        )()

    def pass_by(self) -> None:
        bench = self.bench
        if self.dice.random() < 0.1:
            self.lose()
        bench.wait(self.dice.choice((0, 0.6, 6, 2_000)))
        if bench.session.should_connect(bench.now_s):
            bench.open()
            self.is_open = True

    def lose(self) -> None:
        self.bench.lose()
        self.is_open = False

    def answer(self) -> None:
        if not self.is_open:
            return
        # Any request so far, answered before or not: answers may come late, and twice.
        frame = self.dice.choice(self.asked[-8:])
        request_id, room = frame["id"], frame.get("room", "lobby")
        seq = self.dice.randint(1, 9)
        about: dict[str, Any] = {
            "epoch": self.dice.choice(("A", "A", "B")),
            "more": self.dice.random() < 0.3,
            "reset": self.dice.random() < 0.2,
        }
        seqs = range(seq, self.dice.randint(seq, 10))
        code = self.dice.choice(CODES)
        part: Frame = {"error": {"code": code, "message": "", "retryable": False}}
        frames = (
            joined(request_id, *seqs, room=room, **about),
            history(request_id, *seqs, room=room, **about),
            synced(
                request_id, **{name: self.dice.choice((part, {"head": 9, **page(*seqs, **about)})) for name in ROOMS}
            ),
            ack(request_id, seq, room=room),
            done(request_id),
            {"type": "left", "id": request_id, "room": room},
            {"type": "removed", "room": room, "reason": "kicked"},
            error(self.dice.choice((request_id, None)), code, retryable=self.dice.random() < 0.3),
            push(seq, room=room) | {"type": self.dice.choice(("message", "sung"))},
        )
        self.bench.session.receive(json.dumps(self.dice.choice(frames)), self.bench.now_s)


@pytest.mark.parametrize("seed", range(50))
def test_nothing_stops_a_session(seed: int) -> None:
    chaos = Chaos(seed)
    chaos.run(steps=300)
    assert chaos.bench.told(UnknownEntry) == []
