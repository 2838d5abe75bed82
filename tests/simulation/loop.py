"""An asyncio event loop in virtual time: it never waits, and the same calls come in the same order every time.

Each callback belongs to a process, the one in whose context it was scheduled: an invocation of a function. One that
has crashed runs no callback any more, not even a `finally`, and one that is frozen runs them later. So a fault strikes
at an await as it does in Lambda, with no help from the code that it strikes.
"""

from __future__ import annotations

import asyncio
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")

# Whoever is cancelled may still have something to clean up.
_ROUNDS = 100


class Process:
    """What runs callbacks, until it is dead; `thaws_s` is when it goes on.

    Attributes:
        name: for the timeline.
        is_dead: nothing of it runs any more.
        thaws_s: nothing of it runs before that time.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_dead = False
        self.thaws_s = 0.0
        self._tasks: list[asyncio.Task[Any]] = []

    def add(self, task: asyncio.Task[Any]) -> None:
        """Note a task of this process. It is kept: what has crashed must not be cleaned up by the garbage collector."""
        self._tasks.append(task)

    def list_running(self) -> list[asyncio.Task[Any]]:
        """List the tasks that are not done, oldest first."""
        return [task for task in self._tasks if not task.done()]

    def discard(self) -> bool:
        """Cancel what has not ended; tell whether there was anything."""
        running = self.list_running()
        for task in running:
            task.cancel()
        return bool(running)


PROCESS: ContextVar[Process | None] = ContextVar("process", default=None)
# Where the models' own callbacks run: no crash of a function reaches them.
WORLD = Context()


class VirtualLoop(asyncio.AbstractEventLoop):
    """The event loop.

    Attributes:
        failure: what a callback has raised; the run is over then.
        is_stopped: set to end the run.
    """

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.is_stopped = False
        self._now_s = 0.0
        self._ready: deque[tuple[Process | None, asyncio.Handle]] = deque()
        self._timers: list[tuple[float, int, Process | None, asyncio.Handle]] = []
        self._numbers = count()
        # What the dead would have run: without it, their tasks could not be ended when the world is.
        self._unrun: list[tuple[Process | None, asyncio.Handle]] = []
        self._is_closing = False

    def time(self) -> float:
        """Tell the virtual time, in seconds."""
        return self._now_s

    def run_until(self, until_s: float) -> None:
        """Run everything that is due up to a time, or until somebody stops the loop."""
        events._set_running_loop(self)
        try:
            while not self.is_stopped and self.failure is None:
                if self._ready:
                    self._run(*self._ready.popleft())
                elif self._timers and self._timers[0][0] <= until_s:
                    when_s, _, process, handle = heappop(self._timers)
                    self._now_s = max(self._now_s, when_s)
                    self._ready.append((process, handle))
                else:
                    self._now_s = max(self._now_s, until_s)
                    break
        finally:
            events._set_running_loop(None)
        if self.failure is not None:
            raise self.failure

    def _run(self, process: Process | None, handle: asyncio.Handle) -> None:
        if handle.cancelled():
            return
        if process is not None and not self._is_closing:
            if process.is_dead:
                self._unrun.append((process, handle))
                return
            if process.thaws_s > self._now_s:
                heappush(self._timers, (process.thaws_s, next(self._numbers), process, handle))
                return
        handle._run()

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Schedule a callback."""
        process = PROCESS.get() if context is None else context.get(PROCESS)
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append((process, handle))
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Schedule a callback for later."""
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Schedule a callback for a time."""
        process = PROCESS.get() if context is None else context.get(PROCESS)
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._numbers), process, handle))
        return handle

    def after(self, delay_s: float, callback: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Schedule something that is no function's: a message on its way, a timer of a service."""
        return self.call_at(self._now_s + delay_s, callback, *args, context=WORLD)

    def create_future(self) -> asyncio.Future[Any]:
        """Make a future."""
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None, **_: Any
    ) -> asyncio.Task[T]:
        """Make a task, which belongs to a process too."""
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        process = PROCESS.get() if context is None else context.get(PROCESS)
        if process is not None:
            process.add(task)
        return task

    def close(self, discard: Callable[[], bool]) -> None:  # type: ignore[override]
        """Let go of what has not run.

        Args:
            discard: cancels all tasks, also those of the dead, who clean up only now; tells whether there were any.
        """
        self._is_closing = True
        # The frozen have theirs among the timers.
        self._ready.extend([*self._unrun, *((process, handle) for _, _, process, handle in self._timers if process)])
        self._timers.clear()
        events._set_running_loop(self)
        for _ in range(_ROUNDS):
            if not discard():
                break
            while self._ready:
                self._run(*self._ready.popleft())
        else:
            raise RuntimeError(f"there are tasks that {_ROUNDS} cancellations do not end")
        events._set_running_loop(None)

    def get_debug(self) -> bool:
        """Say that nothing is to be checked twice."""
        return False

    def is_running(self) -> bool:
        """Say that it runs."""
        return True

    def is_closed(self) -> bool:
        """Say that it is open."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Take what a callback has raised; what nobody fetched from a future is nobody's concern."""
        if "handle" in context and self.failure is None:
            self.failure = context["exception"]

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing: a handle that was cancelled is passed over."""
