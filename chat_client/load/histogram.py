"""How long something took, counted in buckets: any number of durations in a bounded memory."""

from __future__ import annotations

import math
from collections import Counter
from typing import TypedDict

_LEAST_MS = 0.01
_GROWTH = 1.01
_LOG_GROWTH = math.log(_GROWTH)


class Summary(TypedDict):
    """Percentiles in milliseconds; None where nothing was counted."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None
    max: float | None


class Histogram:
    """Durations in buckets, each 1 % wider than the one before: so much a percentile can be too high.

    Attributes:
        count: how many durations it holds.
    """

    def __init__(self) -> None:
        self.count = 0
        self._buckets: Counter[int] = Counter()
        self._max_ms = 0.0

    def record(self, duration_s: float) -> None:
        """Count a duration."""
        duration_ms = max(0.0, duration_s * 1000)
        self.count += 1
        self._max_ms = max(self._max_ms, duration_ms)
        above_least = duration_ms > _LEAST_MS
        self._buckets[math.ceil(math.log(duration_ms / _LEAST_MS) / _LOG_GROWTH) if above_least else 0] += 1

    def find_percentile(self, percent: float) -> float | None:
        """Find the duration, in milliseconds, that so many percent of all do not exceed."""
        for share, duration_ms in self.list_shares():
            # A little less, for 99 % of 100 may come out as 99.00000000000001.
            if share >= percent / 100 - 1e-9:
                return duration_ms
        return None

    def list_shares(self) -> list[tuple[float, float]]:
        """List, in rising order, which share of all durations does not exceed which, in milliseconds."""
        shares, below = [], 0
        for bucket, count in sorted(self._buckets.items()):
            below += count
            shares.append((below / self.count, min(_LEAST_MS * _GROWTH**bucket, self._max_ms)))
        return shares

    def summarise(self) -> Summary:
        """Tell the percentiles that people ask for."""
        p50, p95, p99 = (_round(self.find_percentile(percent)) for percent in (50, 95, 99))
        largest = _round(self._max_ms) if self.count else None
        return {"count": self.count, "p50": p50, "p95": p95, "p99": p99, "max": largest}


def _round(duration_ms: float | None) -> float | None:
    return None if duration_ms is None else round(duration_ms, 2)
