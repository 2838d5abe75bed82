"""Lambda: functions in containers, which are kept warm, and die.

Sources, of the AWS Lambda Developer Guide: "Understanding the Lambda execution environment lifecycle" (one invocation
at a time in each environment, frozen in between; a timeout or a crash ends it), "How Lambda handles errors and
retries with asynchronous invocation" (twice more, and at least once).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

from chat.domain.chat import Caller, Tally
from chat.handlers.container import Event, Result
from tests.simulation.chance import Chance, Dice
from tests.simulation.loop import PROCESS, Process, VirtualLoop

TIMEOUT_S = 29.0
_MARGIN_S = 1.0
_COLD_START_S = 0.25
_RETRIES = 2

Work = Callable[[Caller, Event], Awaitable[Result]]


class Invocation(Process):
    """One invocation of a function.

    Attributes:
        dice: decide what befalls it.
        container: where it runs.
        started_s: when it began.
        failure: an exception that it ended with, other than those of the chat.
    """

    def __init__(self, name: str, dice: Dice, container: Any, loop: VirtualLoop) -> None:
        super().__init__(name)
        self.dice = dice
        self.container = container
        self.started_s = loop.time()
        self.failure: Exception | None = None
        self._loop = loop
        self.on_end: Callable[[dict[str, Any] | None], None] = lambda response: None

    @staticmethod
    def running() -> Invocation:
        """Return the one whose code runs now."""
        process = PROCESS.get()
        assert isinstance(process, Invocation), "a function's code runs outside an invocation"
        return process

    async def pass_fault(self) -> None:
        """Come to a place where a fault may strike."""
        if self.dice.strikes("crash"):
            self.end(None)
            await self._loop.create_future()
        if self.dice.strikes("freeze"):
            self.thaws_s = self._loop.time() + self.dice.uniform(0.2, 6)
            future = self._loop.create_future()
            self._loop.call_soon(future.set_result, None)
            await future

    def end(self, response: dict[str, Any] | None, failure: Exception | None = None) -> None:
        """End it, with a response or without; `failure` is an exception that is none of the chat's."""
        if not self.is_dead:
            self.is_dead = True
            self.failure = failure
            self.on_end(response)


class Lambda:
    """All functions of the chat.

    Args:
        loop: the world's.
        chance: gives each invocation its dice.
        make_container: makes a cold container, given its dice.
        works: what each function does.
    """

    def __init__(
        self, loop: VirtualLoop, chance: Chance, make_container: Callable[[Dice], Any], works: dict[str, Work]
    ) -> None:
        self.running: dict[Invocation, str] = {}
        self.invocations = 0
        self.on_start: Callable[[Invocation, str], None] = lambda invocation, function: None
        self.on_end: Callable[[Invocation, dict[str, Any] | None], None] = lambda invocation, response: None
        self._loop = loop
        self._chance = chance
        self._make_container = make_container
        self._works = works
        self._warm: dict[str, list[Any]] = {function: [] for function in works}
        self._dead: list[Invocation] = []

    def invoke(
        self,
        function: str,
        event: Event,
        name: str,
        on_end: Callable[[dict[str, Any] | None], None],
        connection_id: str = "",
    ) -> Invocation:
        """Invoke a function; `on_end` gets its response, or None where it has failed."""
        dice = self._chance.dice(name)
        warm, start_s = self._warm[function], 0.001
        container = warm.pop() if warm and not dice.strikes("cold start") else None
        if container is None:
            container, start_s = self._make_container(dice), _COLD_START_S
        invocation = Invocation(name, dice, container, self._loop)
        self.running[invocation] = function
        self.invocations += 1
        self.on_start(invocation, function)

        def end(response: dict[str, Any] | None) -> None:
            del self.running[invocation]
            self._dead.append(invocation)
            timer.cancel()
            if response is not None:
                warm.append(container)
            self.on_end(invocation, response)
            on_end(response)

        invocation.on_end = end
        timer = self._loop.after(TIMEOUT_S + start_s, invocation.end, None)
        self._loop.after(start_s, self._start, invocation, self._works[function], event, connection_id)
        return invocation

    def invoke_async(self, function: str, event: Event, name: str) -> None:
        """Have a function invoked, again where it fails, and perhaps once too often."""
        dice = self._chance.dice(f"{name} queue")

        def attempt(number: int) -> None:
            def end(response: dict[str, Any] | None) -> None:
                if response is None and number < _RETRIES:
                    self._loop.after(dice.uniform(1, 20), attempt, number + 1)

            self.invoke(function, event, f"{name}.{number}", end)

        attempt(0)
        if dice.strikes("invoked twice"):
            self._loop.after(dice.uniform(0, 5), self.invoke, function, event, f"{name}.again", lambda response: None)

    def discard(self) -> bool:
        """Cancel what has not ended; tell whether there was anything."""
        found = [invocation.discard() for invocation in [*self._dead, *self.running]]
        return any(found)

    def _start(self, invocation: Invocation, work: Work, event: Event, connection_id: str) -> None:
        context = Context()
        context.run(PROCESS.set, invocation)
        caller = Caller(connection_id, Tally())
        remaining_s = TIMEOUT_S - _MARGIN_S
        coroutine = invocation.container.run(invocation, work, caller, event, remaining_s)
        self._loop.create_task(coroutine, context=context)
