"""`python -m chat_client` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.unit.chat_client.frames import joined
from tests.unit.chat_client.server import PATIENCE_S, Peer

ROOT = Path(__file__).parents[3]


@contextmanager
def run(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "chat_client", *arguments]
    pipe = subprocess.PIPE
    environment = {"PYTHONPATH": str(ROOT), "USER": "ada", "PYTHONUTF8": "1", "TZ": "UTC", "XDG_STATE_HOME": str(cwd)}
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=cwd, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def write(process: subprocess.Popen[str], text: str, *, end: bool = False) -> None:
    assert process.stdin
    process.stdin.write(text)
    process.stdin.flush()
    if end:
        process.stdin.close()


def read(process: subprocess.Popen[str], status: int) -> str:
    """Wait for the end; take what was shown."""
    assert process.wait(PATIENCE_S) == status
    assert process.stdout
    return process.stdout.read()


def read_until(process: subprocess.Popen[str], text: str) -> None:
    """Wait for a line that has this text."""
    assert process.stdout
    while text not in process.stdout.readline():
        assert process.poll() is None


def enter_room(peer: Peer, *seqs: int) -> None:
    frame = peer.receive()
    assert frame["action"] == "join"
    peer.send(joined(frame["id"], *seqs, room=frame["room"]))
