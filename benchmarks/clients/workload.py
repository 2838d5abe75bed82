"""What a measured program has to do, and how it tells what that took. Imports next to nothing: it is measured too."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

BODY = (
    b'{"type":"message","room":"lobby","epoch":"0f3a","seq":17,"id":"m-17","from":"ada","text":"' + b"x" * 100 + b'"}'
)


class Workload(NamedTuple):
    """Posts to so many connections, twice: the second time counts.

    Attributes:
        url: the endpoint of the management API.
        posts: each time.
        is_cold: whether the second time begins with a new client, which has no connections.
        concurrency: posts at a time.
    """

    url: str
    posts: int
    is_cold: bool
    concurrency: int

    @property
    def connection_ids(self) -> list[str]:
        """Ids of the shape that API Gateway gives them."""
        return [f"L0SM9{number:06}oAMC=" for number in range(self.posts)]


def read_workload() -> Workload:
    """Read the workload from the command line."""
    return Workload(**json.loads(sys.argv[1]))


@contextmanager
def measure() -> Iterator[None]:
    """Print what a run takes: time, and CPU time of all threads."""
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    yield
    wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    sys.stdout.write(json.dumps({"wall_s": wall_s, "cpu_s": cpu_s}) + "\n")
    sys.stdout.flush()
