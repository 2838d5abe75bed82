"""Direct rooms: found by their users' ids, joined by themselves, and complete like any other room.

Source: docs/protocol.md, "Rooms".
"""

from __future__ import annotations

import pytest

from chat_client.entries import Message
from chat_client.events import Acked, Failed, Joined
from chat_client.room import name_direct_room
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import ack, error, history, joined, page, push, synced

WITH_BOB = "dm:ada:bob"


@pytest.fixture
def bench() -> Bench:
    """A session of ada's that is connected and in no room."""
    bench = Bench()
    bench.open()
    return bench


def test_the_lesser_id_comes_first_whoever_asks() -> None:
    assert name_direct_room("bob", "ada") == name_direct_room("ada", "bob") == "dm:ada:bob"
    # By code points: capitals, and `-`, come before small letters.
    assert name_direct_room("ada", "Bob") == "dm:Bob:ada"


class TestSendingToAUser:
    def test_joins_the_room_first_and_sends_after_what_is_there(self, bench: Bench) -> None:
        request_id = bench.session.send_to("bob", "hi", bench.now_s)
        [join] = bench.sent()
        assert (join["action"], join["room"]) == ("join", WITH_BOB)
        bench.receive(joined(join["id"], 1, 2, room=WITH_BOB))
        [send] = bench.sent()
        assert send == {
            "action": "send",
            "id": request_id,
            "room": WITH_BOB,
            "text": "hi",
            "after": 2,
            "epoch": "A",
        }
        bench.receive(ack(request_id, 3, room=WITH_BOB))
        assert [(acked.id, acked.room, acked.seq) for acked in bench.told(Acked)] == [(request_id, WITH_BOB, 3)]
        assert [(message.room, message.text) for message in bench.told(Message)][-1] == (WITH_BOB, "hi")

    def test_a_second_message_needs_no_second_join(self, bench: Bench) -> None:
        bench.join(room=WITH_BOB)
        bench.session.send_to("bob", "hi", bench.now_s)
        assert [frame["action"] for frame in bench.sent()] == ["send"]

    def test_before_the_first_connection_waits_until_the_users_own_id_is_known(self) -> None:
        bench = Bench()
        bench.session.send_to("bob", "one", bench.now_s)
        bench.session.send_to("bob", "two", bench.now_s)
        assert bench.sent() == []
        bench.open()
        [join] = bench.sent()
        assert (join["action"], join["room"]) == ("join", WITH_BOB)
        bench.receive(joined(join["id"], room=WITH_BOB))
        [first] = bench.sent()
        bench.receive(ack(first["id"], 1, room=WITH_BOB))
        [second] = bench.sent()
        assert (first["text"], second["text"]) == ("one", "two")

    def test_a_lost_ack_is_asked_for_with_the_same_frame_after_a_reconnect(self, bench: Bench) -> None:
        bench.join(room=WITH_BOB)
        bench.session.send_to("bob", "hi", bench.now_s)
        [first] = bench.sent()
        bench.lose()
        bench.open()
        [join] = bench.sent()
        bench.receive(joined(join["id"], room=WITH_BOB))
        assert bench.sent() == [first]

    def test_fails_where_the_room_can_not_be_joined(self, bench: Bench) -> None:
        request_id = bench.session.send_to("bob smith", "hi", bench.now_s)
        [join] = bench.sent()
        bench.receive(error(join["id"], "room.bad_name"))
        assert [(failed.id, failed.error.code) for failed in bench.told(Failed)] == [
            (join["id"], "room.bad_name"),
            (request_id, "room.not_joined"),
        ]

    def test_fails_after_the_end(self, bench: Bench) -> None:
        bench.session.end()
        bench.session.send_to("bob", "hi", bench.now_s)
        assert [failed.error.code for failed in bench.told(Failed)] == ["client.closed"]


class TestBeingWrittenTo:
    def test_the_first_push_joins_the_room_from_just_before_it(self, bench: Bench) -> None:
        bench.receive(push(7, room=WITH_BOB))
        [join] = bench.sent()
        assert join == {"action": "join", "id": join["id"], "room": WITH_BOB, "after": 6, "epoch": "A"}
        bench.receive(joined(join["id"], 7, 8, room=WITH_BOB))
        assert bench.shown() == [7, 8]
        assert [event.room for event in bench.told(Joined)] == [WITH_BOB]

    def test_pushes_before_the_join_is_answered_are_shown_once_and_in_order(self, bench: Bench) -> None:
        bench.receive(push(1, room=WITH_BOB), push(3, room=WITH_BOB), push(2, room=WITH_BOB), push(1, room=WITH_BOB))
        assert len(bench.sent("join")) == 1
        assert bench.shown() == [1, 2, 3]

    def test_a_gap_is_asked_for(self, bench: Bench) -> None:
        bench.receive(push(1, room=WITH_BOB))
        bench.receive(joined(bench.sent()[0]["id"], 1, room=WITH_BOB))
        bench.receive(push(3, room=WITH_BOB))
        bench.wait(0.6)
        [asked] = bench.sent()
        assert (asked["action"], asked["room"], asked["after"]) == ("history", WITH_BOB, 1)
        bench.receive(history(asked["id"], 2, 3, room=WITH_BOB))
        assert bench.shown() == [1, 2, 3]

    def test_the_room_is_resumed_after_a_reconnect(self, bench: Bench) -> None:
        bench.receive(push(7, room=WITH_BOB))
        bench.lose()
        bench.open()
        assert [(frame["room"], frame["after"]) for frame in bench.sent("join")] == [(WITH_BOB, 7)]

    def test_a_push_of_another_room_that_was_not_joined_is_ignored(self, bench: Bench) -> None:
        bench.receive(push(7))
        assert bench.sent() == []
        assert bench.shown() == []


def test_a_sync_names_at_most_100_rooms(bench: Bench) -> None:
    names = [f"dm:ada:user{number}" for number in range(150)]
    for name in names:
        bench.join(1, room=name)
    bench.wait(5)
    first, second = bench.sent("sync")
    assert (len(first["rooms"]), len(second["rooms"])) == (100, 50)
    assert {*first["rooms"], *second["rooms"]} == set(names)
    bench.receive(push(9, room=names[0]))
    answer = {"head": 9, **page(*range(2, 10))}
    bench.receive(synced(first["id"], **{names[0]: answer}), synced(second["id"]))
    assert [message.seq for message in bench.told(Message) if message.room == names[0]] == list(range(1, 10))
