"""Sending exactly once, in order, over lost answers and lost connections.

Source: docs/protocol.md, "Sending" and "Errors".
"""

from __future__ import annotations

import pytest

from chat_client.entries import Message
from chat_client.events import Acked, Disconnected, Failed, Left, Refused
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import ack, error, history, joined, push


@pytest.fixture
def bench() -> Bench:
    """A session that is connected and in the lobby, where 1 and 2 were shown."""
    bench = Bench()
    bench.open()
    bench.join(1, 2)
    return bench


class TestAcks:
    def test_an_ack_places_the_message_in_the_log(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        frame = {"action": "send", "id": request_id, "room": "lobby", "text": "hi", "after": 2, "epoch": "A"}
        assert bench.sent() == [frame]
        bench.receive(ack(request_id, 3))
        assert [(acked.id, acked.seq) for acked in bench.told(Acked)] == [(request_id, 3)]
        shown = bench.told(Message)[-1]
        assert (shown.seq, shown.user, shown.text) == (3, "ada", "hi")

    def test_an_own_message_waits_for_those_before_it(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.receive(ack(request_id, 4))
        assert bench.shown() == [1, 2]
        bench.receive(push(3))
        assert bench.shown() == [1, 2, 3, 4]

    def test_messages_of_a_room_go_one_after_the_other(self, bench: Bench) -> None:
        first, second = bench.send("one"), bench.send("two")
        assert [frame["text"] for frame in bench.sent()] == ["one"]
        bench.receive(ack(first, 3))
        [frame] = bench.sent()
        assert (frame["id"], frame["text"], frame["after"]) == (second, "two", 3)

    def test_rooms_do_not_wait_for_each_other(self, bench: Bench) -> None:
        bench.join(room="other")
        bench.send("here")
        bench.send("there", room="other")
        assert [frame["room"] for frame in bench.sent("send")] == ["lobby", "other"]

    def test_a_second_ack_changes_nothing(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.receive(ack(request_id, 3), ack(request_id, 3))
        assert len(bench.told(Acked)) == 1
        assert bench.shown() == [1, 2, 3]

    def test_a_message_that_comes_by_push_counts_as_acked(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.receive(push(3, user="ada", request_id=request_id, text="hi"))
        assert [(acked.id, acked.seq) for acked in bench.told(Acked)] == [(request_id, 3)]
        assert bench.shown() == [1, 2, 3]

    def test_the_same_id_of_another_user_is_no_ack(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.receive(push(3, user="bob", request_id=request_id))
        assert bench.told(Acked) == []


class TestRetries:
    def test_a_lost_ack_is_asked_for_with_the_same_frame(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        [first] = bench.sent()
        bench.receive(push(3))
        bench.wait(10)
        assert bench.sent("send") == [first]
        bench.receive(ack(request_id, 4))
        bench.wait(60)
        assert bench.sent("send") == []
        assert bench.shown() == [1, 2, 3, 4]

    def test_api_gateways_own_frame_is_a_lost_reply(self, bench: Bench) -> None:
        bench.send("hi")
        [first] = bench.sent()
        bench.receive({"message": "Internal server error", "connectionId": "x", "requestId": "y"})
        bench.wait(10)
        assert bench.sent("send") == [first]

    def test_a_retryable_error_is_tried_again_when_it_says(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        [first] = bench.sent()
        bench.receive(error(request_id, "room.busy", retryable=True, retry_after_ms=3000))
        bench.wait(2.9)
        assert bench.sent() == []
        bench.wait(0.2)
        assert bench.sent() == [first]
        assert bench.told(Failed) == []

    def test_an_error_that_is_not_retryable_fails_and_the_next_goes(self, bench: Bench) -> None:
        first, second = bench.send("one"), bench.send("two")
        bench.sent()
        bench.receive(error(first, "send.after_too_old"))
        [failed] = bench.told(Failed)
        assert (failed.id, failed.action, failed.error.code) == (first, "send", "send.after_too_old")
        assert bench.sent()[0]["id"] == second

    def test_what_fits_into_no_frame_fails_here_and_the_next_goes(self, bench: Bench) -> None:
        # API Gateway would close the connection.
        bench.send("x" * 40_000)
        bench.send("\ud800")
        bench.send("fine")
        assert [failed.error.code for failed in bench.told(Failed)] == ["frame.too_large", "frame.bad_unicode"]
        assert [frame["text"] for frame in bench.sent()] == ["fine"]


class TestReconnecting:
    def test_rooms_are_joined_from_where_they_were_shown(self, bench: Bench) -> None:
        bench.receive(push(3))
        bench.lose()
        bench.open()
        [frame] = bench.sent()
        assert (frame["action"], frame["after"], frame["epoch"]) == ("join", 3, "A")
        bench.receive(joined(frame["id"], 4, 5))
        assert bench.shown() == [1, 2, 3, 4, 5]

    def test_a_message_is_sent_again_as_it_was_after_all_was_read(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        [first] = bench.sent()
        bench.lose()
        bench.open()
        [rejoin] = bench.sent()
        bench.receive(joined(rejoin["id"], 3, more=True))
        [read] = bench.sent()
        assert read["action"] == "history"
        bench.receive(history(read["id"], 4, 5))
        assert bench.sent() == [first]
        bench.receive(ack(request_id, 6))
        assert bench.shown() == [1, 2, 3, 4, 5, 6]

    def test_a_message_that_is_found_in_the_log_is_not_sent_again(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        bench.lose()
        bench.open()
        [rejoin] = bench.sent()
        answer = joined(rejoin["id"], 3, 4)
        answer["entries"][0] |= {"from": "ada", "id": request_id}
        bench.receive(answer)
        assert [(acked.id, acked.seq) for acked in bench.told(Acked)] == [(request_id, 3)]
        assert bench.sent("send") == []
        assert bench.shown() == [1, 2, 3, 4]

    def test_messages_typed_while_offline_go_after_the_join(self, bench: Bench) -> None:
        bench.lose()
        bench.send("hi")
        assert bench.sent() == []
        bench.open()
        [rejoin] = bench.sent()
        bench.receive(joined(rejoin["id"], 3))
        assert bench.sent()[0]["after"] == 3

    def test_a_leave_is_answered_by_the_loss_of_the_connection(self, bench: Bench) -> None:
        leave_id = bench.session.leave("lobby", bench.now_s)
        bench.lose()
        bench.open()
        assert bench.told(Left) == [Left(leave_id, "lobby")]
        assert bench.sent("join") == []

    def test_waits_double_with_full_jitter_up_to_a_bound(self) -> None:
        bench = Bench(jitter=0.5)
        for _ in range(7):
            bench.lose()
        assert [event.retry_in_s for event in bench.told(Disconnected)] == [0.5, 1, 2, 4, 8, 15, 15]

    def test_a_connection_that_lasted_makes_the_next_wait_short(self) -> None:
        bench = Bench()
        for _ in range(5):
            bench.lose()
        bench.open()
        bench.wait(60)
        bench.lose()
        assert bench.told(Disconnected)[-1].retry_in_s == 1

    def test_the_next_connection_is_due_after_the_wait(self, bench: Bench) -> None:
        bench.lose()
        assert not bench.session.should_connect(bench.now_s + 0.9)
        assert bench.session.should_connect(bench.now_s + 1)
        assert bench.session.deadline() == bench.now_s + 1

    def test_a_refused_client_does_not_try_again(self) -> None:
        bench = Bench()
        request_id = bench.session.join("lobby", bench.now_s)
        bench.session.refuse("no")
        assert bench.told(Refused) == [Refused("no")]
        assert [failed.id for failed in bench.told(Failed)] == [request_id]
        assert not bench.session.should_connect(bench.now_s + 1e9)


class TestLiveness:
    def test_an_idle_connection_is_pinged(self, bench: Bench) -> None:
        bench.wait(5)
        bench.receive({"type": "synced", "id": bench.sent("sync")[0]["id"], "rooms": {}})
        bench.wait(239)
        assert bench.sent() == []
        bench.wait(2)
        assert bench.sent() == [{"action": "ping"}]
        bench.wait(60)
        assert bench.session.gave_up is None

    def test_a_connection_that_does_not_answer_is_given_up(self, bench: Bench) -> None:
        bench.is_dead = True
        bench.send("hi")
        bench.wait(60)
        assert bench.sent("ping")
        assert bench.session.gave_up == "the server does not answer"

    def test_a_slow_function_on_a_living_connection_is_not(self, bench: Bench) -> None:
        bench.send("hi")
        bench.wait(300)
        assert bench.session.gave_up is None

    def test_an_expired_connection_is_given_up_and_its_requests_go_on(self, bench: Bench) -> None:
        request_id = bench.send("hi")
        [first] = bench.sent()
        bench.receive(error(request_id, "connection.expired"))
        assert bench.session.gave_up == "about connection.expired"
        bench.lose()
        bench.open()
        bench.receive(joined(bench.sent()[0]["id"]))
        assert bench.sent() == [first]
        assert bench.told(Failed) == []
