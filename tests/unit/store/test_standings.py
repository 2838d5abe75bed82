"""The `Standings` port, on both backends."""

from __future__ import annotations

import asyncio

from chat.domain.model import Standing, User
from tests.unit.domain.conftest import make_entry
from tests.unit.store.conftest import Stores


async def stand(stores: Stores, user_id: str, room: str = "den") -> Standing:
    return (await stores.standings.read(user_id, [room]))[room]


async def test_nothing_is_on_record_at_first(stores: Stores) -> None:
    assert await stand(stores, "ada") == Standing()
    assert not await stores.standings.is_banned_from_chat("ada")


async def test_who_makes_a_private_room_owns_it_and_is_a_member(stores: Stores) -> None:
    assert await stores.standings.create_room("den", "ada", private=True)
    assert await stand(stores, "ada") == Standing(owner="ada", is_private=True, is_member=True)
    assert await stand(stores, "bob") == Standing(owner="ada", is_private=True)
    assert await stand(stores, "ada", "other") == Standing()


async def test_a_room_that_is_not_private_is_owned_too(stores: Stores) -> None:
    assert await stores.standings.create_room("den", "ada", private=False)
    assert await stand(stores, "bob") == Standing(owner="ada")


async def test_a_room_has_one_owner(stores: Stores) -> None:
    made = await asyncio.gather(*(stores.standings.create_room("den", f"u{n}", private=True) for n in range(5)))
    assert made.count(True) == 1
    assert (await stand(stores, "x")).owner == f"u{made.index(True)}"


async def test_a_room_where_something_was_said_can_not_be_made(stores: Stores) -> None:
    assert await stores.log.put(make_entry("den", 1), {})
    assert not await stores.standings.create_room("den", "ada", private=True)
    assert await stand(stores, "ada") == Standing()


async def test_members_come_and_go(stores: Stores) -> None:
    await stores.standings.set_member("den", "bob", member=True)
    await stores.standings.set_member("den", "bob", member=True)
    assert (await stand(stores, "bob")).is_member
    await stores.standings.set_member("den", "bob", member=False)
    assert await stand(stores, "bob") == Standing()


async def test_bans_from_a_room_and_from_the_chat_are_apart(stores: Stores) -> None:
    await stores.standings.set_banned("den", "bob", banned=True)
    assert await stand(stores, "bob") == Standing(is_banned=True)
    assert await stand(stores, "bob", "other") == Standing()
    await stores.standings.set_banned(None, "bob", banned=True)
    assert await stand(stores, "bob", "other") == Standing(is_banned_from_chat=True)
    assert await stores.standings.is_banned_from_chat("bob")
    await stores.standings.set_banned("den", "bob", banned=False)
    await stores.standings.set_banned(None, "bob", banned=False)
    assert await stand(stores, "bob") == Standing()
    assert not await stores.standings.is_banned_from_chat("bob")


async def test_a_mute_and_a_ban_and_a_membership_do_not_disturb_one_another(stores: Stores) -> None:
    await stores.standings.set_member("den", "bob", member=True)
    await stores.standings.set_muted("den", "bob", 1_700_000_000_000)
    await stores.standings.set_banned("den", "bob", banned=True)
    assert await stand(stores, "bob") == Standing(is_member=True, is_banned=True, muted_until_ms=1_700_000_000_000)
    await stores.standings.set_muted("den", "bob", 0)
    assert await stand(stores, "bob") == Standing(is_member=True, is_banned=True)


async def test_more_rooms_than_one_batch_holds(stores: Stores) -> None:
    rooms = [f"room{number}" for number in range(100)]
    await stores.standings.set_banned("room7", "bob", banned=True)
    await stores.standings.set_member("room99", "bob", member=True)
    standings = await stores.standings.read("bob", rooms)
    assert list(standings) == rooms
    assert [room for room in rooms if standings[room] != Standing()] == ["room7", "room99"]


async def test_an_entry_can_be_said_in_a_room_that_was_made(stores: Stores) -> None:
    await stores.standings.create_room("den", "ada", private=True)
    assert await stores.log.put(make_entry("den", 1, user=User("ada", "Ada")), {})
    assert [entry.seq for entry in (await stores.log.read("den")).entries] == [1]


async def test_the_number_of_shards_changes_step_by_step(stores: Stores) -> None:
    assert await stores.standings.count_shards("hall") == 1
    await stores.standings.set_shards("hall", 2, 1)
    assert await stores.standings.count_shards("hall") == 2
    await asyncio.gather(*(stores.standings.set_shards("hall", 4, 2) for _ in range(5)))
    await stores.standings.set_shards("hall", 2, 1)
    assert await stores.standings.count_shards("hall") == 4


async def test_a_room_with_shards_can_still_be_made(stores: Stores) -> None:
    await stores.standings.set_shards("hall", 2, 1)
    assert await stores.standings.create_room("hall", "ada", private=True)
    assert await stand(stores, "ada", "hall") == Standing(owner="ada", is_private=True, is_member=True)
    assert await stores.standings.count_shards("hall") == 2
