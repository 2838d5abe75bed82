"""Number 6, synthesis: `python -m benchmarks.synth [--rounds NUMBER]`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.bars import Bar, draw_bars
from benchmarks.loopback import CACHE, ROOT
from benchmarks.programs import Run, take_median, time_program
from benchmarks.results import DOCS, Goal, Results, tell

# Ours, as a multiple of what an empty app takes.
WANTED_RATIO = 1.5
CDK = ROOT / "node_modules" / ".bin" / "cdk"
_COMMAND = "python -m benchmarks.synth"
_EMPTY, _OURS = "an empty app", "ours"
# What `cdk init app --language python` makes, in one file.
_EMPTY_APP = """\
from aws_cdk import App, Stack

app = App()
Stack(app, "EmptyStack")
app.synth()
"""


def main(arguments: Sequence[str] | None = None) -> Results:
    """Measure, print, and write the results if nothing was left out on purpose."""
    parser = argparse.ArgumentParser(prog=_COMMAND, description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is synthesised; they take turns")
    parser.add_argument("--no-validation", action="store_true", help="leave out the CDK's own, and write nothing")
    chosen = parser.parse_args(arguments)
    results = Results(f"Synthesis: the median of {chosen.rounds} runs of `cdk synth`", _COMMAND)
    _add_rows(results, _measure(chosen.rounds, ["--no-validation"] if chosen.no_validation else []))
    results.notes += [
        "`CPU` and `time` are in seconds, of the whole command: the CLI, Python, and the Node.js process that has the",
        "CDK's own code. The empty app has one stack with nothing in it, and the same settings in cdk.json. Both are",
        "validated, which is most of what the empty one takes, and both find their Python code compiled.",
    ]
    results.print()
    if not chosen.no_validation:
        results.write("synth-results.json")
        bars = [Bar(row["of"], row["time"], row["of"] == _OURS) for row in results.rows]
        (DOCS / "synth-time.svg").write_text(draw_bars("`cdk synth` of the app, and of an empty one", "seconds", bars))
    return results


def _measure(rounds: int, options: Sequence[str]) -> dict[str, Run]:
    environment = _make_environment()
    with tempfile.TemporaryDirectory() as temporary:
        empty = Path(temporary) / "empty"
        empty.mkdir()
        (empty / "app.py").write_text(_EMPTY_APP)
        (empty / "cdk.json").write_text((ROOT / "cdk.json").read_text())
        directories = {_EMPTY: empty, _OURS: ROOT}
        runs: dict[str, list[Run]] = {name: [] for name in directories}
        for number in range(rounds + 1):
            tell(f"synthesis: round {number} of {rounds}")
            for name, directory in directories.items():
                output = str(Path(temporary) / f"{directory.name}.out")
                command = [str(CDK), "synth", "--quiet", "--no-notices", "--output", output, *options]
                run = time_program(command, environment, directory)
                # The first round compiles Python code, and unpacks what the CDK keeps for the next.
                if number:
                    runs[name].append(run)
    return {name: take_median(taken) for name, taken in runs.items()}


def _make_environment() -> dict[str, str]:
    """Return the variables of a shell in which the virtual environment is active; nothing asks the Internet."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_", "PYTHON"))}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPYCACHEPREFIX": str(CACHE / "compiled"),
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }


def _add_rows(results: Results, medians: Mapping[str, Run]) -> None:
    empty, ours = medians[_EMPTY], medians[_OURS]
    for name, run in medians.items():
        multiples = {"x CPU": run.cpu_s / empty.cpu_s, "x time": run.wall_s / empty.wall_s}
        results.rows.append({"of": name, "CPU": run.cpu_s, "time": run.wall_s, **multiples, "command": _COMMAND})
    name = "time of `cdk synth`, as a multiple of an empty app's"
    results.goals.append(Goal(name, ours.wall_s / empty.wall_s, WANTED_RATIO, is_ceiling=True))


if __name__ == "__main__":
    main()
