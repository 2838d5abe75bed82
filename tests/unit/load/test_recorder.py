"""What is measured, in all and in each interval."""

from __future__ import annotations

import pytest

from chat_client.load.judge import Judge
from chat_client.load.recorder import Recorder


class Clock:
    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(clock: Clock) -> Recorder:
    return Recorder(Judge({"den": [0, 1]}), clock)


def test_latencies_count_from_when_a_message_was_due(recorder: Recorder, clock: Clock) -> None:
    key = recorder.send("den", 0, due_s=49.9)
    clock.now_s += 1
    recorder.ack(49.9)
    recorder.show(0, "den", 1, key)
    clock.now_s += 1
    recorder.show(1, "den", 1, key)
    most = {latency: recorder.totals[latency].summarise()["max"] for latency in recorder.totals}
    assert most == {"ticket": None, "connect": None, "lag": 100, "ack": 1100, "delivery": 2100}


def test_a_sample_has_what_came_since_the_one_before(recorder: Recorder, clock: Clock) -> None:
    recorder.send("den", 0, 50)
    recorder.counts.open = 2
    clock.now_s += 1
    first = recorder.sample()
    clock.now_s += 1
    recorder.ack(51.5)
    second = recorder.sample()
    assert (first["at_s"], first["open"], first["sent"], first["acked"], first["ack_p50"]) == (1, 2, 1, 0, None)
    assert (second["at_s"], second["sent"], second["acked"], second["ack_p50"]) == (2, 0, 1, 500)
    assert recorder.samples == [first, second]


def test_reasons_are_counted_and_do_not_grow_without_end(recorder: Recorder) -> None:
    for number in range(1000):
        recorder.lose(f"broken pipe {number}")
        recorder.refuse("rate.limited")
    assert recorder.counts.refused == {"rate.limited": 1000}
    assert recorder.counts.lost_connections["broken pipe 3"] == 1
    assert recorder.counts.lost_connections["others"] == 950
