"""Who is measured: how each is set up, with pinned versions, and started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.clients.workload import Workload
from benchmarks.loopback import CACHE, ROOT, make_environment, pin
from benchmarks.programs import Run, run_program
from benchmarks.quota import Quota
from benchmarks.results import tell

AIOBOTOCORE = Path(__file__).parent / "aiobotocore.txt"
NODE = Path(__file__).parent / "node"
OURS, RAW = "ours", "raw sockets"
SEQUENTIAL, BOTO3_THREADS = "boto3, sequential", "boto3, 50 threads"
# How long one peer may take for one scenario.
_TIMEOUT_S = 1200


class UnavailablePeerError(Exception):
    """A peer can't be set up here."""


class Peer(NamedTuple):
    """A program to measure, and how many posts it has under way at a time."""

    name: str
    concurrency: int
    set_up: Callable[[], Sequence[str]]


def measure_peer(peer: Peer, url: str, *, posts: int, is_cold: bool, quota: Quota | None) -> Run:
    """Run a peer once, in a process of its own.

    Raises:
        UnavailablePeerError: it can't be set up, or it failed.
    """
    workload = Workload(url, posts, is_cold, peer.concurrency)
    command = [*peer.set_up(), json.dumps(workload._asdict())]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, env=make_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        pin(process.pid, last=False)
        if quota:
            quota.add(process.pid)
        try:
            output, errors = process.communicate(timeout=_TIMEOUT_S)
        finally:
            process.kill()
    if process.returncode:
        raise UnavailablePeerError(f"it failed: {errors.strip().splitlines()[-1:]}")
    return Run(**json.loads(output))


def _run_module(name: str, *, needs: str = "", python: str = sys.executable) -> Sequence[str]:
    if needs and not find_spec(needs):
        raise UnavailablePeerError(f"{needs} is not installed in this Python")
    return [python, "-m", f"benchmarks.clients.{name}"]


def _set_up_aiobotocore() -> Sequence[str]:
    directory = CACHE / "aiobotocore"
    python = directory / "bin" / "python"
    with _set_up_once(directory, AIOBOTOCORE) as is_new:
        if is_new:
            _install(sys.executable, "-m", "venv", "--clear", str(directory))
            _install(str(python), "-m", "pip", "install", "--quiet", "--requirement", str(AIOBOTOCORE))
    return _run_module("aiobotocore_posts", python=str(python))


def _set_up_node() -> Sequence[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise UnavailablePeerError("Node.js and npm are not installed")
    directory = CACHE / "node"
    with _set_up_once(directory, NODE / "package-lock.json") as is_new:
        if is_new:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(NODE / name, directory)
            _install(npm, "ci", "--silent", "--no-audit", "--no-fund", directory=directory)
    # Node.js finds packages from where a program is.
    shutil.copy(NODE / "posts.mjs", directory)
    return [node, str(directory / "posts.mjs")]


@contextmanager
def _set_up_once(directory: Path, pinned: Path) -> Iterator[bool]:
    """Yield whether to fill a directory: it is not filled yet, or with other versions than those in the file."""
    filled = directory / ".installed"
    is_new = not filled.exists() or filled.read_bytes() != pinned.read_bytes()
    if is_new:
        tell(f"setting up {directory.relative_to(ROOT)}")
        directory.mkdir(parents=True, exist_ok=True)
    yield is_new
    shutil.copy(pinned, filled)


def _install(*command: str, directory: Path = ROOT) -> None:
    try:
        run_program(command, os.environ, directory)
    except RuntimeError as error:
        raise UnavailablePeerError(f"{error}") from error


PEERS = [
    Peer(OURS, 50, lambda: _run_module("ours")),
    Peer(SEQUENTIAL, 1, lambda: _run_module("boto3_posts", needs="boto3")),
    Peer(BOTO3_THREADS, 50, lambda: _run_module("boto3_posts", needs="boto3")),
    Peer("aiobotocore", 50, _set_up_aiobotocore),
    Peer("Node SDK, Promise.all", 50, _set_up_node),
    Peer(RAW, 50, lambda: _run_module("raw")),
]
