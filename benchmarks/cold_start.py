"""Number 2, cold starts: `python -m benchmarks.cold_start [--rounds NUMBER]`."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.bars import Bar, draw_bars
from benchmarks.loopback import AMAZON_AUTHORITIES, ROOT, make_environment, run_server
from benchmarks.programs import Run, run_program, take_median, time_program
from benchmarks.results import DOCS, Goal, Results, tell
from benchmarks.server import Settings
from tests.unit.handlers.environment import ENVIRONMENT

# Ours, as a part of what a boto3 client takes.
WANTED_PART = 0.3
_NAMES = {"nothing": "interpreter alone", "ours": "ours", "client": "boto3 client", "resource": "boto3 resource"}
_COMMAND = "python -m benchmarks.cold_start"


def main(arguments: Sequence[str] | None = None) -> Results:
    """Measure, print, and write the results if nothing was left out on purpose."""
    handlers = sorted(path.stem for path in (ROOT / "lambda" / "chat" / "handlers").glob("[a-z]*.py"))
    handlers.remove("container")
    parser = argparse.ArgumentParser(prog=_COMMAND, description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each is started; they take turns")
    parser.add_argument("--handler", choices=handlers, action="append", help="whose import is timed; default: all")
    chosen = parser.parse_args(arguments)
    rounds = chosen.rounds
    results = Results(f"Cold starts: the median of {rounds} fresh interpreters", _COMMAND)
    _measure_first_reply(results, rounds)
    _measure_imports(results, rounds, chosen.handler or handlers)
    results.notes += [
        "`CPU` and `time` are in milliseconds. The server answers at once. Its certificate stands with those that each",
        "client reads: boto3's bundle has all authorities of the web, our functions trust Amazon's five first. Without",
        ".pyc is a function from a zip that nobody has compiled; the standard library has its own. A function of",
        "512 MB has 0.29 of a processor, and takes that much longer.",
    ]
    results.print()
    if not chosen.handler:
        results.write("cold-start-results.json")
        _draw(results)
    return results


def _draw(results: Results) -> None:
    shown = [row for row in results.rows if row["what"] == "first reply"]
    bars = [Bar(row["of"], row["CPU"], row["of"] == "ours") for row in shown]
    title = "From a fresh interpreter to DynamoDB's first reply"
    (DOCS / "cold-start-first-reply.svg").write_text(draw_bars(title, "milliseconds of CPU, over TLS", bars))


def _measure_first_reply(results: Results, rounds: int) -> None:
    names = [name for name in _NAMES if name in ("nothing", "ours") or find_spec("boto3")]
    if len(names) < len(_NAMES):
        results.notes.append("boto3 is left out: it is not installed in this Python.")
    environment = make_environment()
    # What a virtual environment does to an interpreter as it starts is no part of Lambda.
    environment["PYTHONPATH"] += os.pathsep + sysconfig.get_path("purelib")
    script = str(ROOT / "benchmarks" / "clients" / "first_reply.py")
    taken: dict[str, list[Run]] = {name: [] for name in names}
    with run_server(Settings(), is_tls=True) as url:
        for number in range(rounds + 1):
            tell(f"first reply: round {number} of {rounds}")
            for name in names:
                command = [sys.executable, "-S", script, name, url]
                trusted = {"SSL_CERT_FILE": str(AMAZON_AUTHORITIES)} if name == "ours" else {}
                run = time_program(command, {**environment, **trusted}, Path("/"))
                # The first round fills the disk's cache, and writes .pyc files.
                if number:
                    taken[name].append(run)
    medians = {_NAMES[name]: take_median(runs) for name, runs in taken.items()}
    _add_rows(results, "first reply", medians, medians.get("boto3 client"))
    if "boto3 client" in medians:
        for unit, ours, theirs in zip(("time", "CPU"), medians["ours"], medians["boto3 client"], strict=True):
            name = f"{unit} to the first reply, as a part of a boto3 client's"
            results.goals.append(Goal(name, ours / theirs, WANTED_PART, is_ceiling=True))


def _measure_imports(results: Results, rounds: int, handlers: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        for kind in ("with .pyc", "without .pyc"):
            source = Path(temporary) / kind
            shutil.copytree(ROOT / "lambda", source, ignore=shutil.ignore_patterns("__pycache__"))
            if kind == "with .pyc":
                compileall.compile_dir(source, quiet=1)
            search = f"{source}{os.pathsep}{ROOT}"
            environment = make_environment({**ENVIRONMENT, "PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"})
            tell(f"imports {kind}")
            medians = {name: take_median(_time_imports(name, environment, rounds)) for name in handlers}
            _add_rows(results, f"import {kind}", medians, None)


def _time_imports(name: str, environment: Mapping[str, str], rounds: int) -> list[Run]:
    command = [sys.executable, "-m", "benchmarks.clients.handler_import", f"chat.handlers.{name}"]
    outputs = [run_program(command, environment, Path("/")) for _ in range(rounds + 1)]
    return [Run(**json.loads(output)) for output in outputs[1:]]


def _add_rows(results: Results, what: str, medians: Mapping[str, Run], whole: Run | None) -> None:
    for name, run in medians.items():
        row = {"what": what, "of": name, "CPU": run.cpu_s * 1e3, "time": run.wall_s * 1e3}
        parts = {
            "x CPU": run.cpu_s / whole.cpu_s if whole else None,
            "x time": run.wall_s / whole.wall_s if whole else None,
        }
        results.rows.append({**row, **parts, "command": _COMMAND})


if __name__ == "__main__":
    main()
