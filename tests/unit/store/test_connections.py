"""The `Connections` port, on both backends."""

from __future__ import annotations

from chat.domain.model import Connection, Member, User
from tests.unit.store.conftest import Stores

ADA = User("ada", "Ada \u2603")


def connection(connection_id: str = "c1=", user: User = ADA) -> Connection:
    return Connection(connection_id, user, 1_700_000_000_123, 1_700_007_800)


def member(connection_id: str, room: str = "lobby", user: User = ADA) -> Member:
    return Member(room, connection_id, user, 1_700_007_800)


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


async def test_the_audience_is_the_room_alone_by_connection_id(stores: Stores) -> None:
    await stores.connections.put_connection(connection("c2="))
    for connection_id in ("c3=", "c1=", "c2="):
        await stores.connections.put_member(member(connection_id))
    await stores.connections.put_member(member("c1=", "other"))
    page = await stores.connections.page_audience("lobby", None, None)
    assert list(page.members) == [member("c1="), member("c2="), member("c3=")]
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
    assert list((await stores.connections.page_audience("lobby", None, None)).members) == [expired]
