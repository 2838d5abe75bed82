"""The `Connections` port, on both backends."""

from __future__ import annotations

import pytest

from chat.domain.model import WHOLE, Access, Connection, Device, Member, User
from tests.unit.store.conftest import Stores

ADA = User("ada", "Ada \u2603")


def connection(connection_id: str = "c1=", user: User = ADA) -> Connection:
    return Connection(connection_id, user, 1_700_000_000_123, 1_700_007_800, {"groups": "[a b]"})


def member(connection_id: str, room: str = "lobby", user: User = ADA, granted: Access | None = None) -> Member:
    return Member(room, connection_id, user, 1_700_007_800, granted)


def device(connection_id: str, user: User = ADA) -> Device:
    return Device(connection_id, user, 1_700_007_800)


async def test_nothing_is_known_of_an_unknown_connection(stores: Stores) -> None:
    rows = await stores.connections.read_rows("c1=")
    assert (rows.connection, list(rows.members)) == (None, [])
    assert await stores.connections.find_member("c1=", "lobby") is None
    assert await stores.connections.remove_member("c1=", "lobby") is None
    await stores.connections.remove_connection("c1=")


async def test_rows_come_back_as_they_were_written(stores: Stores) -> None:
    await stores.connections.put_connection(connection())
    await stores.connections.put_member(member("c1=", "b"))
    await stores.connections.put_member(member("c1=", "a"))
    await stores.connections.put_member(member("c1=", "a"))
    rows = await stores.connections.read_rows("c1=")
    assert rows.connection == connection()
    assert list(rows.members) == [member("c1=", "a"), member("c1=", "b")]
    assert await stores.connections.find_member("c1=", "a") == member("c1=", "a")


async def test_a_connection_is_found_by_its_id(stores: Stores) -> None:
    await stores.connections.put_connection(connection())
    await stores.connections.put_member(member("c1="))
    assert await stores.connections.find_connection("c1=") == connection()
    assert await stores.connections.find_connection("c2=") is None


async def test_a_users_devices_are_listed_however_many_rooms_they_are_in(stores: Stores) -> None:
    bob = User("bob", "Bob")
    for each in (connection("c1="), connection("c2="), connection("c3=", bob)):
        await stores.connections.put_connection(each)
        await stores.connections.put_member(member(each.id, user=each.user))
    await stores.connections.put_member(member("c1=", "other"))
    assert sorted(await stores.connections.list_devices("ada"), key=str) == [device("c1="), device("c2=")]
    assert await stores.connections.list_devices("eve") == []


@pytest.mark.parametrize("granted", [None, *Access])
async def test_what_was_granted_stays_on_the_row(stores: Stores, granted: Access | None) -> None:
    await stores.connections.put_member(member("c1=", granted=granted))
    found = await stores.connections.find_member("c1=", "lobby")
    assert found
    assert found.granted is granted


async def test_removing_a_member_tells_what_it_was(stores: Stores) -> None:
    await stores.connections.put_member(member("c1="))
    assert await stores.connections.remove_member("c1=", "lobby") == member("c1=")
    assert await stores.connections.find_member("c1=", "lobby") is None


async def test_removing_a_connection_leaves_its_rooms_and_other_connections(stores: Stores) -> None:
    for connection_id in ("c1=", "c2="):
        await stores.connections.put_connection(connection(connection_id))
        await stores.connections.put_member(member(connection_id))
    await stores.connections.remove_connection("c1=")
    assert (await stores.connections.read_rows("c1=")).connection is None
    assert await stores.connections.find_member("c1=", "lobby") == member("c1=")
    assert (await stores.connections.read_rows("c2=")).connection == connection("c2=")


async def test_more_rows_than_a_batch_of_25(stores: Stores) -> None:
    await stores.connections.put_connection(connection())
    for number in range(60):
        await stores.connections.put_member(member("c1=", f"room{number:02}"))
    assert len((await stores.connections.read_rows("c1=")).members) == 60


async def test_the_audience_is_the_room_alone_with_a_users_devices_in_order(stores: Stores) -> None:
    await stores.connections.put_connection(connection("c2="))
    for connection_id in ("c3=", "c1=", "c2="):
        await stores.connections.put_member(member(connection_id))
    await stores.connections.put_member(member("c1=", "other"))
    page = await stores.connections.page_audience("lobby", None, None)
    assert list(page.members) == [device("c1="), device("c2="), device("c3=")]
    assert page.next is None


async def test_the_audience_pages(stores: Stores) -> None:
    for number in range(5):
        await stores.connections.put_member(member(f"c{number}="))
    seen: list[str] = []
    start: str | None = None
    for _ in range(4):
        page = await stores.connections.page_audience("lobby", start, 2)
        seen += [found.connection_id for found in page.members]
        start = page.next
        if start is None:
            break
    assert start is None
    assert seen == [f"c{number}=" for number in range(5)]


async def test_the_devices_of_a_user_stand_together_and_can_be_skipped(stores: Stores) -> None:
    users = [User(f"user{number}", "somebody") for number in range(6)]
    for number in range(18):
        await stores.connections.put_member(member(f"c{number}=", user=users[number % 6]))
    listed: list[str] = []
    start: str | None = None
    while True:
        page = await stores.connections.page_audience("lobby", start, 2)
        listed += dict.fromkeys(found.user.id for found in page.members)
        if page.next is None:
            break
        start = stores.connections.mark_after(page.members[-1].user.id)
    assert sorted(listed) == [user.id for user in users]


async def test_the_audience_can_start_after_a_connection_that_has_left(stores: Stores) -> None:
    for number in range(4):
        await stores.connections.put_member(member(f"c{number}="))
    page = await stores.connections.page_audience("lobby", None, 2)
    await stores.connections.remove_member("c1=", "lobby")
    following = await stores.connections.page_audience("lobby", page.next, None)
    assert [found.connection_id for found in following.members] == ["c2=", "c3="]


async def test_expired_rows_are_still_read(stores: Stores) -> None:
    expired = Member("lobby", "c1=", ADA, 1)
    await stores.connections.put_member(expired)
    assert await stores.connections.find_member("c1=", "lobby") == expired
    assert list((await stores.connections.page_audience("lobby", None, None)).members) == [Device("c1=", ADA, 1)]


@pytest.mark.parametrize("shards", [1, 2, 3, 8])
async def test_shards_are_the_whole_room_and_do_not_overlap(stores: Stores, shards: int) -> None:
    for number in range(40):
        await stores.connections.put_member(member(f"c{number}=", user=User(f"user{number}", "somebody")))
    seen: list[str] = []
    for shard in WHOLE.split(shards):
        start: str | None = None
        while True:
            page = await stores.connections.page_audience("lobby", start, 3, shard)
            seen += [found.connection_id for found in page.members]
            start = page.next
            if start is None:
                break
    assert sorted(seen) == sorted(f"c{number}=" for number in range(40))


async def test_a_users_devices_are_in_one_shard(stores: Stores) -> None:
    for number in range(12):
        await stores.connections.put_member(member(f"c{number}="))
    pages = [await stores.connections.page_audience("lobby", None, None, shard) for shard in WHOLE.split(4)]
    assert sorted(len(page.members) for page in pages) == [0, 0, 0, 12]
