"""How many requests may leave, and how that follows what the service has room for."""

import asyncio

import pytest

from chat.aws.client import AwsUnavailable, Payload, RequestBudget
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeTime
from tests.unit.aws_client.servers import answer_with, reply, serve


def answer_round(budget: RequestBudget, number: int, *, good: int, throttled: int) -> None:
    """Take the replies of a tenth of a second into account."""
    replies = [True] * throttled + [False] * good
    for order, is_throttled in enumerate(replies):
        budget.note_reply(number + 0.101 * order / (len(replies) - 1), is_throttled=is_throttled)


def test_a_burst_leaves_at_once_and_what_follows_at_the_rate() -> None:
    budget = RequestBudget(100, burst=3)
    assert [budget.reserve(0.0) for _ in range(5)] == pytest.approx([0, 0, 0, 0.01, 0.02])


def test_time_fills_the_bucket_up_to_the_burst() -> None:
    budget = RequestBudget(100, burst=3)
    for _ in range(5):
        budget.reserve(0.0)
    assert budget.reserve(0.04) == 0
    assert [budget.reserve(100.0) for _ in range(4)] == pytest.approx([0, 0, 0, 0.01])


def test_a_token_that_was_given_back_is_for_another() -> None:
    budget = RequestBudget(100, burst=1)
    budget.reserve(0.0)
    budget.reserve(0.0)
    budget.give_back()
    assert budget.reserve(0.0) == pytest.approx(0.01)


def test_a_round_of_nothing_but_429_halves_the_rate() -> None:
    budget = RequestBudget(1000, burst=1)
    answer_round(budget, 1, good=0, throttled=20)
    answer_round(budget, 2, good=0, throttled=20)
    assert budget.rate == 250


def test_a_round_without_429_adds_a_twentieth_of_the_whole_up_to_the_whole() -> None:
    budget = RequestBudget(1000, burst=1)
    answer_round(budget, 1, good=0, throttled=20)
    rates = []
    for number in range(12):
        answer_round(budget, 2 + number, good=20, throttled=0)
        rates.append(budget.rate)
    assert rates == pytest.approx([550, 600, 650, 700, 750, 800, 850, 900, 950, 1000, 1000, 1000])


def test_one_receiver_that_can_not_keep_up_hardly_slows_the_others_down() -> None:
    budget = RequestBudget(1000, burst=1)
    for number in range(100):
        answer_round(budget, number, good=99, throttled=number % 2)
    assert budget.rate > 990


def test_something_always_leaves() -> None:
    budget = RequestBudget(1000, burst=1)
    for number in range(100):
        answer_round(budget, number, good=0, throttled=20)
    assert budget.rate == 20


def test_one_receiver_that_is_asked_again_and_again_says_little_about_the_account() -> None:
    budget = RequestBudget(1000, burst=1)
    for number in range(15):
        budget.note_reply(number * 0.2, is_throttled=True)
    assert budget.rate == 1000


async def test_each_attempt_waits_for_its_turn(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(500), reply(200))) as server:
        client = connect(server.url, budget=RequestBudget(0.5, burst=1))
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 20)
    backoff_s, turn_s = fake_time.slept_s
    assert backoff_s == 0.05
    assert 1.5 < turn_s < 1.95


async def test_what_can_not_leave_before_the_deadline_is_given_up_at_once(
    connect: Connect, fake_time: FakeTime
) -> None:
    budget = RequestBudget(0.5, burst=1)
    async with serve(answer_with(reply(200))) as server:
        client = connect(server.url, budget=budget)
        await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 1)
        with pytest.raises(AwsUnavailable, match="the budget allows no further request before the deadline"):
            await client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 1, is_retried=False)
    assert (len(server.requests), fake_time.slept_s) == (1, [])
    assert budget.reserve(fake_time.now_s) < 2


async def test_the_rate_follows_the_replies(connect: Connect, fake_time: FakeTime) -> None:
    budget = RequestBudget(1000, burst=100)
    async with serve(answer_with(reply(429))) as server:
        client = connect(server.url, budget=budget)
        sends = [client.send("POST", "/x", Payload(), deadline=fake_time.now_s + 5) for _ in range(30)]
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {AwsUnavailable}
    assert budget.rate < 200
