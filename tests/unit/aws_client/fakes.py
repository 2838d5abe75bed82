"""Time in which sleeping takes no time, a deadline in it, and the credentials that the tests sign with."""

import time
from math import inf

from chat.aws.client.credentials import Lease
from chat.aws.client.environment import Credentials
from chat.aws.deadline import Deadline

CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token")


class FixedCredentials:
    """A source of credentials that never expire."""

    async def read(self, now_s: float) -> Lease:
        return Lease(CREDENTIALS, inf)


class FakeTime:
    """Passes as real time does, and is put forward instead of sleeping."""

    def __init__(self) -> None:
        self.skipped_s = 1000.0
        self.slept_s: list[float] = []

    @property
    def now_s(self) -> float:
        return time.monotonic() + self.skipped_s

    def clock(self) -> float:
        return self.now_s

    async def sleep(self, delay_s: float) -> None:
        self.slept_s.append(delay_s)
        self.skipped_s += delay_s


class FakeDeadline(Deadline):
    """An invocation's deadline, 28 seconds after it was made."""

    def __init__(self, time: FakeTime) -> None:
        super().__init__()
        self._time = time
        self.at_s = time.now_s + 28

    def within(self, seconds: float, *, leaving_s: float = 0.0) -> float:
        return min(self.at_s - leaving_s, self._time.now_s + seconds)
