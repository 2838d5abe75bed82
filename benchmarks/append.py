"""Number 4, many writers to one room at once: `python -m benchmarks.append [--writers NUMBER...] [--seconds S]`."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.aws import ROOMS, Settings, run_aws
from benchmarks.bars import Bar, draw_bars
from benchmarks.loopback import make_environment, pin
from benchmarks.results import DOCS, Goal, Results, tell
from chat.aws.client import AwsClient
from chat.aws.deadline import Deadline
from chat.aws.log import DynamoLog
from chat.aws.surroundings import SystemSurroundings
from chat.aws.table import Table
from chat.domain.append import Draft, append
from chat.domain.chat import Chat, Tally
from chat.domain.model import Message, User
from chat.protocol.errors import RoomBusyError
from tests.fakes.ports import FakeWorld

WRITERS = (1, 10, 50)
_COMMAND = "python -m benchmarks.append"
_ROOM = "room"
# Appends a second of many writers, as a part of what one alone makes; and writes for each append.
_WANTED_PART = 0.5
_WANTED_WRITES = 8


@dataclass(slots=True)
class Contest:
    """What writers to one room did.

    Attributes:
        newest: the highest number so far, which everybody in the room has been told.
        seqs: of all that was appended.
        busy: sends that were refused as `room.busy`, each of which was sent again.
        took_s: from a send to its append, the refused ones in between.
        tally: counts appends and conflicts.
    """

    newest: int = 0
    seqs: list[int] = field(default_factory=list)
    busy: int = 0
    took_s: list[float] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def main(arguments: Sequence[str] | None = None) -> Results:
    """Measure, print, and write the results if nothing was left out on purpose."""
    parser = argparse.ArgumentParser(prog=_COMMAND, description=__doc__)
    parser.add_argument("--writers", type=int, nargs="+", default=WRITERS, help="at a time")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each number of them")
    parser.add_argument("--call-ms", type=float, default=5.0, help="until DynamoDB replies")
    chosen = parser.parse_args(arguments)
    title = f"Appends to one room, {chosen.seconds:g} s for each number of writers, DynamoDB at {chosen.call_ms:g} ms"
    results = Results(title, _COMMAND)
    pin(0, last=False)
    for writers in chosen.writers:
        tell(f"{writers} writers")
        with run_aws(Settings(call_s=chosen.call_ms / 1e3)) as url:
            results.rows.append(asyncio.run(_measure(url, writers, chosen.seconds)))
    _judge(results)
    results.notes += [
        "Each writer sends its next message as soon as the last one is stored: 50 of them are 50 people who",
        "never stop. A lost race costs a write that is refused, which DynamoDB charges for, and a read. `busy`",
        "is how many sends lost 12 races, were refused as `room.busy`, and were sent again with the same id.",
        "The numbers given are checked to be dense, each given once.",
    ]
    results.print()
    if tuple(chosen.writers) == WRITERS:
        results.write("append-results.json")
        bars = [Bar(f"{row['writers']} writers", row["appends/s"], is_ours=True) for row in results.rows]
        (DOCS / "append-rate.svg").write_text(draw_bars("Appends to one room", "a second", bars))
    return results


async def _measure(url: str, writers: int, seconds: float) -> dict[str, Any]:
    client = AwsClient.from_environment("dynamodb", {**make_environment(), "AWS_ENDPOINT_URL_DYNAMODB": url})
    deadline = Deadline()
    deadline.start(10 * seconds + 60)
    log = DynamoLog(Table(client, ROOMS, deadline))
    chat = FakeWorld().chat._replace(log=log, surroundings=SystemSurroundings())
    # The first entry of a room, and the connections, are not measured.
    warm = Contest()
    await asyncio.gather(*(_write(chat, warm, f"warm{number}", 0.0) for number in range(writers)))
    contest = Contest(newest=warm.newest)
    client.calls.clear()
    started_s, started_cpu_s = time.perf_counter(), time.process_time()
    ends_s = started_s + seconds
    await asyncio.gather(*(_write(chat, contest, f"user{number}", ends_s) for number in range(writers)))
    wall_s, cpu_s = time.perf_counter() - started_s, time.process_time() - started_cpu_s
    calls = client.calls.copy()
    await client.close()
    _check_log(warm.newest, contest.seqs)
    appends = contest.tally.messages
    took_s = sorted(contest.took_s)
    return {
        "writers": writers,
        "appends/s": appends / wall_s,
        "conflicts/s": contest.tally.conflicts / wall_s,
        "writes an append": calls["PutItem"] / appends,
        "reads an append": calls["Query"] / appends,
        "wasted writes": 1 - appends / calls["PutItem"],
        "busy": contest.busy,
        "median, ms": median(took_s) * 1e3,
        "99 %, ms": took_s[int(len(took_s) * 0.99)] * 1e3,
        "slowest, ms": took_s[-1] * 1e3,
        "CPU used": cpu_s / wall_s,
        "command": _COMMAND,
    }


async def _write(chat: Chat, contest: Contest, name: str, ends_s: float) -> None:
    """Send one message after the other, at least one, as a client does: with the number that it knows."""
    user, number = User(name, name), 0
    while number == 0 or time.perf_counter() < ends_s:
        draft = Draft(_ROOM, user, f"m{number}", Message("x" * 30))
        after, started_s = contest.newest, time.perf_counter()
        seq = None
        while seq is None:
            try:
                seq = (await append(chat, draft, after, contest.tally)).seq
            except RoomBusyError:
                contest.busy += 1
        contest.took_s.append(time.perf_counter() - started_s)
        contest.seqs.append(seq)
        contest.newest = max(contest.newest, seq)
        number += 1


def _check_log(before: int, seqs: Sequence[int]) -> None:
    if sorted(seqs) != list(range(before + 1, before + 1 + len(seqs))):
        raise RuntimeError(f"the {len(seqs):,} numbers given after {before} are not dense, each given once")


def _judge(results: Results) -> None:
    alone = next((row for row in results.rows if row["writers"] == 1), None)
    for row in results.rows:
        if alone and row is not alone:
            part = row["appends/s"] / alone["appends/s"]
            results.goals.append(
                Goal(f"{row['writers']} writers: appends a second, times those of one", part, _WANTED_PART)
            )
        name = f"{row['writers']} writers: writes for each append"
        results.goals.append(Goal(name, row["writes an append"], _WANTED_WRITES, is_ceiling=True))


if __name__ == "__main__":
    main()
