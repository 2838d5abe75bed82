"""Connects at a rate that stays below a quota, reconnects included."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


class Ramp:
    """Gives turns, so many a second, in the order in which they are asked for.

    Args:
        per_second: how many.
        clock: tells the time in seconds.
        sleep: waits for seconds.
    """

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._free_s = -float("inf")

    async def wait_for_turn(self) -> None:
        """Wait until it is this caller's turn. Turns that nobody took are not made up for."""
        now_s = self._clock()
        turn_s = max(now_s, self._free_s)
        self._free_s = turn_s + self._interval_s
        await self._sleep(turn_s - now_s)
