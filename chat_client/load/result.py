"""The result of a run: what is written as JSON, and what a report is made from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict

from chat_client.load.generator import Generator
from chat_client.load.histogram import Summary
from chat_client.load.recorder import LATENCIES, Latency, Sample

_SHARES = 200
_LAG_MS = 100

LATENCY_NAMES: dict[Latency, str] = {
    "ticket": "Ticket",
    "connect": "Connect",
    "ack": "Send to ack",
    "delivery": "Send to shown",
    "lag": "Generator's lag",
}


class Faults(TypedDict):
    """What must be 0.

    Attributes:
        lost, duplicated, out_of_order: over all pairs of a client and a room that it is in.
        absent: clients that did not get into their rooms.
        refused: requests and clients that were, by reason.
    """

    lost: int
    duplicated: int
    out_of_order: int
    absent: int
    refused: dict[str, int]


class Result(TypedDict):
    """A run.

    Attributes:
        version: of this format; another one where a field changes its meaning.
        passed: whether all faults are 0 and something was shown.
        finished: whether it lasted as long as it was planned.
        started_at: ISO 8601.
        elapsed_s: from the first connect to the verdict.
        url: of tickets.
        plan: what was to be done, as `Plan` has it.
        counts: `expected` is how often messages were to be shown to a client; `resumed` is how many clients had missed
            a push at the end; all others are as `Counts` has them.
        lost_connections: by reason, those that the generator has cut left out.
        latency_ms: `lag` is how much later than planned the generator sent.
        shares: of each latency, which share of all did not exceed which.
    """

    version: int
    passed: bool
    finished: bool
    started_at: str
    elapsed_s: float
    url: str
    plan: dict[str, Any]
    faults: Faults
    counts: dict[str, int]
    lost_connections: dict[str, int]
    latency_ms: dict[Latency, Summary]
    shares: dict[Latency, list[tuple[float, float]]]
    samples: list[Sample]


def build_result(generator: Generator, *, url: str, started_at: datetime) -> Result:
    """Build the result of a run that is over.

    Args:
        generator: what has run.
        url: of tickets.
        started_at: when it began.
    """
    plan, recorder, verdict = generator.plan, generator.recorder, generator.judge.decide()
    counts = recorder.counts
    absent = plan.clients - counts.ready
    clean = not (verdict.lost or verdict.duplicated or verdict.out_of_order or counts.refused or absent)
    return {
        "version": 1,
        "passed": clean and counts.shown > 0,
        "finished": not generator.was_stopped,
        "started_at": started_at.isoformat(timespec="seconds"),
        "elapsed_s": round(recorder.elapsed_s, 2),
        "url": url,
        "plan": asdict(plan),
        "faults": {
            "lost": verdict.lost,
            "duplicated": verdict.duplicated,
            "out_of_order": verdict.out_of_order,
            "absent": absent,
            "refused": dict(counts.refused),
        },
        "counts": _list_counts(generator),
        "lost_connections": dict(counts.lost_connections),
        "latency_ms": {latency: recorder.totals[latency].summarise() for latency in LATENCIES},
        "shares": {latency: _thin(recorder.totals[latency].list_shares()) for latency in LATENCIES},
        "samples": recorder.samples,
    }


def describe_result(result: Result) -> list[str]:
    """Say what was counted, and what was wrong."""
    faults, counts = result["faults"], result["counts"]
    lines = [
        f"{counts['sent']} sent, {counts['acked']} acked, {counts['shown']} of {counts['expected']} shown; "
        f"{counts['cuts']} connections cut, {counts['reconnects']} reconnects",
        f"lost {faults['lost']}, duplicated {faults['duplicated']}, out of order {faults['out_of_order']}",
    ]
    if faults["absent"]:
        lines.append(f"{faults['absent']} clients did not get into their rooms")
    lines += [f"refused {count} times: {reason}" for reason, count in faults["refused"].items()]
    lines += [f"connection lost {count} times: {reason}" for reason, count in result["lost_connections"].items()]
    if counts["resumed"]:
        lines.append(f"{counts['resumed']} clients had missed a push at the end, and were made to connect again")
    if (result["latency_ms"]["lag"]["p99"] or 0) > _LAG_MS:
        lines.append("The generator itself was late, so latencies are too high: run fewer clients, or on more machines")
    if not result["finished"]:
        lines.append("The run was ended early")
    return lines


def _list_counts(generator: Generator) -> dict[str, int]:
    counts = generator.recorder.counts
    return {
        "ready": counts.ready,
        "sent": counts.sent,
        "acked": counts.acked,
        "expected": generator.judge.expected,
        "shown": counts.shown,
        "reconnects": counts.reconnects,
        "cuts": counts.cuts,
        "resumed": generator.resumed,
    }


def _thin(shares: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Keep as many as a chart can show, the last among them."""
    step = max(1, len(shares) // _SHARES)
    return [(round(share, 6), round(duration_ms, 2)) for share, duration_ms in shares[::-1][::step][::-1]]
