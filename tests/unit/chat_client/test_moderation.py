"""Rooms of one's own and their moderation: what is asked, and what is told to whom it is about.

Source: docs/protocol.md, "Rooms" and "Moderation".
"""

from __future__ import annotations

import pytest

from chat_client.events import Acked, Done, Failed, Invited, ListedRoom, Muted, Removed, RoomsPage
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import Frame, ack, done, error, joined, push, synced


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


def failures(bench: Bench) -> list[tuple[str | None, str]]:
    return [(failed.id, failed.error.code) for failed in bench.told(Failed)]


class TestOrders:
    def test_about_a_user_are_done_when_they_are_acked(self, bench: Bench) -> None:
        request_id = bench.session.ask("mute", "lobby", bench.now_s, user="bob", seconds=60)
        [frame] = bench.sent()
        assert frame == {"action": "mute", "id": request_id, "room": "lobby", "user": "bob", "seconds": 60}
        bench.receive(done(request_id, room="lobby", user="bob"), done(request_id, room="lobby", user="bob"))
        assert bench.told(Done) == [Done(request_id, "mute", "lobby", "bob")]

    def test_about_the_whole_chat_need_no_room(self) -> None:
        bench = Bench()
        request_id = bench.session.ask("ban", None, bench.now_s, user="bob")
        assert bench.sent() == []
        bench.open()
        assert bench.sent() == [{"action": "ban", "id": request_id, "user": "bob"}]
        bench.receive(done(request_id, user="bob"))
        assert bench.told(Done) == [Done(request_id, "ban", None, "bob")]

    def test_go_at_once_beside_each_other(self, bench: Bench) -> None:
        bench.send("hi")
        bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        bench.session.ask("invite", "lobby", bench.now_s, user="eve")
        assert [frame["action"] for frame in bench.sent()] == ["send", "kick", "invite"]

    def test_need_a_room_that_was_joined(self, bench: Bench) -> None:
        request_id = bench.session.ask("kick", "elsewhere", bench.now_s, user="bob")
        assert failures(bench) == [(request_id, "room.not_joined")]
        assert bench.sent() == []

    def test_are_repeated_on_the_next_connection_once_the_room_is_joined(self, bench: Bench) -> None:
        bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        [first] = bench.sent()
        bench.lose()
        bench.open()
        [join] = bench.sent()
        assert join["action"] == "join"
        bench.receive(joined(join["id"], 3))
        assert bench.sent() == [first]

    def test_are_repeated_when_the_server_says(self, bench: Bench) -> None:
        request_id = bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        [first] = bench.sent()
        bench.receive(error(request_id, "rate.limited", retryable=True, retry_after_ms=3000))
        bench.wait(2.9)
        assert bench.sent() == []
        bench.wait(0.2)
        assert bench.sent() == [first]

    def test_that_are_not_allowed_fail_and_leave_the_room_as_it_is(self, bench: Bench) -> None:
        request_id = bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        bench.receive(error(request_id, "room.not_allowed"), push(3))
        assert failures(bench) == [(request_id, "room.not_allowed")]
        assert bench.shown() == [1, 2, 3]

    def test_an_ack_without_a_place_in_the_log_is_none_of_a_message(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.receive(done(request_id, room="lobby"))
        assert bench.told(Acked) == []
        bench.receive(ack(request_id, 3))
        assert len(bench.told(Acked)) == 1


class TestCreating:
    def test_needs_no_join(self, bench: Bench) -> None:
        request_id = bench.session.ask("create", "den", bench.now_s, private=True)
        assert bench.sent() == [{"action": "create", "id": request_id, "room": "den", "private": True}]
        bench.receive(done(request_id, room="den"))
        assert bench.told(Done) == [Done(request_id, "create", "den", None)]
        assert bench.sent() == []

    @pytest.mark.parametrize("works", [True, False])
    def test_a_join_waits_for_it(self, bench: Bench, works: bool) -> None:
        # What is said in a room before it is private would be said to everybody.
        create_id = bench.session.ask("create", "den", bench.now_s, private=True)
        bench.session.join("den", bench.now_s)
        assert [frame["action"] for frame in bench.sent()] == ["create"]
        bench.receive(done(create_id, room="den") if works else error(create_id, "room.exists"))
        assert [frame["action"] for frame in bench.sent()] == ["join"]

    def test_is_repeated_before_the_join_on_the_next_connection(self) -> None:
        bench = Bench()
        create_id = bench.session.ask("create", "den", bench.now_s, private=True)
        bench.session.join("den", bench.now_s)
        bench.open()
        assert [frame["action"] for frame in bench.sent()] == ["create"]
        bench.lose()
        bench.open()
        assert [frame["action"] for frame in bench.sent()] == ["create"]
        bench.receive(done(create_id, room="den"))
        assert [frame["action"] for frame in bench.sent()] == ["join"]

    def test_survives_leaving_the_room(self, bench: Bench) -> None:
        create_id = bench.session.ask("create", "lobby", bench.now_s, private=False)
        bench.session.leave("lobby", bench.now_s)
        bench.receive(done(create_id, room="lobby"))
        assert len(bench.told(Done)) == 1


class TestListing:
    def test_rooms_are_told_by_pages(self, bench: Bench) -> None:
        request_id = bench.session.ask("rooms", None, bench.now_s, next="n1")
        assert bench.sent() == [{"action": "rooms", "id": request_id, "next": "n1"}]
        rooms = [{"room": "lobby", "head": 9, "read": 7, "unread": 2}]
        bench.receive({"type": "rooms", "id": request_id, "rooms": rooms, "next": "n2"})
        assert bench.told(RoomsPage) == [RoomsPage(request_id, (ListedRoom("lobby", 9, 7, 2),), "n2")]

    def test_is_repeated_on_the_next_connection(self, bench: Bench) -> None:
        bench.session.ask("rooms", None, bench.now_s)
        [first] = bench.sent()
        bench.lose()
        bench.open()
        assert bench.sent("rooms") == [first]


class TestBeingDecidedAbout:
    def test_invited_and_muted_are_told_wherever_one_is(self, bench: Bench) -> None:
        bench.receive(
            {"type": "invited", "room": "den", "user": "bob", "name": "Bob"},
            {"type": "muted", "room": "den", "seconds": 60},
        )
        assert bench.told(Invited) == [Invited("den", "bob", "Bob")]
        assert bench.told(Muted) == [Muted("den", 60)]
        assert bench.sent() == []

    def test_removed_forgets_the_room_and_fails_what_is_not_answered(self, bench: Bench) -> None:
        send_id = bench.send("hi")
        kick_id = bench.session.ask("kick", "lobby", bench.now_s, user="bob")
        bench.sent()
        bench.receive({"type": "removed", "room": "lobby", "reason": "kicked"}, push(3))
        assert bench.told(Removed) == [Removed("lobby", "kicked")]
        assert failures(bench) == [(send_id, "client.removed"), (kick_id, "client.removed")]
        assert bench.shown() == [1, 2]
        bench.wait(60)
        assert bench.sent("join") == bench.sent("sync") == []
        bench.lose()
        bench.open()
        assert bench.sent() == []

    def test_who_was_kicked_may_join_again(self, bench: Bench) -> None:
        bench.receive({"type": "removed", "room": "lobby", "reason": "kicked"})
        bench.join(3)
        assert bench.shown() == [1, 2, 3]

    def test_removed_from_a_room_that_one_is_not_in_is_nothing(self, bench: Bench) -> None:
        bench.receive({"type": "removed", "room": "den", "reason": "kicked"})
        assert bench.told(Removed) == []

    @pytest.mark.parametrize(
        "frame",
        [
            {"type": "removed", "room": "lobby"},
            {"type": "muted", "room": "lobby", "seconds": "long"},
            {"type": "invited", "room": "den"},
            {"type": "rooms", "id": "1", "rooms": [{"room": "den"}]},
            {"type": "read", "room": "lobby", "user": "bob"},
        ],
    )
    def test_a_malformed_frame_is_ignored(self, bench: Bench, frame: Frame) -> None:
        bench.told(Removed)
        before = [*bench.events]
        bench.receive(frame)
        bench.told(Removed)
        assert bench.events == before


SHUT_OUT = ("room.banned", "room.private", "room.not_allowed", "user.banned")


@pytest.mark.parametrize("code", SHUT_OUT)
class TestBeingShutOut:
    def test_in_answer_to_a_join_ends_it(self, bench: Bench, code: str) -> None:
        bench.lose()
        send_id = bench.send("hi")
        bench.open()
        [join] = bench.sent()
        bench.receive(error(join["id"], code))
        assert failures(bench) == [(join["id"], code), (send_id, "room.not_joined")]
        bench.wait(60)
        assert bench.sent("join") == []

    def test_in_synced_ends_it(self, bench: Bench, code: str) -> None:
        bench.wait(5)
        [sync] = bench.sent("sync")
        bench.receive(synced(sync["id"], lobby={"error": {"code": code, "message": "", "retryable": False}}))
        assert bench.told(Removed) == [Removed("lobby", code)]
        assert bench.sent() == []
        bench.lose()
        bench.open()
        assert bench.sent() == []

    def test_in_answer_to_catching_up_ends_it(self, bench: Bench, code: str) -> None:
        bench.receive(push(9))
        bench.wait(0.6)
        [asked] = bench.sent("history")
        bench.receive(error(asked["id"], code))
        assert bench.told(Removed) == [Removed("lobby", code)]
        bench.wait(3)
        assert bench.sent("history") == []


def test_an_error_that_may_pass_leaves_a_room_in_synced_as_it_is(bench: Bench) -> None:
    bench.wait(5)
    [sync] = bench.sent("sync")
    problem = {"code": "server.unavailable", "message": "", "retryable": True}
    bench.receive(synced(sync["id"], lobby={"error": problem}), push(3))
    assert bench.told(Removed) == []
    assert bench.shown() == [1, 2, 3]


def test_a_refused_change_lets_the_next_one_go(bench: Bench) -> None:
    first = bench.session.ask("edit", "lobby", bench.now_s, seq=1, text="new")
    bench.send("hi")
    bench.sent()
    bench.receive(error(first, "entry.not_yours"))
    assert [frame["action"] for frame in bench.sent()] == ["send"]


def test_a_refused_join_fails_changes_that_waited_for_it(bench: Bench) -> None:
    bench.lose()
    edit_id = bench.session.ask("edit", "lobby", bench.now_s, seq=1, text="new")
    bench.open()
    bench.receive(error(bench.sent()[0]["id"], "room.too_many"))
    assert (edit_id, "room.not_joined") in failures(bench)
