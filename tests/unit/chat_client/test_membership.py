"""Being in a room, and not: joins that fail, places that the server has lost, and rooms that were left too early.

Source: docs/protocol.md, "Actions and their replies".
"""

from __future__ import annotations

import pytest

from chat_client.events import Failed, Joined, Left, Removed
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import ack, error, history, joined, push


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


def failures(bench: Bench) -> list[tuple[str | None, str]]:
    return [(failed.id, failed.error.code) for failed in bench.told(Failed)]


def left(request_id: str, room: str = "lobby") -> dict[str, str]:
    return {"type": "left", "id": request_id, "room": room}


class TestAJoinThatFails:
    def test_ends_everything_of_that_room(self, bench: Bench) -> None:
        session = bench.session
        bench.join(1, room="den")
        bench.lose()
        ids = [
            bench.send("hi"),
            session.ask("edit", "lobby", bench.now_s, seq=1, text="new"),
            session.ask("delete", "lobby", bench.now_s, seq=1),
            session.ask("react", "lobby", bench.now_s, seq=1, emoji="x", remove=False),
            session.ask("history", "lobby", bench.now_s, before=1),
            session.ask("members", "lobby", bench.now_s),
            session.ask("kick", "lobby", bench.now_s, user="bob"),
            session.read("lobby", 2, bench.now_s),
        ]
        den_id = bench.send("hi", room="den")
        bench.open()
        den, lobby = sorted(bench.sent(), key=lambda frame: str(frame["room"]))
        bench.receive(error(lobby["id"], "room.too_many"))
        assert failures(bench) == [
            (lobby["id"], "room.too_many"),
            *((request_id, "room.not_joined") for request_id in ids),
        ]
        bench.receive(joined(den["id"], room="den"))
        assert [frame["id"] for frame in bench.sent()] == [den_id]
        bench.receive(ack(den_id, 2, room="den"))
        bench.wait(4)
        assert bench.sent() == []

    def test_ends_catching_up(self, bench: Bench) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        [asked] = bench.sent("history")
        send_id = bench.send("hi")
        bench.receive(error(send_id, "room.not_joined"))
        [join] = bench.sent("join")
        bench.receive(error(join["id"], "room.too_many"), history(asked["id"], 3, 4, more=True))
        bench.wait(60)
        assert bench.sent("history") == []
        assert bench.shown() == [1, 2]

    def test_makes_late_answers_meaningless(self, bench: Bench) -> None:
        send_id = bench.send("hi")
        kick_id = bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        bench.receive(error(kick_id, "room.not_joined"))
        [join] = bench.sent("join")
        bench.receive(error(join["id"], "room.banned"), ack(send_id, 3), push(3), history(kick_id, 3))
        assert bench.shown() == [1, 2]


class TestAPlaceThatTheServerHasLost:
    def test_is_taken_again_and_the_write_repeated_as_it_was(self, bench: Bench) -> None:
        first, second = bench.send("one"), bench.send("two")
        [sent] = bench.sent()
        bench.receive(error(first, "room.not_joined"))
        [join] = bench.sent()
        assert (join["action"], join["after"]) == ("join", 2)
        bench.receive(joined(join["id"], 3, 4))
        assert bench.sent() == [sent]
        bench.receive(ack(first, 5))
        assert [frame["id"] for frame in bench.sent()] == [second]
        assert failures(bench) == []
        assert bench.shown() == [1, 2, 3, 4, 5]

    def test_is_taken_again_for_whatever_else_was_asked(self, bench: Bench) -> None:
        ids = [
            bench.session.ask("history", "lobby", bench.now_s, before=1),
            bench.session.ask("members", "lobby", bench.now_s),
            bench.session.ask("kick", "lobby", bench.now_s, user="bob"),
        ]
        sent = bench.sent()
        bench.receive(*(error(request_id, "room.not_joined") for request_id in ids))
        [join] = bench.sent()
        bench.receive(joined(join["id"]))
        assert bench.sent() == sent

    def test_is_lost_for_good_where_the_join_fails(self, bench: Bench) -> None:
        send_id = bench.send("hi")
        bench.sent()
        bench.receive(error(send_id, "room.not_joined"))
        [join] = bench.sent()
        bench.receive(error(join["id"], "room.private"))
        assert failures(bench) == [(join["id"], "room.private"), (send_id, "room.not_joined")]

    def test_is_taken_again_after_a_catch_up_too(self, bench: Bench) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        [asked] = bench.sent()
        bench.receive(error(asked["id"], "room.not_joined"))
        [join] = bench.sent()
        bench.receive(joined(join["id"], 3, 4, more=True))
        [again] = bench.sent()
        assert (again["action"], again["after"]) == ("history", 4)
        bench.receive(history(again["id"], *range(5, 10)))
        bench.wait(1)
        assert bench.sent() == []
        assert bench.shown() == list(range(1, 10))

    def test_is_noticed_while_catching_up(self, bench: Bench) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        bench.sent()
        bench.receive(error(bench.send("hi"), "room.not_joined"))
        # The answer to the catch-up may be another error, or none at all: the join brings what is missing.
        bench.receive(joined(bench.sent("join")[0]["id"], 3, 4, more=True))
        assert [frame["after"] for frame in bench.sent("history")] == [4]


class TestARoomThatNobodyWantsToBeInAnyMore:
    def test_is_left_when_a_join_comes_through_after_all(self, bench: Bench) -> None:
        # The leave may have been handled before the join.
        join_id = bench.session.join("den", bench.now_s)
        leave_id = bench.session.leave("den", bench.now_s)
        bench.sent()
        bench.receive(left(leave_id, "den"), joined(join_id, 1, room="den"))
        [again] = bench.sent()
        assert again == {"action": "leave", "id": again["id"], "room": "den"}
        bench.receive(left(again["id"], "den"))
        bench.wait(4)
        assert bench.sent() == []
        assert bench.told(Left) == [Left(leave_id, "den")]
        assert [event.room for event in bench.told(Joined)] == ["lobby"]

    def test_is_left_until_the_server_has_said_so(self, bench: Bench) -> None:
        join_id = bench.session.join("den", bench.now_s)
        bench.session.leave("den", bench.now_s)
        bench.receive(joined(join_id, room="den"))
        leaves = bench.sent("leave")
        assert len(leaves) == 2
        bench.receive(left(leaves[0]["id"], "den"))
        bench.wait(10)
        assert bench.sent("leave") == leaves[1:]

    def test_is_entered_again_only_then(self, bench: Bench) -> None:
        join_id = bench.session.join("den", bench.now_s)
        leave_id = bench.session.leave("den", bench.now_s)
        bench.receive(left(leave_id, "den"), joined(join_id, room="den"))
        [*_, leave] = bench.sent("leave")
        bench.session.join("den", bench.now_s)
        assert bench.sent() == []
        bench.receive(left(leave["id"], "den"))
        assert [frame["action"] for frame in bench.sent()] == ["join"]

    def test_needs_no_leave_on_the_next_connection(self, bench: Bench) -> None:
        bench.receive(joined("unknown", room="den"))
        assert len(bench.sent("leave")) == 1
        bench.lose()
        bench.open()
        assert bench.sent("leave") == []
        assert bench.told(Left) == []

    def test_is_left_when_it_was_taken_away_while_it_was_being_entered(self, bench: Bench) -> None:
        send_id = bench.send("hi")
        bench.receive(error(send_id, "room.not_joined"))
        [join] = bench.sent("join")
        bench.receive({"type": "removed", "room": "lobby", "reason": "kicked"}, joined(join["id"], 3))
        assert [frame["action"] for frame in bench.sent()] == ["leave"]
        assert bench.told(Removed) == [Removed("lobby", "kicked")]
        assert failures(bench) == [(send_id, "client.removed"), (join["id"], "client.removed")]
        assert bench.shown() == [1, 2]

    def test_is_another_than_one_whose_join_was_answered_twice(self, bench: Bench) -> None:
        bench.receive(joined("1", 1, 2), push(3))
        assert bench.sent() == []
        assert bench.shown() == [1, 2, 3]
