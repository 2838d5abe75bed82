"""The import of one handler: prints the milliseconds of CPU that it takes."""

from __future__ import annotations

import importlib
import json
import sys
import time

if __name__ == "__main__":
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    importlib.import_module(sys.argv[1])
    taken = {"wall_s": time.perf_counter() - started_s, "cpu_s": time.process_time() - started_cpu_s}
    sys.stdout.write(json.dumps(taken) + "\n")
