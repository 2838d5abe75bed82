"""From a failing run with hundreds of faults to one with the few that matter.

Delta debugging: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on
Software Engineering 28(2), 2002.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.simulation.chance import Fault


def shrink(faults: Sequence[Fault], fails: Callable[[Sequence[Fault]], bool], *, runs: int = 300) -> list[Fault]:
    """Leave out faults for as long as the run still fails.

    Args:
        faults: those of the failing run.
        fails: runs it with some of them alone, and says whether it still fails.
        runs: most runs to spend.

    Returns:
        Faults none of which can be left out, unless the runs were spent before that was known.
    """
    left = runs

    def still_fails(some: list[Fault]) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(some)

    kept = list(faults)
    if not kept or still_fails([]):
        return []
    # Most kinds have nothing to do with it.
    for kind in dict.fromkeys(fault.kind for fault in faults):
        rest = [fault for fault in kept if fault.kind != kind]
        if rest and still_fails(rest):
            kept = rest
    parts = 2
    while len(kept) > 1 and left > 0:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            rest = kept[:start] + kept[start + size :]
            if still_fails(rest):
                kept, parts = rest, max(2, parts - 1)
                break
        else:
            if parts >= len(kept):
                break
            parts = min(len(kept), 2 * parts)
    return kept
