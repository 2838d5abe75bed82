"""Percentiles, at most 1 % too high, in a bounded memory."""

from __future__ import annotations

import random

import pytest

from chat_client.load.histogram import Histogram


def fill(durations_ms: list[float]) -> Histogram:
    histogram = Histogram()
    for duration_ms in durations_ms:
        histogram.record(duration_ms / 1000)
    return histogram


@pytest.mark.parametrize("percent", [1, 50, 95, 99, 99.9, 100])
def test_percentiles_are_those_of_the_sorted_durations(percent: float) -> None:
    dice = random.Random(7)
    durations_ms = [dice.lognormvariate(3, 2) for _ in range(1000)]
    exact = sorted(durations_ms)[round(percent * 10) - 1]
    found = fill(durations_ms).find_percentile(percent)
    assert found is not None
    assert exact <= found * (1 + 1e-9)
    assert found <= exact * 1.01 + 1e-9


def test_a_summary_has_the_exact_maximum() -> None:
    summary = fill([float(number) for number in range(1, 101)]).summarise()
    assert (summary["count"], summary["max"]) == (100, 100)
    assert summary["p50"] == pytest.approx(50, rel=0.01)
    assert summary["p99"] == pytest.approx(99, rel=0.01)


def test_nothing_has_no_percentiles() -> None:
    assert Histogram().summarise() == {"count": 0, "p50": None, "p95": None, "p99": None, "max": None}
    assert Histogram().list_shares() == []


def test_no_time_at_all_and_hours_are_counted() -> None:
    histogram = fill([-1, 0, 0.001, 3_600_000])
    assert histogram.find_percentile(75) == pytest.approx(0.01)
    assert histogram.find_percentile(100) == 3_600_000


def test_shares_rise_to_one() -> None:
    shares = fill([1, 1, 5, 100]).list_shares()
    assert [share for share, _ in shares] == [0.5, 0.75, 1]
    assert [value for _, value in shares] == [pytest.approx(value, rel=0.01) for value in (1, 5, 100)]


def test_a_million_durations_take_few_buckets() -> None:
    histogram = Histogram()
    for number in range(100_000):
        histogram.record(number / 1000)
    assert len(histogram._buckets) < 2000
