"""The `Tickets` port, on both backends."""

from __future__ import annotations

import asyncio

from chat.domain.model import Identity, User
from tests.unit.store.conftest import Stores

ADA = Identity(User("ada", "Ada \u2603"), {"cognito:groups": "[moderators]"})


async def test_a_ticket_is_taken_once(stores: Stores) -> None:
    await stores.tickets.put("h1", ADA, 1_000)
    assert await stores.tickets.take("h1", 999) == ADA
    assert await stores.tickets.take("h1", 999) is None


async def test_a_ticket_that_was_taken_is_not_put_again_by_an_attempt_that_comes_late(stores: Stores) -> None:
    await stores.tickets.put("h1", ADA, 1_000)
    await stores.tickets.put("h1", ADA, 1_000)
    assert await stores.tickets.take("h1", 999) == ADA
    await stores.tickets.put("h1", ADA, 1_000)
    assert await stores.tickets.take("h1", 999) is None


async def test_an_unknown_ticket_is_nobodys(stores: Stores) -> None:
    assert await stores.tickets.take("h1", 0) is None


async def test_a_ticket_expires(stores: Stores) -> None:
    await stores.tickets.put("h1", ADA, 1_000)
    assert await stores.tickets.take("h1", 1_000) is None


async def test_only_one_of_many_takes_a_ticket(stores: Stores) -> None:
    await stores.tickets.put("h1", ADA, 1_000)
    taken = await asyncio.gather(*(stores.tickets.take("h1", 999) for _ in range(8)))
    assert [identity for identity in taken if identity] == [ADA]
