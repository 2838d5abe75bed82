"""How a broken promise is noted; and how often each was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """A promise that was broken."""

    promise: str
    what: str
    time_s: float

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


class Judge:
    """Notes the first violation, which ends the run.

    Attributes:
        violation: the first one; None for none.
        checks: how often each promise was checked.
    """

    def __init__(self, now_s: Callable[[], float], stop: Callable[[], None]) -> None:
        self.violation: Violation | None = None
        self.checks: Counter[str] = Counter()
        self._now_s = now_s
        self._stop = stop

    def now_s(self) -> float:
        """Tell the time."""
        return self._now_s()

    def check(self, promise: str, holds: object, what: str | Callable[[], str]) -> None:
        """Check that a promise holds; `what` says how it is broken, or is called to say it."""
        self.checks[promise] += 1
        if not holds and self.violation is None:
            self.violation = Violation(promise, what if isinstance(what, str) else what(), self._now_s())
            self._stop()
