"""Fan-outs, by cases that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulations.results import simulate
from simulations.settings import Settings

ONCE = Settings(
    members=1_000,
    messages_per_s=0.001,
    sending_s=1.0,
    latency_spread=0.0,
    straggler_share=0.0,
    functions=1,
    paced_per_s=0,
)


def test_one_message_takes_its_way_through_the_queue() -> None:
    result = simulate(ONCE)
    # The message function, the queue and its rate, the receipt, a page of the index, the posts, the last answer.
    expected_s = 0.030 + 0.015 + 1 / 3_000 + 0.020 + 0.020 + 999 * 0.000_220 + 0.010
    assert result.first_s == pytest.approx(expected_s, abs=0.001)
    assert result.longest_s == pytest.approx(0.020 + 999 * 0.000_220 + 0.010, abs=0.001)
    assert (result.posts, result.unfinished, result.together_mean) == (1_000, 0, 1.0)


def test_a_small_room_needs_no_queue() -> None:
    result = simulate(replace(ONCE, members=100))
    assert result.first_s == pytest.approx(0.030 + 99 * 0.000_220 + 0.010, abs=0.001)


def test_posts_in_flight_bound_a_function() -> None:
    result = simulate(replace(ONCE, members=100, in_flight=1))
    assert result.first_s == pytest.approx(0.030 + 100 * 0.010, abs=0.001)


def test_stragglers_hold_the_last_one_back() -> None:
    slow = replace(ONCE, members=100, in_flight=100, straggler_share=1.0)
    assert simulate(slow).first_s == pytest.approx(0.252, abs=0.001)


def test_pace_keeps_functions_below_the_budget() -> None:
    crowd = replace(ONCE, members=40_000, functions=8)
    paced, unpaced = simulate(replace(crowd, paced_per_s=9_000)), simulate(crowd)
    assert paced.throttled == 0
    assert paced.peak_per_s <= 9_000 + 8
    # The bucket runs dry; whatever was throttled comes in the end.
    assert unpaced.throttled > 0
    assert (unpaced.posts, unpaced.unfinished) == (40_000, 0)
    assert unpaced.peak_per_s <= 10_000 + 5_000


def test_messages_that_wait_leave_together() -> None:
    busy = replace(ONCE, messages_per_s=20.0, sending_s=5.0, horizon_s=60.0)
    result = simulate(busy)
    assert result.unfinished == 0
    assert 4 < result.together_mean <= 10
    assert simulate(replace(busy, batch=1)).together_mean == 1.0
    # A job that stands for all that waits fills its frame.
    assert simulate(replace(busy, batch=1, job_messages=20)).together_mean > 4


def test_a_frame_holds_32_kb() -> None:
    settings = replace(ONCE, frame_bytes=8_192)
    assert [settings.count_frames(jobs) for jobs in (1, 4, 5, 10)] == [1, 1, 2, 3]


def test_a_room_that_gets_too_much_falls_behind() -> None:
    result = simulate(replace(ONCE, members=20_000, messages_per_s=10.0, sending_s=20.0, horizon_s=20.0))
    assert result.unfinished > 0
    assert result.backlog_peak > 50


def test_the_queue_takes_so_many_jobs_a_second() -> None:
    slow, fast = (
        simulate(replace(ONCE, members=20_000, queue_jobs_per_s=rate, functions=10)) for rate in (1.0, 5_000.0)
    )
    assert slow.first_s is not None
    assert fast.first_s is not None
    assert slow.first_s > 10 > fast.first_s


def test_the_index_gives_so_many_units_a_second() -> None:
    slow = simulate(replace(ONCE, members=20_000, index_units_per_s=10.0))
    fast = simulate(replace(ONCE, members=20_000))
    assert slow.first_s is not None
    assert fast.first_s is not None
    assert slow.first_s > fast.first_s


def test_the_same_seed_gives_the_same_run() -> None:
    settings = Settings(members=1_000, messages_per_s=5.0, sending_s=5.0, horizon_s=30.0)
    assert simulate(settings) == simulate(settings)
    assert simulate(settings) != simulate(replace(settings, seed=2))


def test_shards_are_of_one_size() -> None:
    assert Settings(members=5_001, messages_per_s=1).split() == [1_251, 1_250, 1_250, 1_250]
    assert Settings(members=1_000_000, messages_per_s=1).split() == [31_250] * 32


def test_shards_that_are_handed_over_together_take_one_invocation() -> None:
    together, alone = (simulate(replace(ONCE, members=16_000, batch=batch)) for batch in (10, 1))
    assert (together.shards, together.together_mean) == (8, 1.0)
    # The first of the eight jobs is taken before the others are there.
    assert together.longest_s == pytest.approx(0.020 + 13_999 * 0.000_220 + 0.010, abs=0.001)
    assert alone.longest_s == pytest.approx(0.020 + 1_999 * 0.000_220 + 0.010, abs=0.001)


def test_a_room_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="members must be above 0, got 0"):
        Settings(members=0, messages_per_s=1)
