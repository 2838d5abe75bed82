"""`python -m tests.simulation`: run many seeds, replay one with a timeline, or visit every state of the model."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import nullcontext

from tests.simulation.bridge import Bridge
from tests.simulation.bugs import BUGS
from tests.simulation.campaign import Setting, run_seed, run_seeds, shrink_failure
from tests.simulation.protocol_model import LARGE, SMALL, explore


def main() -> int:
    """Run what the command line says; return 1 where a promise was broken."""
    options = _read_options()
    if options.states:
        for bounds in (*SMALL, *LARGE):
            print(f"{explore(bounds):>10} states  {bounds}")
        return 0
    setting = Setting(options.rates, options.bug, options.sdk)
    if options.seed is not None:
        return _replay(options.seed, setting, shrinks=not options.all_faults)
    seeds = range(options.first, options.first + options.seeds)
    summary = run_seeds(seeds, setting, jobs=options.jobs, shows_progress=True)
    print(summary.describe())
    if summary.failures:
        seed, _ = min(summary.failures)
        arguments = ' ARGS="--sdk"' if setting.has_sdk else ""
        print(f"\nmake replay SEED={seed}{arguments} shows how it comes to the first of them.")
    return 1 if summary.failures else 0


def _replay(seed: int, setting: Setting, *, shrinks: bool) -> int:
    """Run a seed again, with no more faults than it takes, and print its timeline."""
    with Bridge() if setting.has_sdk else nullcontext() as bridge:
        outcome = run_seed(seed, setting, traces=True, bridge=bridge)
        if outcome.violation and shrinks:
            faults = shrink_failure(outcome, setting, bridge=bridge)
            print(f"{len(faults)} of {len(outcome.faults)} faults are needed:")
            print("".join(f"    {fault}\n" for fault in faults))
            outcome = run_seed(seed, setting, allowed=faults, traces=True, bridge=bridge)
    print("\n".join(outcome.lines))
    if outcome.violation is None:
        print(f"\nNothing broke: {len(outcome.faults)} faults, {outcome.checks.total()} checks.")
        return 0
    print(f"\nBroken at {outcome.violation.time_s:.3f} s: {outcome.violation}")
    return 1


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds to run (default: 200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (default: 0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--rates", type=float, default=1.0, help="faults, in relation to the usual (default: 1)")
    parser.add_argument("--bug", choices=[bug.name for bug in BUGS], metavar="NAME", help="a bug to plant")
    parser.add_argument("--sdk", action="store_true", help="have about half of the devices run the TypeScript SDK")
    parser.add_argument("--seed", type=int, help="replay this one seed with its timeline")
    parser.add_argument("--states", action="store_true", help="visit every state of the append protocol's model")
    parser.add_argument("--all-faults", action="store_true", help="replay without shrinking the faults")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
