"""Time that passes only when somebody sleeps, a deadline in it, and the credentials that the tests sign with."""

from chat.aws.client.environment import Credentials
from chat.aws.deadline import Deadline

CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "token")


class FakeTime:
    def __init__(self) -> None:
        self.now_s = 1000.0
        self.slept_s: list[float] = []

    def clock(self) -> float:
        return self.now_s

    async def sleep(self, delay_s: float) -> None:
        self.slept_s.append(delay_s)
        self.now_s += delay_s


class FakeDeadline(Deadline):
    """An invocation's deadline, 28 seconds after it was made."""

    def __init__(self, time: FakeTime) -> None:
        super().__init__()
        self._time = time
        self.at_s = time.now_s + 28

    def within(self, seconds: float) -> float:
        return min(self.at_s, self._time.now_s + seconds)
