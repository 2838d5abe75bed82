"""Results of runs that were not made."""

from __future__ import annotations

from chat_client.load.histogram import Summary
from chat_client.load.recorder import Sample
from chat_client.load.result import Result


def make_summary(count: int = 10, most: float | None = 4.0) -> Summary:
    return {"count": count, "p50": most and 1.0, "p95": most and 2.0, "p99": most and 3.0, "max": most}


def make_sample(at_s: float, latency_ms: float | None = 5.0) -> Sample:
    return {
        "at_s": at_s,
        "open": 20,
        "sent": 8,
        "acked": 8,
        "shown": 40,
        "reconnects": 1,
        "ack_p50": latency_ms,
        "ack_p99": latency_ms,
        "delivery_p50": latency_ms,
        "delivery_p99": latency_ms,
        "lag_max": latency_ms,
    }


def make_result() -> Result:
    """A run of 20 clients that passed."""
    return {
        "version": 1,
        "passed": True,
        "finished": True,
        "started_at": "2026-01-02T03:04:05+00:00",
        "elapsed_s": 12.3,
        "url": "https://chat.example/ticket",
        "plan": {"run": "r", "clients": 20, "rooms": 4, "rate": 8, "duration_s": 10, "seed": 3},
        "faults": {"lost": 0, "duplicated": 0, "out_of_order": 0, "absent": 0, "refused": {}},
        "counts": {
            "ready": 20,
            "sent": 80,
            "acked": 80,
            "expected": 400,
            "shown": 400,
            "reconnects": 3,
            "cuts": 3,
            "resumed": 0,
        },
        "lost_connections": {},
        "latency_ms": {
            "ticket": make_summary(),
            "connect": make_summary(),
            "ack": make_summary(),
            "delivery": make_summary(1234, 5678.9),
            "lag": make_summary(),
        },
        "shares": {
            "ticket": [],
            "connect": [],
            "ack": [(0.5, 1.0), (1.0, 4.0)],
            "delivery": [(0.25, 1.0), (0.5, 2.0), (1.0, 5678.9)],
            "lag": [],
        },
        "samples": [make_sample(1), make_sample(2, None), make_sample(2.5)],
    }
