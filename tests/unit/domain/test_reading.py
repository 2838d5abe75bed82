"""Reading a log: positions, pages, resets, what has expired."""

from __future__ import annotations

from typing import Any

import pytest

from chat.domain.reading import Page, read_before, read_page
from chat.protocol.actions import Position
from tests.unit.domain.conftest import Room, make_entry

EPOCH = "table.e"


def seqs(page: Page) -> list[int]:
    return [entry.seq for entry in page.entries]


def fill(world: Room, numbers: range, **changes: Any) -> None:
    world.fill("lobby", [make_entry("lobby", seq, **changes) for seq in numbers])


def expire(world: Room, numbers: range) -> None:
    """Give entries an expiry in the past, as DynamoDB does before it deletes them late."""
    fill(world, numbers, expires_at_s=world.surroundings.ms // 1000)


@pytest.mark.parametrize("position", [None, Position(0, None)])
async def test_an_empty_room(world: Room, position: Position | None) -> None:
    assert await read_page(world.chat, "lobby", position) == Page(None, 0, [], more=False)


@pytest.mark.parametrize("position", [Position(3, None), Position(0, EPOCH)])
async def test_a_position_in_a_room_that_is_empty_now_is_reset(world: Room, position: Position) -> None:
    assert await read_page(world.chat, "lobby", position) == Page(None, 0, [], more=False, reset=True)


async def test_without_a_position_the_newest_entries(world: Room) -> None:
    fill(world, range(1, 151))
    page = await read_page(world.chat, "lobby", None)
    assert seqs(page) == list(range(51, 151))
    assert (page.head, page.epoch, page.more, page.truncated, page.reset) == (150, EPOCH, True, False, False)


async def test_without_a_position_a_short_log_is_whole(world: Room) -> None:
    fill(world, range(1, 101))
    page = await read_page(world.chat, "lobby", None)
    assert seqs(page) == list(range(1, 101))
    assert not page.more


@pytest.mark.parametrize(
    ("after", "expected", "more"),
    [
        (0, range(1, 101), True),
        (49, range(50, 150), True),
        (50, range(51, 151), False),
        (51, range(52, 151), False),
        (149, range(150, 151), False),
        (150, range(0), False),
    ],
)
async def test_from_a_position_the_entries_after_it(world: Room, after: int, expected: range, more: bool) -> None:
    fill(world, range(1, 151))
    page = await read_page(world.chat, "lobby", Position(after, EPOCH))
    assert seqs(page) == list(expected)
    assert (page.head, page.more, page.truncated, page.reset) == (150, more, False, False)


@pytest.mark.parametrize("position", [Position(151, EPOCH), Position(10, "table.other"), Position(10**12 - 1, None)])
async def test_a_position_of_another_log_starts_over(world: Room, position: Position) -> None:
    fill(world, range(1, 151))
    page = await read_page(world.chat, "lobby", position)
    assert page.reset
    assert seqs(page) == list(range(51, 151))


async def test_a_restored_log_resets_whoever_knows_the_old_epoch(world: Room) -> None:
    fill(world, range(1, 4), epoch="old.e")
    fill(world, range(4, 5), epoch=EPOCH)
    assert (await read_page(world.chat, "lobby", Position(3, "old.e"))).reset
    assert not (await read_page(world.chat, "lobby", Position(3, EPOCH))).reset


@pytest.mark.parametrize(("after", "truncated"), [(0, True), (2, True), (3, True), (4, False), (5, False), (10, False)])
async def test_truncated_says_that_entries_after_the_position_have_expired(
    world: Room, after: int, truncated: bool
) -> None:
    fill(world, range(5, 11))
    page = await read_page(world.chat, "lobby", Position(after, EPOCH))
    assert page.truncated is truncated
    assert not page.reset


async def test_expired_entries_that_are_still_there_are_not_shown(world: Room) -> None:
    fill(world, range(1, 11))
    expire(world, range(1, 8))
    assert seqs(await read_page(world.chat, "lobby", None)) == [8, 9, 10]
    page = await read_page(world.chat, "lobby", Position(2, EPOCH))
    assert seqs(page) == [8, 9, 10]
    assert page.truncated


async def test_more_expired_entries_than_a_page_do_not_stop_a_reader(world: Room) -> None:
    fill(world, range(1, 2501))
    expire(world, range(1, 2500))
    page = await read_page(world.chat, "lobby", Position(1, EPOCH))
    assert seqs(page) == [2500]
    assert (page.truncated, page.more) == (True, False)


@pytest.mark.parametrize("expired", [200, 5_000, 9_998, 9_999])
async def test_thousands_of_expired_entries_are_stepped_over_by_halving(world: Room, expired: int) -> None:
    fill(world, range(1, 10_001))
    expire(world, range(1, expired + 1))
    # DynamoDB deletes them late, and in no order.
    for seq in range(10, expired, 7):
        del world.log.entries["lobby", seq]
    page = await read_page(world.chat, "lobby", Position(1, EPOCH))
    assert seqs(page) == list(range(expired + 1, min(expired + 101, 10_001)))
    assert (page.truncated, page.more, page.head) == (True, expired < 9_900, 10_000)
    # The page at the position, the head, one entry for each halving of 10,000, the page that is shown.
    assert len(world.log.read_sizes) <= 3 + 14
    assert sum(world.log.read_sizes) <= 102 + 1 + 14 + 101


async def test_entries_deleted_out_of_order_are_skipped(world: Room) -> None:
    fill(world, range(1, 11))
    for seq in (4, 6):
        del world.log.entries["lobby", seq]
    page = await read_page(world.chat, "lobby", Position(2, EPOCH))
    assert seqs(page) == [3, 5, 7, 8, 9, 10]
    assert not page.truncated


@pytest.mark.parametrize(
    ("before", "expected", "more"),
    [
        (1, range(0), False),
        (2, range(1, 2), False),
        (11, range(1, 11), False),
        (12, range(2, 12), True),
        (10**12 - 1, range(41, 51), True),
    ],
)
async def test_before_a_seq_the_newest_below_it(world: Room, before: int, expected: range, more: bool) -> None:
    fill(world, range(1, 51))
    page = await read_before(world.chat, "lobby", before, EPOCH, 10)
    assert seqs(page) == list(expected)
    assert (page.more, page.epoch, page.reset) == (more, EPOCH, False)


async def test_before_with_another_epoch_starts_over(world: Room) -> None:
    fill(world, range(1, 51))
    page = await read_before(world.chat, "lobby", 20, "table.other", 10)
    assert page.reset
    assert seqs(page) == list(range(41, 51))


async def test_before_in_an_empty_room(world: Room) -> None:
    assert await read_before(world.chat, "lobby", 5, None, 10) == Page(None, 0, [], more=False)
