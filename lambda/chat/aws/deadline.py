"""When the running invocation must be done."""

import asyncio


class Deadline:
    """Set by the handler as an invocation begins, and read by the adapters, in the event loop's time, in seconds."""

    def __init__(self) -> None:
        self._at = 0.0

    def start(self, remaining_s: float) -> None:
        """Give the invocation so many seconds from now."""
        self._at = asyncio.get_running_loop().time() + remaining_s

    def within(self, seconds: float, *, leaving_s: float = 0.0) -> float:
        """Return the time so many seconds from now, or sooner where that would leave less until the deadline."""
        return min(self._at - leaving_s, asyncio.get_running_loop().time() + seconds)
