"""Every order in which the steps of a few coroutines can come.

A coroutine's next step depends on what it has seen so far and on nothing else. So a state of the whole is what is
stored and what each one has seen, and a state that was reached before need not be explored again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Generator, Mapping
from inspect import iscoroutinefunction
from types import coroutine
from typing import Any, NamedTuple

import pytest

from chat.domain import access, audience, delivery, membership, moderation, ownership, publishing, requests, unread
from chat.protocol.errors import ChatError


@coroutine
def pause() -> Generator[int, int, None]:
    """Let the schedule run somebody else, or crash this one."""
    yield 1


@coroutine
def gather(*children: Coroutine[Any, Any, Any]) -> Generator[int, int, list[Any]]:
    """Run coroutines as `asyncio.gather` does, the schedule choosing whose step comes next.

    Yields how many of them can go on, and is sent the one that shall.
    """
    results: dict[int, Any] = {}
    options: dict[int, int] = {}

    def advance(index: int, option: int | None) -> None:
        try:
            options[index] = children[index].send(option)
        except StopIteration as stop:
            results[index] = stop.value
            options.pop(index, None)

    try:
        for index in range(len(children)):
            advance(index, None)
        while options:
            option = yield sum(options.values())
            for index, count in options.items():
                if option < count:
                    advance(index, option)
                    break
                option -= count
    finally:
        # Lambda ends what is left when a request has failed.
        for child in children:
            child.close()
    return [results[index] for index in range(len(children))]


def schedule_gathers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the domain gather by the schedule."""
    for module in (access, audience, delivery, membership, moderation, ownership, publishing, requests, unread):
        monkeypatch.setattr(module, "gather", gather)


class Notes:
    """What each coroutine has seen so far; `running` is the one whose step it is."""

    def __init__(self) -> None:
        self.running = ""
        self.seen: dict[str, list[str]] = {}

    def add(self, what: str) -> None:
        self.seen.setdefault(self.running, []).append(what)

    def of_running(self) -> list[str]:
        return self.seen.get(self.running, [])


class Stepped:
    """A port whose every call is a step of the schedule."""

    def __init__(self, port: object, notes: Notes) -> None:
        self._port = port
        self._notes = notes

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not iscoroutinefunction(method):
            return method

        async def call(*args: Any, **fields: Any) -> Any:
            await pause()
            result = await method(*args, **fields)
            # The names of users and rooms tell calls apart that are under way at once.
            self._notes.add(f"{name} {[arg for arg in args if isinstance(arg, str)]} {result}")
            return result

        # Found without this method from now on: there are many schedules.
        vars(self)[name] = call
        return call


class Choice(NamedTuple):
    """Who goes on, with which of its options; None kills it."""

    who: str
    option: int | None


class Run:
    """One schedule, from the start. Subclasses say what is stored and what must hold.

    Attributes:
        results: what each coroutine that has finished returned, or which error it ended with.
    """

    def __init__(
        self, notes: Notes, tasks: Mapping[str, Coroutine[Any, Any, Any]], crashing: Collection[str] = ()
    ) -> None:
        self.notes = notes
        self.results: dict[str, Any] = {}
        self._tasks = dict(tasks)
        self._crashing = crashing
        self._options = dict.fromkeys(tasks, 0)
        self._dead: set[str] = set()
        for who in tasks:
            self._advance(who, None)

    def step(self, choice: Choice) -> None:
        """Run somebody to its next call, or kill it."""
        who, option = choice
        if option is None:
            self._tasks[who].close()
            self._dead.add(who)
            del self._options[who]
        else:
            self._advance(who, option)

    def choices(self) -> list[Choice]:
        """What may happen next."""
        crashes = [Choice(who, None) for who in self._options if who in self._crashing]
        return [Choice(who, option) for who, count in self._options.items() for option in range(count)] + crashes

    def state(self) -> object:
        """All that the future depends on."""
        seen = tuple((who, tuple(notes)) for who, notes in sorted(self.notes.seen.items()))
        return self.stored(), seen, frozenset(self._dead)

    def close(self) -> None:
        """End what has not finished."""
        for task in self._tasks.values():
            task.close()

    def stored(self) -> str:
        """What is stored."""
        raise NotImplementedError

    def check(self, *, over: bool) -> None:
        """Hold the promises against what is stored; `over` says that nobody has a step left."""
        raise NotImplementedError

    def _advance(self, who: str, option: int | None) -> None:
        self.notes.running = who
        try:
            self._options[who] = self._tasks[who].send(option)
        except StopIteration as stop:
            self.results[who] = stop.value
            del self._options[who]
        except ChatError as error:
            self.results[who] = error
            del self._options[who]


def explore(start: Callable[[], Run]) -> int:
    """Run every schedule; return how many different states there were."""
    known: set[object] = set()
    unexplored: list[list[Choice]] = [[]]
    while unexplored:
        schedule = unexplored.pop()
        run = start()
        for choice in schedule:
            run.step(choice)
        choices = run.choices()
        run.check(over=not choices)
        state = run.state()
        if state not in known:
            known.add(state)
            unexplored += [[*schedule, choice] for choice in choices]
        run.close()
    return len(known)
