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
    # 101 members to see that they are many, then all 1,001: 5 and 47 steps of 4 KB.
    assert usage.read_units == 1 + 3 + 1 + 2.5 + 23.5


def test_jobs_that_wait_together_share_posts_and_reads(actions: Actions) -> None:
    alone, together = actions.send(20_001), actions.send(20_001, together=10)
    assert together.api_messages == 2 + 20_000 / 10
    assert alone.queue_requests == 1 + 2 * 10
    assert together.queue_requests == 1 + 2 * 10 / 10
    assert together.invocations == 1 + 10 / 10
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
