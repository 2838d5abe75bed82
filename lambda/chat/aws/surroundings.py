"""Real time, real chance."""

import asyncio
import os
import random
import time


class SystemSurroundings:
    """The `Surroundings` port."""

    def now_ms(self) -> int:
        """Read the system's clock."""
        return time.time_ns() // 1_000_000

    def jitter(self) -> float:
        """Roll a die; nothing secret hangs on it."""
        return random.random()  # noqa: S311

    def token(self) -> str:
        """Make 64 random bits, as 16 hexadecimal digits."""
        return os.urandom(8).hex()

    def secret(self) -> str:
        """Make 256 random bits, as 64 hexadecimal digits."""
        return os.urandom(32).hex()

    async def sleep(self, seconds: float) -> None:
        """Let the event loop wait."""
        await asyncio.sleep(seconds)
