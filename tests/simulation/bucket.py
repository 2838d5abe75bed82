"""A token bucket, by which API Gateway throttles an account.

Source: Amazon API Gateway Developer Guide, "Throttle requests": a rate, and a burst.
"""

from __future__ import annotations

from tests.simulation.loop import VirtualLoop


class Bucket:
    """A token bucket."""

    def __init__(self, loop: VirtualLoop, per_s: float, burst: float) -> None:
        self._loop = loop
        self._per_s = per_s
        self._burst = self._left = burst
        self._at_s = 0.0

    def take(self) -> bool:
        """Take a token, where there is one."""
        now_s = self._loop.time()
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
