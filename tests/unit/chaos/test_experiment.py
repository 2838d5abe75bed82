"""What came of an experiment, and what the command line makes of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import pytest
from click.testing import CliRunner, Result

import chaos.__main__
from chaos.experiment import Outcome, make_plan
from chaos.faults import KINDS, Dealer, Kind, Service
from chaos.proxy import Injection
from chat_client.load.plan import Plan
from tests.unit.load.results import make_result

ALL = Counter(
    {
        **{Injection("message", service, kind): 2 for service, kinds in KINDS.items() for kind in kinds},
        Injection("message", Service.SQS, Kind.KILLED): 1,
        Injection("message", Service.DYNAMODB, Kind.KILLED): 2,
        Injection("deliver", Service.DYNAMODB, Kind.KILLED): 1,
    }
)


def make_outcome(injected: Counter[Injection], *, passed: bool = True) -> Outcome:
    return Outcome({**make_result(), "passed": passed}, injected, passed=100)


def test_faults_are_counted_by_service_and_kills_by_function() -> None:
    injected = ALL + Counter({Injection("deliver", Service.SQS, Kind.SLOW): 5})
    outcome = make_outcome(injected)
    assert outcome.count(Service.SQS, Kind.SLOW) == 7
    assert outcome.count_kills() == {"message": 3, "deliver": 1}
    assert outcome.list_missing() == []


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (Injection("message", Service.CONNECTIONS, Kind.GONE), "@connections connection gone (410)"),
        (Injection("message", Service.SQS, Kind.THROTTLED), "SQS throttled"),
        (Injection("deliver", Service.DYNAMODB, Kind.KILLED), "deliver killed"),
    ],
)
def test_what_was_never_injected_is_named(left_out: Injection, missing: str) -> None:
    injected = Counter({each: times for each, times in ALL.items() if each != left_out})
    assert make_outcome(injected).list_missing() == [missing]


def test_one_room_is_pushed_to_at_once_and_one_by_the_queue() -> None:
    plan = make_plan(seconds=5, seed=3)
    assert sorted(len(members) for members in plan.list_members().values()) == [4, 5]
    assert plan.cuts_per_second > 0


class FakeLocal:
    """Starts nothing."""

    def __init__(self, directory: Path, progress: object) -> None:
        assert directory.is_absolute()

    def __enter__(self) -> FakeLocal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop nothing."""


def run(monkeypatch: pytest.MonkeyPatch, outcome: Outcome, *arguments: str) -> tuple[Result, list[Plan]]:
    plans = []

    async def experiment(local: object, plan: Plan, dealer: Dealer, *, follow: object) -> Outcome:
        plans.append(plan)
        return outcome

    monkeypatch.setattr(chaos.__main__, "experiment", experiment)
    monkeypatch.setattr(chaos.__main__, "LocalAws", FakeLocal)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return CliRunner().invoke(cast("Any", chaos.__main__.main), arguments), plans


def test_a_clean_run_passes_and_tells_what_was_injected(monkeypatch: pytest.MonkeyPatch) -> None:
    result, (plan,) = run(monkeypatch, make_outcome(ALL), "--seconds", "7", "--seed", "3", "--rate", "2")
    assert (result.exit_code, plan.duration_s, plan.seed, plan.rate) == (0, 7, 3, 2)
    assert "Killed: message 3, deliver 1" in result.output
    assert "lost 0, duplicated 0, out of order 0" in result.output
    assert "Never injected" not in result.output


def test_a_run_with_a_fault_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = run(monkeypatch, make_outcome(ALL, passed=False))
    assert (result.exit_code, "FAILED" in result.output) == (1, True)


def test_what_the_run_says_nothing_about_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = run(monkeypatch, make_outcome(Counter()))
    assert "Never injected, so nothing is proved about it: SQS slow" in result.output
    assert "Killed: none" in result.output


def test_what_can_not_be_run_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result, plans = run(monkeypatch, make_outcome(ALL), "--rate", "1000")
    assert (result.exit_code, plans) == (1, [])
    assert "at least 100 clients" in result.output
    assert run(monkeypatch, make_outcome(ALL), "--every", "5")[0].exit_code == 2
