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


def record_output(worker_class: Any, log: Path) -> None:
    """Have each invocation's output, and its traceback, added to a file.

    Args:
        worker_class: MiniStack's `Worker`, whose `invoke` is wrapped.
        log: the file.
    """
    invoke = worker_class.invoke
    lock = threading.Lock()

    def write(*texts: str | None) -> None:
        lines = "".join(f"{text.rstrip()}\n" for text in texts if text)
        with lock, log.open("a") as file:
            file.write(lines)

    def invoke_and_record(worker: Any, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            result: dict[str, Any] = invoke(worker, *args, **options)
        except Exception as error:
            # The function could not even be imported.
            write(f"{worker.func_name}: {error}")
            raise
        failure = result.get("trace") or result.get("error")
        write(result.get("log"), failure and f"{worker.func_name}: {failure}")
        return result

    worker_class.invoke = invoke_and_record


def main(functions_log: str) -> None:
    """Serve until the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    record_output(Worker, Path(functions_log))
    # MiniStack would take them for its own.
    sys.argv[1:] = []
    serve()


def _end_with_parent() -> None:
    """Wait until the parent's end of the pipe is closed, then end this process and all functions."""
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])
