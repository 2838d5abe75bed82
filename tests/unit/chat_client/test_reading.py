"""What passes and stands in no log: how far rooms were read, and who is typing.

Source: docs/protocol.md, "Rooms".
"""

from __future__ import annotations

import pytest

from chat_client.events import Done, Failed, Read, Typing
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import done, joined


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


class TestReading:
    def test_the_highest_of_what_is_read_within_a_short_while_is_sent(self, bench: Bench) -> None:
        ids = {bench.session.read("lobby", seq, bench.now_s) for seq in (1, 3, 2)}
        bench.wait(1.9)
        assert bench.sent() == []
        bench.wait(0.2)
        [frame] = bench.sent()
        assert ids == {frame["id"]}
        assert frame == {"action": "read", "id": frame["id"], "room": "lobby", "seq": 3}
        bench.receive(done(frame["id"], room="lobby", seq=3))
        assert bench.told(Done) == [Done(frame["id"], "read", "lobby", None)]

    def test_what_is_read_after_that_is_sent_by_itself(self, bench: Bench) -> None:
        first = bench.session.read("lobby", 1, bench.now_s)
        bench.wait(2)
        second = bench.session.read("lobby", 2, bench.now_s)
        bench.wait(2)
        assert [(frame["id"], frame["seq"]) for frame in bench.sent()] == [(first, 1), (second, 2)]

    def test_rooms_are_read_each_for_itself(self, bench: Bench) -> None:
        bench.join(1, room="den")
        bench.session.read("lobby", 2, bench.now_s)
        bench.session.read("den", 1, bench.now_s)
        bench.wait(2)
        assert sorted((frame["room"], frame["seq"]) for frame in bench.sent()) == [("den", 1), ("lobby", 2)]

    def test_a_position_waits_for_the_connection(self, bench: Bench) -> None:
        bench.lose()
        bench.session.read("lobby", 1, bench.now_s)
        assert bench.session.deadline() > bench.now_s
        bench.open()
        bench.session.read("lobby", 2, bench.now_s)
        [join] = bench.sent()
        bench.receive(joined(join["id"]))
        assert [(frame["action"], frame["seq"]) for frame in bench.sent()] == [("read", 2)]

    def test_a_room_that_was_not_joined_is_not_read(self, bench: Bench) -> None:
        bench.session.read("elsewhere", 1, bench.now_s)
        assert [failed.error.code for failed in bench.told(Failed)] == ["room.not_joined"]

    def test_positions_of_others_are_told(self, bench: Bench) -> None:
        # Of this user's other devices too, which may be in rooms that this one is not in.
        bench.receive({"type": "read", "room": "den", "user": "ada", "seq": 5})
        assert bench.told(Read) == [Read("den", "ada", 5)]


class TestTyping:
    def test_is_sent_once_in_three_seconds_for_each_room_and_never_repeated(self, bench: Bench) -> None:
        bench.join(room="den")
        for room in ("lobby", "lobby", "den"):
            bench.session.typing(room, bench.now_s)
        assert bench.sent() == [{"action": "typing", "room": "lobby"}, {"action": "typing", "room": "den"}]
        bench.wait(2.9)
        bench.session.typing("lobby", bench.now_s)
        assert bench.sent() == []
        bench.wait(0.1)
        bench.session.typing("lobby", bench.now_s)
        bench.wait(60)
        assert len(bench.sent("typing")) == 1

    def test_is_not_sent_where_nobody_can_hear_it(self, bench: Bench) -> None:
        bench.session.typing("elsewhere", bench.now_s)
        bench.lose()
        bench.session.typing("lobby", bench.now_s)
        bench.open()
        bench.session.typing("lobby", bench.now_s)
        assert bench.sent("typing") == []
        assert bench.told(Failed) == []

    def test_of_others_is_told_for_rooms_of_ones_own(self, bench: Bench) -> None:
        frame = {"type": "typing", "user": "bob", "name": "Bob"}
        bench.receive({**frame, "room": "lobby"}, {**frame, "room": "elsewhere"})
        assert bench.told(Typing) == [Typing("lobby", "bob", "Bob")]
