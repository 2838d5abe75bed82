"""Child processes, each the leader of a process group of its own: what it starts ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_TAIL_LINES = 20


class CommandError(Exception):
    """A child process failed; says what it wrote last, and where all of it is."""

    def __init__(self, what: str, log: Path, *, start_bytes: int = 0) -> None:
        """Make the error.

        Args:
            what: what happened, a sentence.
            log: what the process wrote.
            start_bytes: where in the log it began to.
        """
        written = log.read_bytes()[start_bytes:].decode(errors="replace")
        tail = "\n".join(written.splitlines()[-_TAIL_LINES:])
        super().__init__(f"{what}\n\n{tail}\n\nThe full log is {log}")


def start(
    command: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path, is_guarded: bool = False
) -> subprocess.Popen[bytes]:
    """Start a command in the background; what it writes is added to a log.

    Args:
        command: the program and its arguments.
        log: the file that its output and errors go to.
        env: its whole environment.
        cwd: the directory it runs in.
        is_guarded: give it a pipe as its standard input, which ends when this process does, however that dies.
    """
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            command,
            stdin=subprocess.PIPE if is_guarded else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
        )


def run(command: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path) -> None:
    """Run a command to its end.

    Raises:
        CommandError: it ended with another status than 0.
    """
    start_bytes = log.stat().st_size if log.exists() else 0
    process = start(command, log=log, env=env, cwd=cwd)
    try:
        status = process.wait()
    finally:
        stop(process)
    if status != 0:
        raise CommandError(
            f"{Path(command[0]).name} {command[1]} ended with status {status}.", log, start_bytes=start_bytes
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started.

    Nothing is asked to end by itself first: none of them has anything to save, and one that took its time would
    keep a person waiting after Ctrl-C.
    """
    # macOS answers with a PermissionError where only the dead are left in the group.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
