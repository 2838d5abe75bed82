"""Hostile frames of a server's: a session ignores them, and goes on."""

from __future__ import annotations

import pytest
from hypothesis import given

from chat_client.parser import parse_frame
from chat_client.rendering import render_event
from tests.hostile.cases import Case, load_cases
from tests.hostile.strategies import any_texts, fuzz
from tests.unit.chat_client.bench import Bench
from tests.unit.chat_client.frames import history, joined, push

CASES = load_cases("server_frames")
EPOCH = "e1"
PUSHED = [case for case in CASES if "$ID" not in case.body]
ANSWERS = [case for case in CASES if "$ID" in case.body]


@pytest.fixture
def bench() -> Bench:
    """A session that is in a room and has shown one message."""
    bench = Bench()
    bench.open()
    bench.join(1, epoch=EPOCH)
    assert bench.shown() == [1]
    return bench


def expect_goes_on(bench: Bench) -> None:
    """See that a missed message is asked for, and shown with the next."""
    seq = len(bench.shown())
    bench.receive(push(seq + 2, epoch=EPOCH))
    bench.wait(0.5)
    asked = bench.sent("history")[-1]
    bench.receive(history(asked["id"], seq + 1, seq + 2, epoch=EPOCH))
    assert bench.shown() == list(range(1, seq + 3))
    for event in bench.events:
        render_event(event, "lobby")


@pytest.mark.parametrize("case", PUSHED, ids=lambda case: case.name)
def test_what_is_pushed_is_ignored_or_shown(bench: Bench, case: Case) -> None:
    bench.session.receive(case.body, bench.now_s)
    assert len(bench.shown()) == (2 if case.answer == "shown" else 1)
    expect_goes_on(bench)


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case.name)
def test_what_is_answered_is_no_answer(bench: Bench, case: Case) -> None:
    session = bench.session
    for kind in ("members", "history"):
        session.ask(kind, "lobby", bench.now_s, **({"before": 1} if kind == "history" else {}))
    session.ask("rooms", None, bench.now_s)
    bench.send("hi")
    for request in bench.sent():
        session.receive(case.body.replace("$ID", request["id"]), bench.now_s)
    bench.lose()
    bench.wait(60)
    bench.open()
    for request in bench.sent("join"):
        session.receive(case.body.replace("$ID", request["id"]), bench.now_s)
        bench.receive(joined(request["id"], 1, epoch=EPOCH))
    expect_goes_on(bench)


@fuzz(300)
@given(any_texts())
def test_any_text_is_a_frame_or_ignored(body: str) -> None:
    assert parse_frame(body) is None
