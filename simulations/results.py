"""What a run shows, as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulations.room import Room
from simulations.settings import Settings

STEP_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A run, in numbers.

    Attributes:
        members: connections in the room.
        messages_per_s: sent to it.
        functions: deliver functions at a time.
        paced_per_s: posts a second that they share; 0 where nothing paces them.
        together: messages that leave as one frame, at most.
        shards: of the room.
        messages: that were sent.
        unfinished: that had not reached everybody when the run ended.
        first_s: from the first message to its last recipient; None where it did not get there.
        median_s: from a message to its last recipient, of those that reached everybody; None without any.
        slowest_s: the longest of them.
        longest_s: the longest invocation of a deliver function; 0 without one.
        together_mean: messages in one frame, on average.
        posts: that arrived.
        peak_per_s: the most of them in one second.
        throttled: posts answered with 429.
        backlog_peak: messages that waited in the queue, at most.
        posts_per_s: on average, for every ten seconds that are over.
        backlog: messages that waited, on average, for every ten seconds that are over.
    """

    members: int
    messages_per_s: float
    functions: int
    paced_per_s: float
    together: int
    shards: int
    messages: int
    unfinished: int
    first_s: float | None
    median_s: float | None
    slowest_s: float | None
    longest_s: float
    together_mean: float
    posts: int
    peak_per_s: int
    throttled: int
    backlog_peak: float
    posts_per_s: list[float]
    backlog: list[float]

    @property
    def keeps_up(self) -> bool:
        """Whether every message reached everybody before the end."""
        return self.unfinished == 0


def simulate(settings: Settings) -> Result:
    """Run one simulation; the same settings give the same result."""
    room = Room(settings)
    room.run()
    delays = sorted(
        last - sent
        for sent, last, unfinished in zip(room.sent_at, room.last_at, room.unfinished, strict=True)
        if not unfinished
    )
    posts = sum(room.account.posts)
    return Result(
        members=settings.members,
        messages_per_s=settings.messages_per_s,
        functions=settings.functions,
        paced_per_s=settings.paced_per_s,
        together=settings.batch * settings.job_messages,
        shards=len(settings.split()) if settings.has_queue else 0,
        messages=len(room.sent_at),
        unfinished=sum(map(bool, room.unfinished)),
        first_s=None if room.unfinished[0] else round(room.last_at[0] - room.sent_at[0], 3),
        median_s=round(delays[len(delays) // 2], 3) if delays else None,
        slowest_s=round(delays[-1], 3) if delays else None,
        longest_s=round(room.longest_s, 3),
        together_mean=round(room.delivered / posts, 2),
        posts=posts,
        peak_per_s=max(room.account.posts),
        throttled=sum(room.account.throttled),
        backlog_peak=round(max(room.backlog), 1),
        posts_per_s=_average(room.account.posts[: len(room.backlog)]),
        backlog=_average(room.backlog),
    )


def _average(values: Sequence[float]) -> list[float]:
    parts = [values[first : first + STEP_S] for first in range(0, len(values) - STEP_S + 1, STEP_S)]
    return [round(sum(part) / len(part), 1) for part in parts]
