"""One room's log: shown once, in order, and complete or known not to be."""

from __future__ import annotations

import random

import pytest

from chat_client.entries import Entry, Message
from chat_client.events import Reset, Truncated
from chat_client.room import Page, Position, Room


def message(seq: int, epoch: str = "A") -> Message:
    return Message("lobby", epoch, seq, f"id{seq}", "bob", "bob", f"text {seq}", 0)


def page(*seqs: int, epoch: str = "A", more: bool = False, reset: bool = False, truncated: bool = False) -> Page:
    return Page(epoch, tuple(message(seq, epoch) for seq in seqs), more, reset, truncated)


def seqs(told: list[Entry] | list[Entry | Reset | Truncated]) -> list[int]:
    return [event.seq for event in told if isinstance(event, Entry)]


@pytest.fixture
def room() -> Room:
    """A room that has shown 1 and 2."""
    room = Room("lobby", gap_s=0.5)
    room.take_page(page(1, 2), None, 0)
    return room


def test_the_first_page_is_where_a_room_begins() -> None:
    room = Room("lobby", gap_s=0.5)
    assert room.position is None
    assert seqs(room.take_page(page(7, 8, more=True), None, 0)) == [7, 8]
    assert room.position == Position(8, "A")


def test_pushes_before_the_first_page_wait_for_it() -> None:
    room = Room("lobby", gap_s=0.5)
    assert room.take_entry(message(9), 0) == []
    assert seqs(room.take_page(page(7, 8), None, 0)) == [7, 8, 9]


def test_an_empty_room_takes_its_epoch_from_the_first_entry() -> None:
    room = Room("lobby", gap_s=0.5)
    room.take_page(Page(None, (), more=False, reset=False, truncated=False), None, 0)
    assert room.position == Position(0, None)
    assert seqs(room.take_entry(message(1), 0)) == [1]
    assert room.position == Position(1, "A")


def test_an_empty_page_overtaken_by_the_first_entry() -> None:
    room = Room("lobby", gap_s=0.5)
    room.take_entry(message(1), 0)
    told = room.take_page(Page(None, (), more=False, reset=False, truncated=False), None, 0)
    assert seqs(told) == [1]


def test_overtaken_pushes_are_shown_in_order(room: Room) -> None:
    assert [seqs(room.take_entry(message(seq), 0)) for seq in (5, 4, 3)] == [[], [], [3, 4, 5]]
    assert room.gap_due_s is None


def test_duplicates_are_dropped(room: Room) -> None:
    assert [seqs(room.take_entry(message(seq), 0)) for seq in (2, 3, 3, 1)] == [[], [3], [], []]


def test_a_gap_is_due_half_a_second_after_it_opened(room: Room) -> None:
    room.take_entry(message(4), 10)
    room.take_entry(message(5), 10.4)
    assert room.gap_due_s == 10.5
    room.take_entry(message(7), 10.4)
    room.take_entry(message(3), 10.4)
    # 3, 4 and 5 are shown: the gap below 7 is another one.
    assert room.gap_due_s == 10.9


def test_a_page_closes_a_gap(room: Room) -> None:
    asked = room.position
    room.take_entry(message(5), 0)
    assert seqs(room.take_page(page(3, 4, 5), asked, 1)) == [3, 4, 5]
    assert room.gap_due_s is None


def test_a_page_that_was_overtaken_by_pushes_shows_the_rest(room: Room) -> None:
    asked = room.position
    room.take_entry(message(3), 0)
    assert seqs(room.take_page(page(3, 4), asked, 1)) == [4]


def test_a_gap_that_a_page_leaves_is_due_later_again(room: Room) -> None:
    asked = room.position
    room.take_entry(message(9), 0)
    room.take_page(page(), asked, 3)
    assert room.gap_due_s == 3.5


def test_a_number_missing_inside_a_page_has_expired(room: Room) -> None:
    told = room.take_page(page(5, 7, truncated=True), room.position, 0)
    assert told == [Truncated("lobby"), message(5), message(7)]


def test_a_page_that_begins_elsewhere_leaves_the_gap() -> None:
    # Two answers to a first join: the second begins where it likes, not where this client stands.
    room = Room("lobby", gap_s=0.5)
    room.take_page(page(1, 2), None, 0)
    assert room.take_page(page(5, 6), None, 0) == []
    assert room.gap_due_s == 0.5


def test_reset_starts_over(room: Room) -> None:
    told = room.take_page(page(8, 9, epoch="B", reset=True), room.position, 0)
    assert told == [Reset("lobby"), message(8, "B"), message(9, "B")]
    assert room.position == Position(9, "B", restarts=1)


def test_reset_in_the_same_epoch_goes_back(room: Room) -> None:
    # A backup was restored, and nobody has written since.
    assert seqs(room.take_page(page(1, reset=True), room.position, 0)) == [1]
    assert room.position == Position(1, "A", restarts=1)


def test_an_answer_to_a_position_before_the_reset_is_ignored(room: Room) -> None:
    asked = room.position
    room.take_page(page(1, epoch="B", reset=True), asked, 0)
    assert room.take_page(page(1, epoch="B", reset=True), asked, 0) == []


def test_a_push_of_another_epoch_asks_at_once_and_the_answer_decides(room: Room) -> None:
    asked = room.position
    assert room.take_entry(message(3, "B"), 10) == []
    assert room.gap_due_s == 10
    told = room.take_page(page(2, epoch="B", reset=True), asked, 10)
    assert told == [Reset("lobby"), message(2, "B"), message(3, "B")]


def test_a_late_push_of_an_epoch_left_behind_changes_nothing(room: Room) -> None:
    asked = room.position
    room.take_entry(message(9, "old"), 10)
    assert room.take_page(page(), asked, 10) == []
    assert (room.gap_due_s, room.position) == (None, asked)


def test_what_waits_is_bounded(room: Room) -> None:
    for seq in range(4, 3000):
        room.take_entry(message(seq), 0)
    assert len(seqs(room.take_entry(message(3), 0))) <= 1001


def test_any_order_with_losses_ends_complete() -> None:
    dice = random.Random(7)
    for _ in range(200):
        room = Room("lobby", gap_s=0.5)
        shown = seqs(room.take_page(page(), None, 0))
        head = dice.randint(1, 30)
        pushed = [seq for seq in range(1, head + 1) if dice.random() < 0.7] * 2
        dice.shuffle(pushed)
        for seq in pushed:
            shown += seqs(room.take_entry(message(seq), 0))
        assert room.position
        rest = range(room.position.after + 1, head + 1)
        shown += seqs(room.take_page(page(*rest), room.position, 1))
        assert shown == list(range(1, head + 1))
