"""Discrete events: processes that sleep until a time, woken in the order of time."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush, heapreplace
from itertools import count

# Yields the time when it wants to go on.
Process = Generator[float, None, None]


class Simulation:
    """A clock, and the processes that wait for it.

    Attributes:
        now: the time, in seconds from the beginning.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, int, Process]] = []
        # Of two at one time, the one that was there first goes first: chance has no part in the order.
        self._order = count()

    def start(self, process: Process, at: float | None = None) -> None:
        """Start a process, now or later."""
        heappush(self._waiting, (self.now if at is None else at, next(self._order), process))

    def run(self, until: float) -> None:
        """Run until nothing waits, or until a time."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= until:
            # It stays in front while it runs: whatever it starts comes later.
            self.now, _, process = waiting[0]
            at = next(process, None)
            if at is None:
                heappop(waiting)
            else:
                heapreplace(waiting, (at, next(self._order), process))
