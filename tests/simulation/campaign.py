"""Many runs, in parallel, and what they came to."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.bridge import Bridge
from tests.simulation.bugs import BUGS
from tests.simulation.chance import Fault
from tests.simulation.shrinker import shrink
from tests.simulation.violations import Violation
from tests.simulation.world import Outcome, World

_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[violations]} violations"),
    TimeRemainingColumn(),
)


@dataclass(frozen=True)
class Setting:
    """How to run.

    Attributes:
        rates: how often faults strike, in relation to their usual rates.
        bug: which one is planted; None for none.
        has_sdk: whether about half of the devices run the TypeScript SDK.
    """

    rates: float = 1.0
    bug: str | None = None
    has_sdk: bool = False


@dataclass
class Summary:
    """What many runs came to."""

    schedules: int = 0
    invocations: int = 0
    entries: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, Violation]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add a run."""
        self.schedules += 1
        self.invocations += outcome.invocations
        self.entries += outcome.entries
        self.faults.update(fault.kind for fault in outcome.faults)
        self.checks.update(outcome.checks)
        if outcome.violation:
            self.failures.append((outcome.seed, outcome.violation))

    def describe(self) -> str:
        """Write it out for people."""
        lines = [
            f"{self.schedules} schedules, {self.invocations} invocations, {self.entries} entries",
            f"{self.faults.total()} faults",
            *(f"    {count:>10}  {kind}" for kind, count in self.faults.most_common()),
            f"{self.checks.total()} checks of {len(self.checks)} promises",
            *(f"    {count:>10}  {promise}" for promise, count in self.checks.most_common()),
            f"{len(self.failures)} violations",
            *(f"    seed {seed}: {violation}" for seed, violation in sorted(self.failures)),
        ]
        return "\n".join(lines)


def run_seed(
    seed: int,
    setting: Setting,
    *,
    allowed: Sequence[Fault] | None = None,
    traces: bool = False,
    bridge: Bridge | None = None,
) -> Outcome:
    """Run one seed, with all of its faults or some."""
    bug = next((bug for bug in BUGS if bug.name == setting.bug), None)
    with bug.plant() if bug else nullcontext():
        faults = None if allowed is None else frozenset(allowed)
        return World(seed, allowed=faults, rates=setting.rates, traces=traces, bridge=bridge).run()


def run_seeds(seeds: Sequence[int], setting: Setting, *, jobs: int, shows_progress: bool = False) -> Summary:
    """Run many seeds.

    Args:
        seeds: which.
        setting: how.
        jobs: processes to use.
        shows_progress: whether to say on stderr how far it is.
    """
    summary = Summary()
    console = Console(stderr=True)
    with Progress(*_COLUMNS, console=console, disable=not shows_progress) as progress:
        bar = progress.add_task("schedules", total=len(seeds), violations=0)
        for outcome in _run_all(seeds, setting, jobs):
            summary.add(outcome)
            progress.update(bar, advance=1, violations=len(summary.failures))
            if outcome.violation:
                progress.console.print(f"seed {outcome.seed}: {outcome.violation}", markup=False, soft_wrap=True)
    return summary


def find_failure(
    setting: Setting, seeds: Sequence[int], promises: Sequence[str] = (), bridge: Bridge | None = None
) -> Outcome | None:
    """Find the first seed that breaks one of some promises, or any."""
    for seed in seeds:
        outcome = run_seed(seed, setting, bridge=bridge)
        if outcome.violation and (not promises or outcome.violation.promise in promises):
            return outcome
    return None


def shrink_failure(outcome: Outcome, setting: Setting, *, runs: int = 300, bridge: Bridge | None = None) -> list[Fault]:
    """Find the faults that it takes to break the same promise with the same seed, in so many runs."""
    assert outcome.violation
    promise = outcome.violation.promise

    def fails(faults: Sequence[Fault]) -> bool:
        violation = run_seed(outcome.seed, setting, allowed=faults, bridge=bridge).violation
        return violation is not None and violation.promise == promise

    return shrink(outcome.faults, fails, runs=runs)


def _run_all(seeds: Sequence[int], setting: Setting, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        with Bridge() if setting.has_sdk else nullcontext() as bridge:
            yield from (run_seed(seed, setting, bridge=bridge) for seed in seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _prepare, (setting,)) as pool:
        yield from pool.imap_unordered(_run_one, seeds, chunksize=4)


# What a process of the pool keeps from one seed to the next.
_prepared: list[tuple[Setting, Bridge | None]] = []


def _prepare(setting: Setting) -> None:
    _prepared.append((setting, Bridge() if setting.has_sdk else None))


def _run_one(seed: int) -> Outcome:
    setting, bridge = _prepared[-1]
    return run_seed(seed, setting, bridge=bridge)
