"""When the running invocation must be done."""

import asyncio


class Deadline:
    """Set by the handler as an invocation begins, and read by the adapters, in the event loop's time, in seconds."""

    def __init__(self) -> None:
        self._at = 0.0

    def start(self, remaining_s: float) -> None:
        """Give the invocation so many seconds from now."""
        self._at = asyncio.get_running_loop().time() + remaining_s

    def within(self, seconds: float) -> float:
        """Return the time so many seconds from now, or the deadline where that is sooner."""
        return min(self._at, asyncio.get_running_loop().time() + seconds)
