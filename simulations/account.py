"""The account's budget of posts, and how long each takes: what all functions share."""

from __future__ import annotations

import random
from collections.abc import Generator
from heapq import heapify, heappop, heappush, heapreplace
from math import log

from simulations.events import Simulation
from simulations.settings import Settings

# Drawn once and gone round: drawing anew for each post would take most of a run.
_LATENCIES = 65_521


class Account:
    """API Gateway's token bucket, the latency of posts, and how many there were in each second.

    Attributes:
        posts: that arrived, by second.
        throttled: that were answered with 429, by second.
    """

    def __init__(self, simulation: Simulation, settings: Settings, chance: random.Random) -> None:
        self._simulation = simulation
        self._settings = settings
        self._chance = chance
        self._latencies = [self._draw() for _ in range(_LATENCIES)]
        self._drawn = 0
        self._tokens = settings.post_burst
        self._filled_at = 0.0
        seconds = int(settings.horizon_s) + 1
        self.posts = [0] * seconds
        self.throttled = [0] * seconds

    def post(self, number: int, pace_per_s: float) -> Generator[float, None, float]:
        """Post so many frames from one function; return when the last was answered.

        Args:
            number: of posts.
            pace_per_s: at most so many of them a second; 0 for no such limit.
        """
        settings = self._settings
        step_s = max(settings.post_us / 1e6, 1 / pace_per_s if pace_per_s else 0.0)
        # When each of the function's connections is free again.
        free = [self._simulation.now] * min(settings.in_flight, number)
        heapify(free)
        repeats: list[tuple[float, int]] = []
        at = last = self._simulation.now
        left = number
        while left or repeats:
            attempts = 0
            if left:
                left -= 1
            else:
                # Those that were throttled come once all others are served.
                due, attempts = heappop(repeats)
                at = max(at, due)
            at = max(at, free[0])
            yield at
            answered = self._try(at)
            if answered < 0:
                answered = at + settings.throttled_ms / 1e3
                wait_s = settings.backoff_ms / 1e3 * 2 ** min(attempts, 6) * self._chance.random()
                heappush(repeats, (answered + wait_s, attempts + 1))
            elif answered > last:
                last = answered
            heapreplace(free, answered)
            at += step_s
        yield last
        return last

    def _try(self, at: float) -> float:
        """Post once; return when that is answered, or -1 for 429."""
        settings = self._settings
        tokens = min(settings.post_burst, self._tokens + (at - self._filled_at) * settings.posts_per_s)
        self._filled_at = at
        if tokens < 1:
            self._tokens = tokens
            self.throttled[int(at)] += 1
            return -1.0
        self._tokens = tokens - 1
        self.posts[int(at)] += 1
        self._drawn = (self._drawn + 1) % _LATENCIES
        return at + self._latencies[self._drawn]

    def _draw(self) -> float:
        settings = self._settings
        if self._chance.random() < settings.straggler_share:
            return settings.straggler_ms / 1e3
        return self._chance.lognormvariate(log(settings.latency_ms / 1e3), settings.latency_spread)
