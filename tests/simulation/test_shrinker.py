"""The shrinker, on failures whose causes are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from tests.simulation.chance import Fault
from tests.simulation.shrinker import shrink

FAULTS = [Fault("ada", "crash", number) for number in range(40)]


@pytest.mark.parametrize("causes", [[0], [39], [3, 31], [7, 8, 9], [0, 13, 26, 39]])
def test_what_does_not_matter_is_left_out(causes: Collection[int]) -> None:
    def fails(faults: Sequence[Fault]) -> bool:
        return set(causes) <= {fault.number for fault in faults}

    assert [fault.number for fault in shrink(FAULTS, fails)] == sorted(causes)


def test_a_failure_that_takes_no_fault_has_none() -> None:
    assert shrink(FAULTS, lambda faults: True) == []


def test_no_more_runs_are_spent_than_allowed() -> None:
    spent = 0

    def fails(faults: Sequence[Fault]) -> bool:
        nonlocal spent
        spent += 1
        return len(faults) == len(FAULTS)

    assert shrink(FAULTS, fails, runs=10) == FAULTS
    assert spent <= 10
