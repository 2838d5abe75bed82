"""The runs of the page: rooms of all sizes, how many functions to have, and what longer frames would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from simulations.results import Result, simulate
from simulations.settings import Settings

Sets = Mapping[str, Sequence[Settings]]

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
RATES = (0.1, 1.0, 10.0)
# How many, and the posts a second that they share.
_FUNCTIONS = (
    *((functions, 8_000.0) for functions in (1, 2, 4, 8, 16)),
    (5, 10_000.0),
    *((functions, 0.0) for functions in (1, 2, 4, 8, 16)),
)


def _cut(members: int) -> int:
    """Return `max_shards` for a room: its default, or what a million need to be posted to before a function ends."""
    return 32 if members <= 100_000 else 256


# By the name that the stored results have.
SETS: Sets = {
    "rooms": [Settings(members=size, messages_per_s=rate, shards=_cut(size)) for size in SIZES for rate in RATES],
    "functions": [
        Settings(members=100_000, messages_per_s=0.001, sending_s=1.0, functions=functions, paced_per_s=paced_per_s)
        for functions, paced_per_s in _FUNCTIONS
    ],
    "together": [
        Settings(members=size, messages_per_s=rate, job_messages=10, shards=_cut(size))
        for size, rate in ((100_000, 10.0), (1_000_000, 1.0))
    ],
}


def run_sets(sets: Sets) -> Iterator[tuple[str, Result]]:
    """Run all, as many at a time as there are processors.

    Returns:
        The name of the set and the result of each run, in the order of the sets.
    """
    names = [name for name, settings in sets.items() for _ in settings]
    with ProcessPoolExecutor() as processes:
        results = processes.map(simulate, [each for settings in sets.values() for each in settings])
        yield from zip(names, results, strict=True)
