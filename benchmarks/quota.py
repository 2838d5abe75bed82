"""A limit on a process's CPU, which stands in for a memory size: Lambda gives a function 1 CPU for 1,769 MB."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

FULL_CPU_MB = 1769
_PERIOD_US = 20_000
_V2, _V1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")


class Quota(Protocol):
    """A limit that processes can be put under.

    Attributes:
        kind: how it works, for the reader of a result.
    """

    kind: str

    def add(self, pid: int) -> None:
        """Put a process under it, until it ends."""


class _ControlGroup:
    def __init__(self, directory: Path, version: int) -> None:
        self._directory = directory
        self.kind = f"control group, version {version}"

    def add(self, pid: int) -> None:
        (self._directory / "cgroup.procs").write_text(str(pid))


class _DutyCycle:
    """Stops a process for a part of each period; less fair than the kernel, as a process that waits is stopped too."""

    kind = "stopped and continued by turns, as no control group can be made here"

    def __init__(self, share: float) -> None:
        self._share = share

    def add(self, pid: int) -> None:
        threading.Thread(target=self._cycle, args=(pid,), daemon=True).start()

    def _cycle(self, pid: int) -> None:
        period_s = _PERIOD_US / 1e6
        with suppress(ProcessLookupError):
            while True:
                os.kill(pid, signal.SIGCONT)
                time.sleep(period_s * self._share)
                os.kill(pid, signal.SIGSTOP)
                time.sleep(period_s * (1 - self._share))


@contextmanager
def limit_cpu(memory_mb: int) -> Iterator[Quota]:
    """Make a quota of what a function of this memory size gets."""
    share = memory_mb / FULL_CPU_MB
    directory = _make_group(_V2, {"cpu.max": f"{round(share * _PERIOD_US)} {_PERIOD_US}"})
    version = 2
    if not directory:
        version = 1
        limits = {"cpu.cfs_period_us": str(_PERIOD_US), "cpu.cfs_quota_us": str(round(share * _PERIOD_US))}
        directory = _make_group(_V1, limits)
    if not directory:
        yield _DutyCycle(share)
        return
    try:
        yield _ControlGroup(directory, version)
    finally:
        directory.rmdir()


def _make_group(parent: Path, limits: dict[str, str]) -> Path | None:
    directory = parent / f"chat-stack-benchmark-{os.getpid()}"
    try:
        directory.mkdir()
    except OSError:
        return None
    try:
        for name, value in limits.items():
            # Without its controller, the directory has no such file.
            with (directory / name).open("r+") as file:
                file.write(value)
    except OSError:
        directory.rmdir()
        return None
    return directory
