"""All of them, or those that are named: `python -m benchmarks [NAME...] [--quick]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from shlex import split
from typing import NamedTuple

from benchmarks import append, cold_start, posts, send, synth
from benchmarks.page import write_page
from benchmarks.peers import BOTO3_THREADS, OURS
from benchmarks.results import Results, tell


class Command(NamedTuple):
    """A benchmark, and the arguments with which it takes a moment and writes nothing."""

    main: Callable[[Sequence[str]], Results]
    quick: str


COMMANDS = {
    "posts": Command(
        posts.main, f"--scenario http-0ms --scenario cold --peer {OURS} --peer '{BOTO3_THREADS}' --posts 50 --runs 1"
    ),
    "cold_start": Command(cold_start.main, "--rounds 1 --handler connect"),
    "send": Command(send.main, "--sizes 10 300 --messages 1"),
    "append": Command(append.main, "--writers 1 2 --seconds 0.2"),
    "synth": Command(synth.main, "--rounds 1 --no-validation"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the commands; return the exit code, which says whether every goal was met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(COMMANDS)}; without, all of them")
    parser.add_argument("--quick", action="store_true", help="see whether they run: little of each, judged by nobody")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - COMMANDS.keys():
        parser.error(f"there is no benchmark {' or '.join(sorted(unknown))}, only {', '.join(COMMANDS)}")
    names = [name for name in COMMANDS if not chosen.names or name in chosen.names]
    missed = 0
    for number, name in enumerate(names, 1):
        tell(f"benchmark {number} of {len(names)}: {name}")
        command = COMMANDS[name]
        results = command.main(split(command.quick) if chosen.quick else [])
        missed += sum(not goal.is_met for goal in results.goals)
    if chosen.quick:
        return 0
    page = write_page()
    tell(f"{missed} goals missed; {page} has the results")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
