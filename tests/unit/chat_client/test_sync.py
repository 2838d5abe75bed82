"""What a quiet room hides is found by `sync`.

Source: docs/protocol.md, "Staying complete".
"""

from __future__ import annotations

import pytest

from chat_client.events import Failed, Reset, Truncated
from chat_client.room import Position
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import ack, error, history, joined, page, push, synced


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


def test_a_sync_follows_a_join_and_then_comes_at_random(bench: Bench) -> None:
    bench.wait(5)
    [first] = bench.sent("sync")
    assert first["rooms"] == {"lobby": {"after": 2, "epoch": "A"}}
    bench.receive(synced(first["id"], lobby={"head": 2, **page()}))
    bench.wait(30 * 60 - 1)
    assert bench.sent("sync") == []
    bench.wait(2)
    assert len(bench.sent("sync")) == 1


def test_a_sync_shows_what_a_quiet_room_hid(bench: Bench) -> None:
    bench.wait(5)
    [asked] = bench.sent("sync")
    bench.receive(synced(asked["id"], lobby={"head": 9, **page(3, 4, more=True)}))
    assert bench.shown() == [1, 2, 3, 4]
    assert bench.sent("history")[0]["after"] == 4


def test_what_is_missing_is_asked_for_once(bench: Bench) -> None:
    bench.wait(4.8)
    bench.receive(push(9))
    bench.wait(0.6)
    [sync] = bench.sent("sync")
    bench.receive(synced(sync["id"], lobby={"head": 9, **page(3, more=True)}))
    assert bench.sent("history") == []


def test_a_room_that_was_not_asked_for_is_ignored(bench: Bench) -> None:
    bench.wait(5)
    [asked] = bench.sent("sync")
    bench.join(room="other")
    bench.receive(synced(asked["id"], other={"head": 1, **page(1)}))
    assert bench.shown() == [1, 2]


def test_a_room_that_the_server_forgot_is_joined_again(bench: Bench) -> None:
    bench.wait(5)
    [asked] = bench.sent("sync")
    problem = {"code": "room.not_joined", "message": "", "retryable": False}
    bench.receive(synced(asked["id"], lobby={"error": problem}))
    assert bench.sent("join")[0]["after"] == 2


def test_a_reset_whose_share_of_the_frame_held_no_entry_starts_over_at_the_newest(bench: Bench) -> None:
    bench.wait(5)
    [sync] = bench.sent("sync")
    bench.receive(synced(sync["id"], lobby={"head": 900, **page(epoch="B", more=True, reset=True)}))
    [asked] = bench.sent()
    assert asked == {"action": "history", "id": asked["id"], "room": "lobby"}
    bench.send("hi")
    assert bench.sent() == []
    bench.receive(history(asked["id"], 899, 900, epoch="B", more=True))
    assert bench.told(Reset) == [Reset("lobby")]
    assert bench.shown() == [1, 2, 899, 900]
    [send] = bench.sent()
    assert (send["action"], send["after"], send["epoch"]) == ("send", 900, "B")


def test_a_reset_that_is_interrupted_goes_on_at_the_newest_after_a_reconnect(bench: Bench) -> None:
    bench.wait(5)
    [sync] = bench.sent("sync")
    bench.receive(synced(sync["id"], lobby={"head": 900, **page(epoch="B", more=True, reset=True)}))
    bench.lose()
    bench.open()
    [join] = bench.sent("join")
    assert "after" not in join
    bench.receive(joined(join["id"], 900, epoch="B", more=True))
    assert bench.shown() == [1, 2, 900]
    assert bench.sent() == []


def test_a_room_that_was_reset_to_nothing_begins_at_its_first_entry(bench: Bench) -> None:
    bench.wait(5)
    [sync] = bench.sent("sync")
    bench.receive(synced(sync["id"], lobby={"head": 0, **page(epoch=None, reset=True)}), push(1, epoch="B"))
    assert bench.shown() == [1, 2, 1]
    assert bench.sent() == []


def test_an_answer_from_before_a_room_was_left_hides_nothing(bench: Bench) -> None:
    bench.receive(push(3), push(4))
    bench.wait(5)
    [sync] = bench.sent("sync")
    leave_id = bench.session.leave("lobby", bench.now_s)
    bench.receive({"type": "left", "id": leave_id, "room": "lobby"})
    join_id = bench.session.join("lobby", bench.now_s, Position(1, "A"))
    bench.receive(joined(join_id, 2), synced(sync["id"], lobby={"head": 5, **page(5)}))
    assert bench.shown() == [1, 2, 3, 4, 2]
    assert bench.told(Truncated) == []
    bench.wait(0.6)
    assert [frame["after"] for frame in bench.sent("history")] == [2]


class TestTooLargeForOneFrame:
    @pytest.fixture
    def names(self, bench: Bench) -> list[str]:
        """The session's rooms."""
        names = [f"room{number}" for number in range(6)]
        for name in names:
            bench.join(1, room=name)
        return ["lobby", *names]

    def test_is_asked_in_halves_until_it_fits(self, bench: Bench, names: list[str]) -> None:
        bench.wait(5)
        bench.sent()
        # The server refuses what it does not read: without an id.
        bench.receive(error(None, "frame.too_large"))
        halves = bench.sent("sync")
        assert [len(frame["rooms"]) for frame in halves] == [4, 3]
        bench.receive(synced(halves[1]["id"]), error(None, "frame.too_large"))
        quarters = bench.sent("sync")
        assert [len(frame["rooms"]) for frame in quarters] == [2, 2]
        assert sorted(name for frame in (*quarters, halves[1]) for name in frame["rooms"]) == names
        assert bench.told(Failed) == []
        bench.receive(*(synced(frame["id"]) for frame in quarters))
        bench.wait(30 * 60)
        assert [len(frame["rooms"]) for frame in bench.sent("sync")] == [2, 2, 2, 1]

    def test_of_one_room_is_given_up(self, bench: Bench) -> None:
        bench.wait(5)
        bench.sent()
        bench.receive(error(None, "frame.too_large"))
        assert bench.sent() == []

    def test_is_seen_before_it_is_sent(self, bench: Bench) -> None:
        names = [f"dm:ada:user{number:03}" for number in range(170)]
        for name in names:
            bench.join(1, room=name, epoch="x" * 400)
        bench.wait(5)
        syncs = bench.sent("sync")
        assert [len(frame["rooms"]) for frame in syncs] == [50, 50, 71]
        assert [name for frame in syncs for name in frame["rooms"]] == [*names, "lobby"]

    def test_does_not_take_a_message_for_a_sync(self, bench: Bench) -> None:
        bench.wait(5)
        [sync] = bench.sent("sync")
        large, small = bench.send("x" * 2_000), bench.send("hi")
        bench.receive(error(None, "frame.too_large"))
        assert [(failed.id, failed.error.code) for failed in bench.told(Failed)] == [(large, "frame.too_large")]
        bench.receive(synced(sync["id"]), ack(small, 3))
        assert bench.shown() == [1, 2, 3]
