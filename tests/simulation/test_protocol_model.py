"""Every state of a few writers and readers of one room."""

from __future__ import annotations

import pytest

from tests.simulation.protocol_model import BUGS, SMALL, Bounds, explore


@pytest.mark.parametrize("bounds", SMALL, ids=str)
def test_no_state_breaks_a_promise(bounds: Bounds) -> None:
    assert explore(bounds) > 1_000


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    with pytest.raises(AssertionError, match=r"a hole|stored twice|acked|shows another log"):
        explore(Bounds(attempts=(2, 2, 2), readers=1, bug=bug))
