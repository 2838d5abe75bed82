"""Running programs, and what they take."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

# Longer than anything here takes, on a machine that does other work as well.
_TIMEOUT_S = 300


class Run(NamedTuple):
    """What one run took: time, and CPU time."""

    wall_s: float
    cpu_s: float


def run_program(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> str:
    """Run a program; return what it printed.

    Raises:
        RuntimeError: it failed; the message has what it complained of.
    """
    try:
        return subprocess.run(  # noqa: S603 - our own words
            command, cwd=directory, env=environment, capture_output=True, text=True, check=True, timeout=_TIMEOUT_S
        ).stdout
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{' '.join(command)} failed: {(error.stderr or error.stdout).strip()[-1000:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RuntimeError(f"{' '.join(command)} failed: {error}") from error


def time_program(command: Sequence[str], environment: Mapping[str, str], directory: Path) -> Run:
    """Run a program; return what it and the programs it started took.

    Raises:
        RuntimeError: it failed.
    """
    before, started_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run_program(command, environment, directory)
    wall_s, after = time.perf_counter() - started_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def take_median(runs: Sequence[Run]) -> Run:
    """Return the median of the times, and of the CPU times."""
    return Run(median(run.wall_s for run in runs), median(run.cpu_s for run in runs))
