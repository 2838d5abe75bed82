"""The child process: MiniStack, with what the functions write kept in a file, tied to the life of its parent.

    python -m local_aws.server FUNCTIONS_LOG

MiniStack throws away the output of functions that a WebSocket API calls, and the tracebacks of those that fail.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from ministack.app import main as serve
from ministack.core.lambda_runtime import Worker


class RecordingWorker:
    """Adds to MiniStack's worker: the output of each invocation goes to a file."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._invoke = Worker.invoke

    def install(self) -> None:
        """Put itself in the place of the worker's `invoke`."""
        recorder = self

        def invoke(worker: Worker, *args: Any, **options: Any) -> dict[str, Any]:
            return recorder.invoke(worker, *args, **options)

        Worker.invoke = invoke

    def invoke(self, worker: Worker, *args: Any, **options: Any) -> dict[str, Any]:
        """Invoke the function, and record what it wrote and how it failed."""
        try:
            result: dict[str, Any] = self._invoke(worker, *args, **options)
        except Exception as error:
            self._write(f"{worker.func_name}: {error}")
            raise
        failure = result.get("trace") or result.get("error")
        self._write(result.get("log"), failure and f"{worker.func_name}: {failure}")
        return result

    def _write(self, *texts: str | None) -> None:
        lines = "".join(f"{text.rstrip()}\n" for text in texts if text)
        with self._lock, self._log.open("a") as log:
            log.write(lines)


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe is closed, then end this process and all functions."""
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main(functions_log: str) -> None:
    """Serve until the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    RecordingWorker(Path(functions_log)).install()
    # MiniStack reads options of its own.
    sys.argv[1:] = []
    serve()


if __name__ == "__main__":
    main(sys.argv[1])
