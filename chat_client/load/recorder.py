"""What a run measures: counts, latencies, and how both went from one interval to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from chat_client.load.histogram import Histogram
from chat_client.load.judge import Judge
from chat_client.load.messages import Key

Latency = Literal["ticket", "connect", "ack", "delivery", "lag"]
LATENCIES: tuple[Latency, ...] = ("ticket", "connect", "ack", "delivery", "lag")

_REASONS_MOST = 50


class Sample(TypedDict):
    """One interval.

    Attributes:
        at_s: when it ended, from the start of the run.
        open: connections, at its end.
        sent, acked, shown, reconnects: how many came in it.
        ack_p50, ack_p99, delivery_p50, delivery_p99, lag_max: in milliseconds; None where nothing was measured in it.
    """

    at_s: float
    open: int
    sent: int
    acked: int
    shown: int
    reconnects: int
    ack_p50: float | None
    ack_p99: float | None
    delivery_p50: float | None
    delivery_p99: float | None
    lag_max: float | None


@dataclass(slots=True)
class Counts:
    """How often what happened.

    Attributes:
        ready: clients that have entered all their rooms, at least once.
        open: connections.
        reconnects: connections after a client's first.
        cuts: connections that the generator cut.
        sent, acked: messages.
        shown: messages as they were shown to a client, its own among them.
        refused: requests and clients, by reason.
        lost_connections: those that the generator has not cut, by reason; and those that could not be made.
    """

    ready: int = 0
    open: int = 0
    reconnects: int = 0
    cuts: int = 0
    sent: int = 0
    acked: int = 0
    shown: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost_connections: Counter[str] = field(default_factory=Counter)


class Recorder:
    """Gathers what the clients measure.

    Args:
        judge: is told what is sent and shown.
        clock: tells the time in seconds.

    Attributes:
        counts: of the whole run.
        totals: latencies of the whole run.
        samples: one for each interval so far.
    """

    def __init__(self, judge: Judge, clock: Callable[[], float]) -> None:
        self.counts = Counts()
        self.totals: dict[Latency, Histogram] = {latency: Histogram() for latency in LATENCIES}
        self.samples: list[Sample] = []
        self._judge = judge
        self._clock = clock
        self._started_s = clock()
        self._recent = {latency: Histogram() for latency in LATENCIES}
        self._before = (0, 0, 0, 0)

    @property
    def elapsed_s(self) -> float:
        """How long the run has been going on."""
        return self._clock() - self._started_s

    def measure(self, latency: Latency, since_s: float) -> None:
        """Measure a latency that ends now."""
        duration_s = self._clock() - since_s
        self.totals[latency].record(duration_s)
        self._recent[latency].record(duration_s)

    def send(self, room: str, sender: int, due_s: float) -> Key:
        """Note that a message is sent, which was due a moment ago; say which it is."""
        self.counts.sent += 1
        self.measure("lag", due_s)
        return self._judge.send(room, sender, due_s)

    def ack(self, due_s: float) -> None:
        """Note that a message was acked."""
        self.counts.acked += 1
        self.measure("ack", due_s)

    def show(self, client: int, room: str, seq: int, key: Key | None) -> None:
        """Note that a client was shown an entry."""
        self.counts.shown += 1
        due_s = self._judge.show(client, room, seq, key)
        if due_s is not None:
            self.measure("delivery", due_s)

    def refuse(self, reason: str) -> None:
        """Note that a client or a request was refused."""
        _count(self.counts.refused, reason)

    def lose(self, reason: str) -> None:
        """Note that a connection was lost or could not be made."""
        _count(self.counts.lost_connections, reason)

    def sample(self) -> Sample:
        """Close an interval."""
        counts, recent = self.counts, self._recent
        now = (counts.sent, counts.acked, counts.shown, counts.reconnects)
        sent, acked, shown, reconnects = (after - before for after, before in zip(now, self._before, strict=True))
        ack, delivery = recent["ack"].summarise(), recent["delivery"].summarise()
        sample: Sample = {
            "at_s": round(self.elapsed_s, 2),
            "open": counts.open,
            "sent": sent,
            "acked": acked,
            "shown": shown,
            "reconnects": reconnects,
            "ack_p50": ack["p50"],
            "ack_p99": ack["p99"],
            "delivery_p50": delivery["p50"],
            "delivery_p99": delivery["p99"],
            "lag_max": recent["lag"].summarise()["max"],
        }
        self.samples.append(sample)
        self._before = now
        self._recent = {latency: Histogram() for latency in LATENCIES}
        return sample


def _count(reasons: Counter[str], reason: str) -> None:
    """Count a reason; some name what nobody else shares, and would be many."""
    reasons[reason if reason in reasons or len(reasons) < _REASONS_MOST else "others"] += 1
