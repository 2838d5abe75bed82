"""Number 3, one send from end to end in the handlers: `python -m benchmarks.send [--sizes NUMBER...]`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import log
from statistics import fmean, median
from typing import Any, NamedTuple

from benchmarks.aws import CONNECTIONS, QUEUE_PATH, ROOMS, Settings, name_member, name_room, run_aws, take_state
from benchmarks.bars import Bar, draw_bars
from benchmarks.loopback import ROOT, make_environment, pin
from benchmarks.results import DOCS, Goal, Results, tell
from chat.domain.delivery import SHARD_MOST
from tests.unit.handlers.environment import ENVIRONMENT
from tests.unit.handlers.events import message_event

SIZES = (10, 100, 1_000, 10_000, 100_000)
_SHARDS_MOST = int(ENVIRONMENT["MAX_SHARDS"])
# A container has been in use: its connections are open, its code has run. What follows is measured.
_WARM_SIZE = 10
_COMMAND = "python -m benchmarks.send"
_WANTED_EXPONENT = 1.05
_WANTED_CUT_MB, _WANTED_UNCUT_MB = 16, 64
# The same calls, and one more for every ten jobs.
_WANTED_QUEUED_RATIO = 2
_WANTED_UNREAD = 0.5
_ALL = _INLINE, _QUEUED, _DELIVER, _UNCUT = "message, inline", "message, queued", "deliver", "deliver, 1 shard"


class Invocation(NamedTuple):
    """What one invocation took; `peak_kb` is the most memory of the process so far."""

    wall_s: float
    cpu_s: float
    peak_kb: int
    line: dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> Results:
    """Measure, print, and write the results if nothing was left out on purpose."""
    parser = argparse.ArgumentParser(prog=_COMMAND, description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="of the rooms, in members")
    parser.add_argument("--messages", type=int, default=3, help="to each room")
    parser.add_argument("--call-ms", type=float, default=5.0, help="until DynamoDB and SQS reply")
    parser.add_argument("--post-ms", type=float, default=10.0, help="until @connections replies")
    chosen = parser.parse_args(arguments)
    results = Results(f"One send, from end to end: the median of {chosen.messages} messages to each room", _COMMAND)
    sizes = sorted({_WARM_SIZE, *chosen.sizes})
    shards = {str(size): count_shards(size) for size in sizes}
    with run_aws(Settings(sizes, shards, chosen.call_ms / 1e3, chosen.post_ms / 1e3)) as url:
        environment = make_environment(_make_variables(url))
        for size in sorted(chosen.sizes):
            _measure_room(results, url, environment, size, chosen.messages)
    _judge(results)
    results.notes += [
        f"DynamoDB and SQS reply after {chosen.call_ms:g} ms, @connections after {chosen.post_ms:g} ms, on loopback.",
        "There is no TLS, and the budget of posts never binds; deployed, it allows a function 2,000 a second.",
        "`wall` is that of an invocation; `CPU`, `posts` and `calls` are those of all that one message takes;",
        "`peak` is what they add to the memory of a container that has served a room of 10. `unread` is the",
        "part of the index that was yet to be read as the first post left. `1 shard` is a room that grew while",
        "nobody wrote: its first message finds it uncut.",
    ]
    results.print()
    if tuple(chosen.sizes) == SIZES:
        results.write("send-results.json")
        _draw(results)
    return results


def count_shards(members: int) -> int:
    """Count the shards that a room has once `deliver` has seen all of it: it doubles them while one holds too many."""
    shards = 1
    while members / shards > SHARD_MOST and shards * 2 <= _SHARDS_MOST:
        shards *= 2
    return shards


def fit_exponent(points: Sequence[tuple[float, float]]) -> float:
    """Fit y = c * x ** e by least squares on the logarithms; return e."""
    xs, ys = zip(*((log(x), log(y)) for x, y in points), strict=True)
    mean_x, mean_y = fmean(xs), fmean(ys)
    covariance = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    variance = sum((x - mean_x) ** 2 for x in xs)
    return float(covariance / variance)


def _measure_room(results: Results, url: str, environment: Mapping[str, str], size: int, messages: int) -> None:
    tell(f"{size:,} members: {messages} sends")
    with _run_function("message", environment) as invoke:
        before = invoke(_write_send(_WARM_SIZE, 0))
        # The first one to this room finds no entry, and is not measured.
        invoke(_write_send(size, 0))
        take_state(url)
        sends = [invoke(_write_send(size, number)) for number in range(1, messages + 1)]
        jobs = take_state(url).jobs
    _check_posts(sends[0].line["deliveries"], 0 if jobs else size - 1)
    results.rows.append(_make_row(size, _QUEUED if jobs else _INLINE, before, [[send] for send in sends]))
    if jobs:
        shards = len(jobs) // messages
        by_message = [jobs[first : first + shards] for first in range(0, len(jobs), shards)]
        _measure_delivery(results, url, environment, size, by_message)
        if shards > 1:
            whole = json.dumps({**json.loads(jobs[0]), "shard": 0, "shards": 1})
            # Or the function would cut it.
            _measure_delivery(results, url, {**environment, "MAX_SHARDS": "1"}, size, [[whole]])


def _measure_delivery(
    results: Results, url: str, environment: Mapping[str, str], size: int, by_message: Sequence[Sequence[str]]
) -> None:
    """Measure what the jobs of each message take, each in an invocation of its own, one after the other."""
    shards = len(by_message[0])
    tell(f"{size:,} members: {len(by_message)} deliveries, {shards} shards")
    warm = json.dumps({**json.loads(by_message[0][0]), "room": name_room(_WARM_SIZE), "shard": 0, "shards": 1})
    with _run_function("deliver", environment) as invoke:
        before = invoke(_write_record(warm))
        take_state(url)
        deliveries: list[list[Invocation]] = []
        for jobs in by_message:
            # The largest part of the index that was yet to be read as the first post left, of all shards.
            deliveries.append([])
            unread = 0.0
            for job in jobs:
                deliveries[-1].append(invoke(_write_record(job)))
                state = take_state(url)
                unread = max(unread, 1 - state.pages_before_post / state.pages)
            _check_posts(sum(delivery.line["deliveries"] for delivery in deliveries[-1]), size - 1)
    name = _DELIVER if shards == count_shards(size) else _UNCUT
    results.rows.append({**_make_row(size, name, before, deliveries), "unread": unread})


@contextmanager
def _run_function(name: str, environment: Mapping[str, str]) -> Iterator[Callable[[Mapping[str, Any]], Invocation]]:
    """Run a container on the first processor; yield what invokes it."""
    command = [sys.executable, "-m", "benchmarks.clients.invocations", name]
    with subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as container:
        pin(container.pid, last=False)
        reader, writer = container.stdout, container.stdin
        assert reader
        assert writer

        def invoke(event: Mapping[str, Any]) -> Invocation:
            writer.write(json.dumps(event) + "\n")
            writer.flush()
            return Invocation(**json.loads(reader.readline()))

        try:
            yield invoke
        finally:
            container.kill()


def _make_variables(url: str) -> dict[str, str]:
    services = ("DYNAMODB", "SQS", "APIGATEWAYMANAGEMENTAPI")
    return {
        **ENVIRONMENT,
        **{f"AWS_ENDPOINT_URL_{service}": url for service in services},
        "CONNECTIONS_TABLE": CONNECTIONS,
        "ROOMS_TABLE": ROOMS,
        "DELIVERY_QUEUE_URL": f"{url}{QUEUE_PATH}",
        "POSTS_PER_SECOND": "1000000",
        # The bucket is full again after a millisecond, as for a user who sends now and then.
        "MAX_SENDS_PER_SECOND": "1000",
    }


def _write_send(size: int, number: int) -> Mapping[str, Any]:
    frame = {"action": "send", "room": name_room(size), "id": f"m{number}", "text": "x" * 30, "after": number}
    return message_event(name_member(0), json.dumps(frame), "send")


def _write_record(job: str) -> Mapping[str, Any]:
    return {"Records": [{"messageId": "1", "attributes": {"MessageGroupId": "1"}, "body": job}]}


def _check_posts(posts: int, expected: int) -> None:
    if posts != expected:
        raise RuntimeError(f"{posts:,} members were reached, and {expected:,} are there: the measurement is void")


def _make_row(
    size: int, function: str, before: Invocation, by_message: Sequence[Sequence[Invocation]]
) -> dict[str, Any]:
    """Make a row from the invocations of each message, in one container that had been in use before."""
    calls: Counter[str] = Counter()
    for invocation in by_message[-1]:
        calls.update(invocation.line["aws_calls"])
    posts = calls.pop("POST", 0)
    cpu_s = median(sum(invocation.cpu_s for invocation in invocations) for invocations in by_message)
    return {
        "members": size,
        "function": function,
        "invocations": len(by_message[-1]),
        "wall, ms": median(invocation.wall_s for invocations in by_message for invocation in invocations) * 1e3,
        "CPU, ms": cpu_s * 1e3,
        "CPU us a post": cpu_s / posts * 1e6 if posts else None,
        "peak, MB": (by_message[-1][-1].peak_kb - before.peak_kb) / 1024,
        "posts": posts,
        "batches": calls["SendMessageBatch"],
        "calls": sum(calls.values()),
        "unread": None,
        "of these": ", ".join(f"{call} {number}" for call, number in sorted(calls.items())),
        "command": _COMMAND,
    }


def _judge(results: Results) -> None:
    inline, queued, delivered, uncut = (
        [row for row in results.rows if row["function"] == name] for name in (_INLINE, _QUEUED, _DELIVER, _UNCUT)
    )
    for rows in (inline, delivered):
        for column in ("CPU, ms", "posts", "calls"):
            _judge_growth(results, rows, column)
    if len(queued) > 1:
        first, last = queued[0], queued[-1]
        batches = last["batches"] - first["batches"]
        _add_ceiling(
            results, "queued send: further calls in the largest room", last["calls"] - first["calls"] - batches, 0
        )
        ratio = last["CPU, ms"] / first["CPU, ms"]
        _add_ceiling(
            results, "queued send: CPU in the largest room, times that in the smallest", ratio, _WANTED_QUEUED_RATIO
        )
    for rows, wanted_mb in ((delivered, _WANTED_CUT_MB), (uncut, _WANTED_UNCUT_MB)):
        for row in rows[-1:]:
            name = f"{row['function']}: MB that {row['members']:,} members take"
            _add_ceiling(results, name, row["peak, MB"], wanted_mb)
    for row in uncut[-1:]:
        name = f"{row['function']}: part of the index of {row['members']:,} yet to be read as the first post leaves"
        results.goals.append(Goal(name, row["unread"], _WANTED_UNREAD))


def _judge_growth(results: Results, rows: Sequence[Mapping[str, Any]], column: str) -> None:
    if len(rows) > 1:
        exponent = fit_exponent([(row["members"], row[column]) for row in rows])
        name = f"{rows[0]['function']}: the exponent of the members in {column.removesuffix(', ms')}"
        _add_ceiling(results, name, exponent, _WANTED_EXPONENT)


def _add_ceiling(results: Results, name: str, ratio: float, wanted: float) -> None:
    results.goals.append(Goal(name, ratio, wanted, is_ceiling=True))


def _draw(results: Results) -> None:
    def draw(file_name: str, title: str, column: str, unit: str, functions: Sequence[str]) -> None:
        rows = [row for row in results.rows if row["function"] in functions]
        bars = [Bar(f"{row['members']:,}: {row['function']}", row[column], row["function"] != _UNCUT) for row in rows]
        (DOCS / file_name).write_text(draw_bars(title, unit, bars))

    draw("send-cpu.svg", "One send, by members of the room", "CPU, ms", "milliseconds of CPU, of all invocations", _ALL)
    draw("send-memory.svg", "What a delivery adds to memory", "peak, MB", "MB, by members of the room", _ALL[2:])


if __name__ == "__main__":
    main()
