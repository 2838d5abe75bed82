"""One function's container, as Lambda runs it: `python -m benchmarks.clients.invocations FUNCTION`.

Reads an event from each line, invokes the handler, and prints what that took and what the function's log line says.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

_REMAINING_MS = 600_000


class Context:
    """What a handler uses of Lambda's context."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

    def get_remaining_time_in_millis(self) -> int:
        """Return more than a run takes: what is measured is work, and no timeout."""
        return _REMAINING_MS


def _invoke(handler: Any, event: Any) -> dict[str, Any]:
    printed = io.StringIO()
    with redirect_stdout(printed):
        started_s, started_cpu_s = time.perf_counter(), time.process_time()
        handler(event, Context())
        wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    return {"wall_s": wall_s, "cpu_s": cpu_s, "peak_kb": _read_peak_kb(), "line": json.loads(printed.getvalue())}


def _read_peak_kb() -> int:
    """Read the most memory so far. What getrusage tells has begun with that of the process which started this one."""
    _, _, peak = Path("/proc/self/status").read_text().partition("VmHWM:")
    return int(peak.split()[0])


def main() -> None:
    """Invoke the function with each event."""
    handler = importlib.import_module(f"chat.handlers.{sys.argv[1]}").handler
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_invoke(handler, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
