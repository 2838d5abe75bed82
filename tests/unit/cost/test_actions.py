"""What actions use, worked out by hand."""

from __future__ import annotations

import pytest

from chat_stack.cost.actions import Actions
from chat_stack.cost.assumptions import Assumptions
from chat_stack.cost.prices import CostError


def test_a_message_to_ten(actions: Actions) -> None:
    usage = actions.send(10)
    # In, the ack, and nine pushes.
    assert usage.api_messages == 11
    # GetItem 1, BatchGetItem 3, the tail 1; ten members of 192 bytes are one step of 4 KB, half a unit.
    assert usage.read_units == 1 + 3 + 1 + 0.5
    assert usage.write_units == 2
    assert usage.invocations == 1
    assert usage.compute_gb_s == pytest.approx((0.040 + 9 * 0.000_220) * 0.5)
    assert usage.log_gb == pytest.approx(1_700e-9)
    assert usage.transfer_gb == pytest.approx(10 * 266e-9)
    assert usage.queue_requests == 0


def test_a_message_to_a_thousand_goes_through_the_queue(actions: Actions) -> None:
    usage = actions.send(1_001)
    assert usage.api_messages == 2 + 1_000
    # One job is sent, received and deleted.
    assert usage.queue_requests == 1 + 2
    assert usage.invocations == 2
    assert usage.compute_gb_s == pytest.approx((0.040 + 0.030 + 1_000 * 0.000_220) * 0.5)
    # GetItem 2, for the number of shards as well. 201 members to see that they are many: 10 steps of 4 KB. Then the
    # others, 250 in each Query: 12 steps.
    assert usage.read_units == 2 + 3 + 1 + 5 + 4 * 6


def test_a_large_shard_is_read_in_several_pages() -> None:
    # Two pages of 375 in each of four parts: 18 steps of 4 KB.
    assert Assumptions().read_shard_units(3_000, 4) == 8 * 9


@pytest.mark.parametrize(
    ("others", "shards"), [(201, 1), (2_000, 1), (2_001, 2), (5_000, 4), (64_000, 32), (100_000, 32), (10**6, 32)]
)
def test_shards_are_doubled_until_each_is_small_enough(others: int, shards: int) -> None:
    assert Assumptions().count_shards(others) == shards


def test_jobs_that_wait_together_share_posts_and_reads(actions: Actions) -> None:
    alone, together = actions.send(20_001), actions.send(20_001, together=10)
    assert together.api_messages == 2 + 20_000 / 10
    # Sixteen shards: their jobs are sent in two batches, and each is received and deleted.
    assert alone.queue_requests == 2 + 2 * 16
    assert together.queue_requests == 2 + 2 * 16 / 10
    assert together.invocations == 1 + 16 / 10
    assert together.write_units == alone.write_units
    # The bytes are the same.
    assert together.transfer_gb == pytest.approx(alone.transfer_gb)


def test_no_more_wait_together_than_the_queue_and_a_frame_hold() -> None:
    assert Assumptions().fit_together(500) == 10
    assert Assumptions(frame_bytes=8_192).fit_together(10) == 4
    assert Assumptions(frame_bytes=40_000).fit_together(10) == 1


def test_rows_of_an_index_are_written_twice(actions: Actions) -> None:
    assert actions.use("join", 2).write_units == 2 + 2
    assert actions.use("$disconnect", 1, rooms=3).write_units == 4 * 2


def test_presence_and_typing_are_for_small_rooms(actions: Actions) -> None:
    assert actions.use("typing", 100).api_messages == 1 + 99
    assert actions.use("typing", 101).api_messages == 1
    assert actions.use("$disconnect", 10, rooms=3).api_messages == 27


def test_a_ticket_is_no_message(actions: Actions) -> None:
    usage = actions.use("POST /ticket", 1)
    assert (usage.http_requests, usage.api_messages) == (1, 0)


def test_a_call_without_a_price_is_named() -> None:
    with pytest.raises(CostError, match="send makes Scan"):
        Actions({"send": "Scan 1"}, Assumptions()).send(2)
