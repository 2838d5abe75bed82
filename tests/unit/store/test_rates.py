"""The `Rates` port, on both backends."""

from __future__ import annotations

import asyncio

from chat.protocol.limits import Rate
from tests.unit.store.conftest import Stores

NOW_MS = 1_700_000_000_000


async def take(stores: Stores, now_ms: int, rate: Rate, *, user: str = "ada", what: str = "send") -> int:
    return await stores.rates.take(user, what, rate, now_ms)


async def test_a_burst_passes_and_the_next_waits_for_one_token(stores: Stores) -> None:
    rate = Rate(10, 3)
    assert [await take(stores, NOW_MS, rate) for _ in range(4)] == [0, 0, 0, 100]
    assert await take(stores, NOW_MS + 99, rate) == 1
    assert await take(stores, NOW_MS + 100, rate) == 0
    assert await take(stores, NOW_MS + 100, rate) == 100


async def test_a_bucket_never_holds_more_than_the_burst(stores: Stores) -> None:
    rate = Rate(10, 3)
    await take(stores, NOW_MS, rate)
    assert [await take(stores, NOW_MS + 3_600_000, rate) for _ in range(4)] == [0, 0, 0, 100]


async def test_a_refusal_costs_no_token(stores: Stores) -> None:
    rate = Rate(10, 1)
    await take(stores, NOW_MS, rate)
    assert [await take(stores, NOW_MS + 50, rate) for _ in range(5)] == [50] * 5
    assert await take(stores, NOW_MS + 100, rate) == 0


async def test_the_long_run_is_the_rate(stores: Stores) -> None:
    rate = Rate(10, 5)
    passed = [await take(stores, NOW_MS + ms, rate) for ms in range(0, 5_000, 20)].count(0)
    assert passed == 5 + 49


async def test_less_than_one_in_a_second(stores: Stores) -> None:
    rate = Rate(1 / 3, 1)
    assert await take(stores, NOW_MS, rate) == 0
    assert await take(stores, NOW_MS + 1_000, rate) == 2_000
    assert await take(stores, NOW_MS + 3_000, rate) == 0


async def test_users_and_what_they_do_are_apart(stores: Stores) -> None:
    rate = Rate(10, 1)
    assert await take(stores, NOW_MS, rate) == 0
    assert await take(stores, NOW_MS, rate, user="bob") == 0
    assert await take(stores, NOW_MS, rate, what="join") == 0
    assert await take(stores, NOW_MS, rate) == 100


async def test_functions_at_once_do_not_share_a_token(stores: Stores) -> None:
    rate = Rate(10, 5)
    waits = await asyncio.gather(*(take(stores, NOW_MS, rate) for _ in range(20)))
    assert waits.count(0) == 5
    assert all(wait > 0 for wait in waits if wait)


async def test_a_clock_that_lags_behind_waits_longer_and_breaks_nothing(stores: Stores) -> None:
    rate = Rate(10, 2)
    assert await take(stores, NOW_MS, rate) == 0
    assert await take(stores, NOW_MS - 150, rate) == 150
    assert await take(stores, NOW_MS, rate) == 0
