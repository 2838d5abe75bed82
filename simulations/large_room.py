"""The command line: `python -m simulations.large_room`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import MISSING, asdict, fields
from pathlib import Path

from simulations.reports import Results, draw_charts, write_table
from simulations.results import Result, simulate
from simulations.runs import SETS, run_sets
from simulations.settings import Settings

BENCHMARKS = Path(__file__).parents[1] / "docs" / "benchmarks"
STORED = "scaling-large-room.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, or show what was simulated.

    Returns:
        The exit status: 0, or 1 where there is nothing to show.
    """
    options = _parse(arguments)
    if options.members is not None:
        settings = Settings(**{field.name: getattr(options, field.name) for field in fields(Settings)})
        sys.stdout.write(write_table([simulate(settings)]) + "\n")
        return 0
    stored = options.output / STORED
    if options.show:
        if not stored.is_file():
            sys.stderr.write(f"{stored} is missing; run this without --show first\n")
            return 1
        sys.stdout.write(write_table(read_results(stored)[options.show]) + "\n")
        return 0
    results = _run_all()
    store_results(results, options.output)
    for name, runs in results.items():
        sys.stdout.write(f"{name}\n\n{write_table(runs)}\n\n")
    return 0


def store_results(results: Results, directory: Path) -> None:
    """Write results as JSON, one line for each run, and their charts."""
    sets = []
    for name, runs in results.items():
        lines = ",\n".join(f"    {json.dumps(asdict(run))}" for run in runs)
        sets.append(f'  "{name}": [\n{lines}\n  ]')
    directory.mkdir(parents=True, exist_ok=True)
    (directory / STORED).write_text("{\n" + ",\n".join(sets) + "\n}\n")
    for name, chart in draw_charts(results).items():
        (directory / name).write_text(chart)


def read_results(path: Path) -> dict[str, list[Result]]:
    """Read what `store_results` wrote."""
    return {name: [Result(**run) for run in runs] for name, runs in json.loads(path.read_text()).items()}


def _run_all() -> dict[str, list[Result]]:
    results: dict[str, list[Result]] = {name: [] for name in SETS}
    total = sum(map(len, SETS.values()))
    started_s = time.monotonic()
    for done, (name, result) in enumerate(run_sets(SETS), 1):
        results[name].append(result)
        passed_s = time.monotonic() - started_s
        room = f"{result.members:,} members, {result.messages_per_s:g} messages/s"
        sys.stderr.write(f"{passed_s:5.1f} s  {done}/{total}  {name}: {room}, {result.posts:,} posts\n")
    return results


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulations.large_room",
        description="Simulate the fan-out to a room: all runs of docs/scaling.md, in a minute, or one of your own.",
    )
    parser.add_argument("--output", type=Path, default=BENCHMARKS, help="where all runs go (default: docs/benchmarks)")
    parser.add_argument("--show", choices=[*SETS], help="print what was simulated last, and simulate nothing")
    group = parser.add_argument_group("a run of your own; needs --members")
    for field in fields(Settings):
        default = {"members": None, "messages_per_s": 1.0}.get(field.name, field.default)
        kind = int if field.name == "members" else type(default)
        shown = "" if default is None or default is MISSING else f"({default:g})"
        group.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=default, help=shown)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
