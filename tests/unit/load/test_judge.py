"""The judge: whatever is planted is found, and counted for everybody whom it hits."""

from __future__ import annotations

import pytest

from chat_client.load.judge import Fault, Judge, Order, Verdict
from chat_client.load.messages import Key

ADA, BOB, EVE = range(3)
CLEAN = Verdict(0, 0, 0)


class Room:
    """A room with three clients."""

    def __init__(self) -> None:
        self.judge = Judge({"den": [ADA, BOB, EVE]})

    def send(self, sender: int, count: int = 1) -> list[Key]:
        return [self.judge.send("den", sender, float(number)) for number in range(count)]

    def show(self, client: int, *log: Key | None, first: int = 1) -> None:
        for seq, key in enumerate(log, first):
            self.judge.show(client, "den", seq, key)

    def show_all(self, *log: Key | None) -> None:
        for client in (ADA, BOB, EVE):
            self.show(client, *log)


@pytest.fixture
def room() -> Room:
    return Room()


class TestOrder:
    @pytest.mark.parametrize(
        ("numbers", "faults"),
        [
            ([1, 2, 3], [None, None, None]),
            ([1, 1, 2], [None, Fault.DUPLICATED, None]),
            ([2, 1, 3], [None, Fault.OUT_OF_ORDER, None]),
            ([1, 4, 3, 2, 3], [None, None, Fault.OUT_OF_ORDER, Fault.OUT_OF_ORDER, Fault.DUPLICATED]),
            ([0], [Fault.DUPLICATED]),
        ],
    )
    def test_each_number_comes_once_after_those_below_it(self, numbers: list[int], faults: list[Fault | None]) -> None:
        order = Order()
        assert [order.take(number) for number in numbers] == faults


class TestWhatIsShown:
    def test_everything_once_and_in_order_is_clean(self, room: Room) -> None:
        room.show_all(*room.send(ADA, 3), *room.send(BOB, 2))
        assert room.judge.decide() == CLEAN
        assert room.judge.expected == 15

    def test_a_message_that_one_client_was_not_shown_is_lost_once(self, room: Room) -> None:
        first, second, third = room.send(ADA, 3)
        room.show(ADA, first, second, third)
        room.show(BOB, first, second, third)
        room.show(EVE, first)
        room.show(EVE, third, first=3)
        assert room.judge.list_lagging() == {EVE}
        assert room.judge.decide() == Verdict(1, 0, 0)

    def test_a_message_that_comes_again_is_duplicated(self, room: Room) -> None:
        keys = room.send(ADA, 2)
        room.show_all(*keys)
        room.show(BOB, keys[0])
        assert room.judge.decide() == Verdict(0, 1, 0)

    def test_a_swap_is_out_of_order_for_the_client_who_saw_it_alone(self, room: Room) -> None:
        first, second = room.send(ADA, 2)
        room.show(EVE, second, first=2)
        room.show(EVE, first)
        room.show(ADA, first, second)
        room.show(BOB, first, second)
        assert room.judge.decide() == Verdict(0, 0, 1)

    def test_two_orders_of_one_log_are_a_fault(self, room: Room) -> None:
        (of_ada,), (of_bob,) = room.send(ADA), room.send(BOB)
        room.show(ADA, of_ada, of_bob)
        room.show(BOB, of_ada, of_bob)
        room.show(EVE, of_bob, of_ada)
        assert room.judge.decide() == Verdict(0, 0, 2)

    def test_rooms_are_judged_apart(self) -> None:
        judge = Judge({"den": [ADA], "attic": [ADA, BOB]})
        judge.show(ADA, "den", 1, judge.send("den", ADA, 0))
        key = judge.send("attic", BOB, 0)
        judge.show(ADA, "attic", 1, key)
        assert judge.decide() == Verdict(1, 0, 0)
        assert judge.list_lagging() == {BOB}


class TestWhatIsStored:
    def test_a_message_that_was_not_stored_is_lost_for_everybody(self, room: Room) -> None:
        first, _, third = room.send(ADA, 3)
        room.show_all(first, third)
        assert room.judge.list_lagging() == set()
        assert room.judge.decide() == Verdict(3, 0, 0)

    def test_a_message_that_was_stored_twice_is_duplicated_for_everybody(self, room: Room) -> None:
        first, second = room.send(ADA, 2)
        room.show_all(first, second, first)
        assert room.judge.decide() == Verdict(0, 3, 0)

    def test_a_log_against_the_senders_order_is_out_of_order_for_everybody(self, room: Room) -> None:
        first, second = room.send(ADA, 2)
        room.show_all(second, first)
        assert room.judge.decide() == Verdict(0, 0, 3)

    def test_a_hole_in_the_log_hides_nothing_behind_it(self, room: Room) -> None:
        first, second, third = room.send(ADA, 3)
        for client in (ADA, BOB, EVE):
            room.show(client, first)
            room.show(client, third, second, first=3)
        assert room.judge.decide() == Verdict(3, 0, 3)

    def test_what_a_stranger_says_counts_for_nothing(self, room: Room) -> None:
        room.show_all(None, *room.send(ADA), None, Key(BOB, 7))
        assert room.judge.decide() == CLEAN

    def test_a_text_that_was_changed_is_lost(self, room: Room) -> None:
        room.send(ADA)
        room.show_all(None)
        assert room.judge.decide() == Verdict(3, 0, 0)

    def test_deciding_twice_gives_the_same(self, room: Room) -> None:
        first, second = room.send(ADA, 2)
        room.show_all(first, first)
        assert room.judge.decide() == room.judge.decide() == Verdict(3, 3, 0)
        assert second.number == 2


class TestWhenItWasDue:
    def test_each_receiver_is_told_and_the_sender_is_not(self, room: Room) -> None:
        key = room.judge.send("den", ADA, 12.5)
        assert [room.judge.show(client, "den", 1, key) for client in (ADA, BOB, EVE)] == [None, 12.5, 12.5]

    def test_nobody_is_told_of_what_is_shown_again(self, room: Room) -> None:
        key = room.judge.send("den", ADA, 12.5)
        room.show_all(key)
        assert room.judge.show(BOB, "den", 1, key) is None
        assert room.judge.show(BOB, "den", 2, key) is None

    def test_what_everybody_was_shown_is_forgotten(self, room: Room) -> None:
        room.show_all(*room.send(ADA, 100))
        log = room.judge._logs["den"]
        assert (log._entries, log._due_s, log._unjudged) == ({}, {}, {})
