"""Every interleaving of a few attempts to append, with crashes: no duplicate, no hole.

A coroutine's next step depends on what it has seen so far and on nothing else. So a state of the whole is the log and
what each attempt has seen, and a state that was reached before need not be explored again.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Mapping
from dataclasses import dataclass, replace
from types import coroutine
from typing import Any

import pytest

from chat.domain.append import Draft, append
from chat.domain.chat import Chat, Tally
from chat.domain.model import Entry, Message, Revision, User
from chat.domain.ports import LogPage
from tests.fakes.ports import FakeLog, FakeSurroundings, FakeWorld


@coroutine
def pause() -> Generator[None, None, None]:
    """Let the scheduler run somebody else, or crash this one."""
    yield


class SteppedLog(FakeLog):
    """A log whose every call is a step of the schedule; keeps what each attempt has seen."""

    def __init__(self, planted: str | None) -> None:
        super().__init__()
        self.planted = planted
        self.running = 0
        self.seen: dict[int, list[object]] = {}

    async def read(self, room: str, **bounds: Any) -> LogPage:
        await pause()
        page = await super().read(room, **bounds)
        self._note(repr(page.entries))
        if self._is_blind(bounds):
            return LogPage([replace(entry, id="unseen") for entry in page.entries], page.complete)
        return page

    async def put(self, entry: Entry, revisions: Mapping[int, Revision], *, receipt_s: int | None = None) -> bool:
        await pause()
        if self.planted == "put without its condition":
            self.entries.pop((entry.room, entry.seq), None)
        stored = await super().put(entry, revisions, receipt_s=receipt_s)
        self._note((entry.seq, stored))
        return stored

    def _is_blind(self, bounds: dict[str, Any]) -> bool:
        """Whether a planted bug hides the entries that the look-up needs."""
        first_read = len(self.seen[self.running]) == 1
        return self.planted == "no look-up after a lost race" and not first_read and "limit" not in bounds

    def _note(self, what: object) -> None:
        self.seen.setdefault(self.running, []).append(what)


@dataclass(frozen=True)
class Attempt:
    """One invocation's try; `crashes` lets the schedule kill it at any step."""

    user: str
    id: str
    after: int
    crashes: bool = False


class Run:
    """One schedule, from the start."""

    def __init__(self, attempts: list[Attempt], planted: str | None) -> None:
        self.log = SteppedLog(planted)
        surroundings = FakeSurroundings()
        world = FakeWorld()
        chat = replace(world.chat, log=self.log, surroundings=surroundings)
        self.attempts = attempts
        self.tasks: dict[int, Coroutine[Any, Any, Entry]] = {
            index: _append(chat, attempt, planted) for index, attempt in enumerate(attempts)
        }
        self.dead: set[int] = set()
        self.acked: list[tuple[Attempt, Entry]] = []
        for index in list(self.tasks):
            self.step(("run", index))

    def step(self, choice: tuple[str, int]) -> None:
        """Run an attempt to its next call, or kill it."""
        kind, index = choice
        task = self.tasks[index]
        if kind == "crash":
            task.close()
            del self.tasks[index]
            self.dead.add(index)
            return
        self.log.running = index
        try:
            task.send(None)
        except StopIteration as stop:
            self.acked.append((self.attempts[index], stop.value))
            del self.tasks[index]

    def choices(self) -> list[tuple[str, int]]:
        """What may happen next."""
        crashes = [("crash", index) for index in self.tasks if self.attempts[index].crashes]
        return [("run", index) for index in self.tasks] + crashes

    def state(self) -> object:
        """All that the future depends on."""
        seen = tuple((index, tuple(notes)) for index, notes in sorted(self.log.seen.items()))
        return tuple(sorted(map(repr, self.log.entries.items()))), seen, frozenset(self.dead)

    def check(self) -> None:
        """Hold the promises against the log."""
        entries = [entry for _, entry in sorted(self.log.entries.items())]
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1)), "a hole"
        keys = [(entry.user.id, entry.id) for entry in entries]
        assert len(keys) == len(set(keys)), "stored twice"
        assert len({entry.epoch for entry in entries}) <= 1, "two epochs"
        for attempt, entry in self.acked:
            assert self.log.entries["lobby", entry.seq] == entry, "acked, and not in the log"
            assert (entry.user.id, entry.id) == (attempt.user, attempt.id), "acked somebody else's"

    def close(self) -> None:
        for task in self.tasks.values():
            task.close()


async def _append(chat: Chat, attempt: Attempt, planted: str | None) -> Entry:
    draft = Draft("lobby", User(attempt.user, attempt.user), attempt.id, Message("hi"))
    after = attempt.after
    if planted == "no look-up at first":
        # Behaves like a client whose every attempt names the newest position.
        page = await chat.log.read("lobby", newest_first=True, limit=1)
        after = page.entries[0].seq if page.entries else 0
    return await append(chat, draft, after, Tally())


def explore(attempts: list[Attempt], planted: str | None = None) -> int:
    """Run every schedule; return how many different states there were."""
    known: set[object] = set()
    unexplored: list[list[tuple[str, int]]] = [[]]
    while unexplored:
        schedule = unexplored.pop()
        run = Run(attempts, planted)
        for choice in schedule:
            run.step(choice)
        run.check()
        state = run.state()
        if state not in known:
            known.add(state)
            unexplored += [[*schedule, choice] for choice in run.choices()]
        run.close()
    return len(known)


SETTINGS = {
    "two attempts of one send": [Attempt("ada", "a1", 0), Attempt("ada", "a1", 0)],
    "two users": [Attempt("ada", "a1", 0), Attempt("bob", "a1", 0)],
    "a crash, its retry, a rival": [
        Attempt("ada", "a1", 0, crashes=True),
        Attempt("ada", "a1", 0),
        Attempt("bob", "b1", 0),
    ],
    "two crashing attempts, a third, another message": [
        Attempt("ada", "a1", 0, crashes=True),
        Attempt("ada", "a1", 0, crashes=True),
        Attempt("ada", "a1", 0),
        Attempt("ada", "a2", 0),
    ],
}


@pytest.mark.parametrize("attempts", SETTINGS.values(), ids=SETTINGS.keys())
def test_no_interleaving_makes_a_duplicate_or_a_hole(attempts: list[Attempt]) -> None:
    assert explore(attempts) > 5 * len(attempts)


@pytest.mark.parametrize(
    "planted", ["put without its condition", "no look-up after a lost race", "no look-up at first"]
)
def test_the_exploration_finds_a_planted_bug(planted: str) -> None:
    def explore_all() -> None:
        for attempts in SETTINGS.values():
            explore(attempts, planted)

    with pytest.raises(AssertionError, match=r"a hole|stored twice|acked"):
        explore_all()
