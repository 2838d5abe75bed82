"""Runs of the world: the promises hold, the same seed is the same run, and a failing run shrinks to what matters."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.bugs import BUGS, Bug
from tests.simulation.campaign import Setting, Summary, find_failure, run_seed, run_seeds, shrink_failure
from tests.simulation.chance import RATES

_SEEDS = 300
_FOUND_WITHIN = 60


@pytest.fixture(scope="module")
def summary() -> Summary:
    """What some seeds come to."""
    return run_seeds(range(_SEEDS), Setting(), jobs=1)


def test_no_promise_is_broken(summary: Summary) -> None:
    assert not summary.failures, summary.describe()


def test_every_kind_of_fault_strikes(summary: Summary) -> None:
    assert set(summary.faults) == set(RATES)


def test_every_promise_is_looked_at(summary: Summary) -> None:
    promised = {promise for bug in BUGS for promise in bug.promises}
    assert promised <= set(summary.checks)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug) -> None:
    assert find_failure(Setting(bug=bug.name), range(_FOUND_WITHIN), bug.promises)


def test_a_seed_is_always_the_same_run() -> None:
    first, second = (run_seed(7, Setting(), traces=True) for _ in range(2))
    assert first.lines == second.lines


def test_a_seed_is_the_same_run_in_another_process() -> None:
    code = "from tests.simulation.campaign import *; print(*run_seed(7, Setting(), traces=True).lines, sep='\\n')"
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    printed = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert printed.splitlines() == "\n".join(run_seed(7, Setting(), traces=True).lines).splitlines()


def test_without_faults_nothing_strikes() -> None:
    assert run_seed(7, Setting(rates=0)).faults == ()


def test_a_failure_shrinks_to_the_faults_that_matter() -> None:
    bug = next(bug for bug in BUGS if bug.name == "a repeated send is not pushed again")
    setting = Setting(bug=bug.name)
    found = find_failure(setting, range(_FOUND_WITHIN), bug.promises)
    assert found
    faults = shrink_failure(found, setting, runs=40)
    assert 0 < len(faults) < len(found.faults) / 2
    again = run_seed(found.seed, setting, allowed=faults)
    assert again.violation
    assert again.violation.promise in bug.promises
