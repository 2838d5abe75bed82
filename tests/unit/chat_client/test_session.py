"""Staying complete, by a session: joins, gaps, pages, resets, and requests of the user's.

Source: docs/protocol.md, "Staying complete".
"""

from __future__ import annotations

import math

import pytest

from chat_client.events import (
    Connected,
    Failed,
    HistoryPage,
    Joined,
    Left,
    Member,
    MembersPage,
    Presence,
    Reset,
    Truncated,
)
from chat_client.room import Position
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import error, history, joined, push


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


class TestJoining:
    def test_a_join_waits_for_the_connection(self) -> None:
        bench = Bench()
        request_id = bench.session.join("lobby", bench.now_s)
        assert bench.sent() == []
        bench.open()
        assert bench.sent() == [{"action": "join", "id": request_id, "room": "lobby"}]
        bench.receive(joined(request_id, 1, 2))
        assert bench.told(Joined) == [Joined(request_id, "lobby", head=2, members=2)]
        assert bench.shown() == [1, 2]

    def test_a_join_from_a_position_reads_on_from_there(self) -> None:
        bench = Bench()
        bench.open()
        request_id = bench.session.join("lobby", bench.now_s, Position(4, "A"))
        assert bench.sent() == [{"action": "join", "id": request_id, "room": "lobby", "after": 4, "epoch": "A"}]

    def test_two_joins_of_a_room_are_one(self) -> None:
        bench = Bench()
        bench.open()
        assert bench.session.join("lobby", 0) == bench.session.join("lobby", 0)
        assert len(bench.sent()) == 1

    def test_older_entries_are_not_asked_for_on_a_first_join(self) -> None:
        bench = Bench()
        bench.open()
        bench.join(8, 9, more=True)
        assert bench.sent() == []


class TestGaps:
    def test_history_is_asked_half_a_second_after_a_gap_opened(self, bench: Bench) -> None:
        bench.receive(push(5))
        bench.wait(0.49)
        assert bench.sent() == []
        bench.wait(0.02)
        [asked] = bench.sent()
        assert asked == {"action": "history", "id": asked["id"], "room": "lobby", "after": 2, "epoch": "A"}
        bench.receive(history(asked["id"], 3, 4, 5))
        assert bench.shown() == [1, 2, 3, 4, 5]

    def test_entries_that_come_together_are_told_one_by_one(self, bench: Bench) -> None:
        odd = {"type": "presence", "room": "lobby"}
        nested = {"type": "batch", "events": [push(5)]}
        bench.receive({"type": "batch", "events": [push(3), odd, push(4), nested, None]})
        assert bench.shown() == [1, 2, 3, 4]

    def test_history_is_not_asked_where_the_gap_closes_in_time(self, bench: Bench) -> None:
        bench.receive(push(4), push(3))
        bench.wait(2)
        assert bench.sent() == []
        assert bench.shown() == [1, 2, 3, 4]

    def test_an_error_is_no_matter_of_the_users(self, bench: Bench) -> None:
        bench.receive(push(5))
        bench.wait(0.6)
        bench.receive(error(bench.sent()[0]["id"], "field.bad_type"))
        assert bench.told(Failed) == []
        bench.wait(0.3)
        assert bench.sent() == []
        bench.wait(0.2)
        assert len(bench.sent("history")) == 1

    def test_one_gap_is_asked_for_once(self, bench: Bench) -> None:
        bench.receive(push(5))
        bench.wait(3)
        bench.receive(push(7))
        bench.wait(1)
        assert len(bench.sent("history")) == 1

    def test_more_pages_are_asked_for_until_there_are_none(self, bench: Bench) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        [first] = bench.sent()
        bench.receive(history(first["id"], 3, 4, more=True))
        [second] = bench.sent()
        assert second["after"] == 4
        bench.receive(history(second["id"], 5, 6, 7, 8, 9))
        assert bench.sent() == []
        assert bench.shown() == list(range(1, 10))

    def test_truncated_is_told_before_the_entries(self, bench: Bench) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        bench.receive(history(bench.sent()[0]["id"], 7, 9, truncated=True))
        assert bench.told(Truncated) == [Truncated("lobby")]
        assert bench.shown() == [1, 2, 7, 9]

    def test_entries_of_unknown_types_have_a_number_and_are_told_to_nobody(self, bench: Bench) -> None:
        bench.receive(push(9) | {"type": "sung"}, push(9))
        bench.wait(0.6)
        full = history(bench.sent()[0]["id"], 3, 4, 5, more=True)
        for entry in full["entries"]:
            entry["type"] = "sung"
        bench.receive(full)
        [asked] = bench.sent()
        assert asked["after"] == 5
        bench.receive(history(asked["id"], 6, 7, 8, 9))
        assert bench.shown() == [1, 2, 6, 7, 8, 9]
        bench.wait(1)
        assert bench.sent() == []

    def test_a_reset_whose_answer_held_no_entry_starts_over_at_the_newest(self, bench: Bench) -> None:
        bench.receive(push(900, epoch="B"))
        bench.wait(0)
        [asked] = bench.sent()
        send_id = bench.send("hi")
        assert [frame["id"] for frame in bench.sent()] == [send_id]
        bench.receive(history(asked["id"], epoch="B", more=True, reset=True))
        [newest] = bench.sent()
        assert newest == {"action": "history", "id": newest["id"], "room": "lobby"}
        bench.receive(push(901, epoch="B"))
        bench.wait(8)
        assert bench.sent() == []
        bench.receive(history(newest["id"], 899, 900, epoch="B", more=True))
        assert bench.told(Reset) == [Reset("lobby")]
        assert bench.shown() == [1, 2, 899, 900, 901]
        assert bench.sent() == []

    def test_a_push_of_another_epoch_starts_over(self, bench: Bench) -> None:
        bench.receive(push(2, epoch="B"))
        bench.wait(0)
        [asked] = bench.sent()
        bench.receive(history(asked["id"], 1, 2, epoch="B", reset=True))
        assert bench.told(Reset) == [Reset("lobby")]
        assert bench.shown() == [1, 2, 1, 2]


class TestAsking:
    def test_older_messages_answer_and_are_not_told_again(self, bench: Bench) -> None:
        request_id = bench.session.ask("history", "lobby", bench.now_s, before=7, limit=2)
        asked = {"action": "history", "id": request_id, "room": "lobby", "before": 7, "limit": 2}
        assert bench.sent() == [asked]
        bench.receive(history(request_id, 5, 6, more=True))
        [answer] = bench.told(HistoryPage)
        assert ([entry.seq for entry in answer.entries], answer.more) == ([5, 6], True)
        assert bench.shown() == [1, 2]

    def test_members_answer_by_pages(self, bench: Bench) -> None:
        request_id = bench.session.ask("members", "lobby", bench.now_s)
        members = [{"user": "bob", "name": "Bob"}]
        bench.receive({"type": "members", "id": request_id, "room": "lobby", "members": members, "next": "n"})
        assert bench.told(MembersPage) == [MembersPage(request_id, "lobby", (Member("bob", "Bob"),), "n")]

    def test_nothing_can_be_asked_of_a_room_before_joining(self, bench: Bench) -> None:
        request_id = bench.send("hi", room="elsewhere")
        [failed] = bench.told(Failed)
        assert (failed.id, failed.error.code) == (request_id, "room.not_joined")

    def test_leaving_ends_pushes_and_fails_what_is_not_answered(self, bench: Bench) -> None:
        send_id = bench.send("hi")
        leave_id = bench.session.leave("lobby", bench.now_s)
        bench.receive({"type": "left", "id": leave_id, "room": "lobby"}, push(3))
        assert bench.told(Left) == [Left(leave_id, "lobby")]
        assert [(failed.id, failed.error.code) for failed in bench.told(Failed)] == [(send_id, "client.left")]
        assert bench.shown() == [1, 2]

    def test_a_join_after_a_leave_waits_for_its_answer(self, bench: Bench) -> None:
        # API Gateway may hand two frames to two functions: the second could be faster.
        leave_id = bench.session.leave("lobby", bench.now_s)
        bench.session.join("lobby", bench.now_s)
        assert [frame["action"] for frame in bench.sent()] == ["leave"]
        bench.receive({"type": "left", "id": leave_id, "room": "lobby"})
        assert [frame["action"] for frame in bench.sent()] == ["join"]

    def test_presence_is_told_for_rooms_of_ones_own(self, bench: Bench) -> None:
        frame = {"type": "presence", "user": "bob", "name": "Bob", "state": "joined"}
        bench.receive({**frame, "room": "lobby"}, {**frame, "room": "elsewhere"})
        assert bench.told(Presence) == [Presence("lobby", "bob", "Bob", "joined")]

    def test_the_end_fails_what_is_open_and_what_comes(self, bench: Bench) -> None:
        first = bench.send("hi")
        bench.session.end()
        second, third = bench.send("again"), bench.session.join("other", bench.now_s)
        failures = [(failed.id, failed.error.code) for failed in bench.told(Failed)]
        assert failures == [(request_id, "client.closed") for request_id in (first, second, third)]
        assert bench.session.deadline() == math.inf


class TestForeignFrames:
    @pytest.mark.parametrize(
        "text",
        [
            '{"message": "Internal server error", "connectionId": "x", "requestId": "y"}',
            '{"type": "typing", "room": "lobby"}',
            '{"type": "pong"}',
            '{"type": "message", "room": "lobby"}',
            '{"type": "message", "room": "lobby", "epoch": "A", "seq": "3"}',
            '{"type": "synced", "rooms": {"lobby": "x"}}',
            '{"type": ["message"]}',
            '{"type": "joined", "id": "1", "room": "lobby"}',
            "[]",
            "null",
            "no json",
            "[" * 100_000,
        ],
    )
    def test_are_ignored(self, bench: Bench, text: str) -> None:
        bench.session.receive(text, bench.now_s)
        assert bench.sent() == []
        bench.receive(push(3))
        assert bench.shown() == [1, 2, 3]

    def test_an_error_without_an_id_is_told(self, bench: Bench) -> None:
        bench.receive(error(None, "frame.not_json"))
        assert [failed.error.code for failed in bench.told(Failed)] == ["frame.not_json"]

    def test_connected_is_told_once_for_each_connection(self, bench: Bench) -> None:
        assert bench.told(Connected) == [Connected()]
