"""The `Cursors` port, on both backends."""

from __future__ import annotations

import pytest

from chat.domain.ports import Cursor
from chat.protocol.errors import FieldOutOfRangeError
from tests.unit.store.conftest import Stores

MINUTE_MS = 60_000
NOW_MS = 1_700_000_000_000


async def test_a_touched_room_is_listed_unread(stores: Stores) -> None:
    await stores.cursors.touch("lobby", "ada", NOW_MS)
    page = await stores.cursors.page("ada", None, 10)
    assert (list(page.cursors), page.next) == ([Cursor("lobby", 0)], None)
    assert list((await stores.cursors.page("bob", None, 10)).cursors) == []


async def test_a_cursor_only_moves_forward(stores: Stores) -> None:
    moved = [await stores.cursors.move("lobby", "ada", seq, NOW_MS) for seq in (3, 3, 2, 5)]
    assert moved == [True, False, False, True]
    assert list((await stores.cursors.page("ada", None, 10)).cursors) == [Cursor("lobby", 5)]


async def test_a_touch_leaves_the_cursor_where_it_is(stores: Stores) -> None:
    await stores.cursors.move("lobby", "ada", 3, NOW_MS)
    await stores.cursors.touch("lobby", "ada", NOW_MS + MINUTE_MS)
    assert list((await stores.cursors.page("ada", None, 10)).cursors) == [Cursor("lobby", 3)]


async def test_an_unlisted_room_keeps_its_cursor(stores: Stores) -> None:
    await stores.cursors.move("lobby", "ada", 3, NOW_MS)
    await stores.cursors.unlist("lobby", "ada")
    await stores.cursors.unlist("never-there", "ada")
    assert list((await stores.cursors.page("ada", None, 10)).cursors) == []
    await stores.cursors.touch("lobby", "ada", NOW_MS)
    assert list((await stores.cursors.page("ada", None, 10)).cursors) == [Cursor("lobby", 3)]


async def test_rooms_are_listed_by_when_they_were_touched(stores: Stores) -> None:
    for minute, room in enumerate(["c", "a", "b"]):
        await stores.cursors.touch(room, "ada", NOW_MS + minute * MINUTE_MS)
    await stores.cursors.touch("c", "ada", NOW_MS + 9 * MINUTE_MS)
    assert [cursor.room for cursor in (await stores.cursors.page("ada", None, 10)).cursors] == ["c", "b", "a"]


async def test_a_long_list_pages_without_gap_or_repetition(stores: Stores) -> None:
    for number in range(23):
        await stores.cursors.touch(f"room:{number}", "ada", NOW_MS + number // 5 * MINUTE_MS)
    seen: list[str] = []
    start: str | None = None
    while True:
        page = await stores.cursors.page("ada", start, 5)
        seen += [cursor.room for cursor in page.cursors]
        start = page.next
        if start is None:
            break
    assert len(seen) == 23
    assert set(seen) == {f"room:{number}" for number in range(23)}
    assert [int(room[5:]) // 5 for room in seen] == sorted((number // 5 for number in range(23)), reverse=True)


async def test_a_next_that_is_none_is_refused(stores: Stores) -> None:
    with pytest.raises(FieldOutOfRangeError, match="next must be"):
        await stores.cursors.page("ada", "nonsense", 5)
