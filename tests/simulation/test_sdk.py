"""The TypeScript SDK among the same faults: beside Python clients, in the same worlds."""

from __future__ import annotations

import pytest

from tests.simulation import views
from tests.simulation.bridge import Bridge
from tests.simulation.campaign import Setting, find_failure, run_seed, run_seeds
from tests.simulation.sdk_bugs import SDK_BUGS, SdkBug

_SEEDS = 20
_FOUND_WITHIN = 20
_SETTING = Setting(has_sdk=True)


def test_no_promise_is_broken() -> None:
    summary = run_seeds(range(_SEEDS), _SETTING, jobs=1)
    assert not summary.failures, summary.describe()
    assert {views.SHOWN, views.COMPLETE, views.STANDS, views.ANSWERED} <= set(summary.checks)


@pytest.mark.parametrize("bug", SDK_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: SdkBug) -> None:
    with Bridge((bug.code, bug.planted)) as bridge:
        assert find_failure(_SETTING, range(_FOUND_WITHIN), bug.promises, bridge)


def test_a_seed_is_always_the_same_run() -> None:
    with Bridge() as bridge:
        first, second = (run_seed(5, _SETTING, traces=True, bridge=bridge) for _ in range(2))
    assert first.lines == second.lines
