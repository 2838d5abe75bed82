"""Number 1, posts to @connections: `python -m benchmarks.posts [--scenario NAME] [--peer NAME]`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from benchmarks.bars import Bar, draw_bars
from benchmarks.loopback import keep_awake, make_environment, run_server
from benchmarks.peers import BOTO3_THREADS, OURS, PEERS, RAW, SEQUENTIAL, Peer, UnavailablePeerError, measure_peer
from benchmarks.programs import Run, take_median
from benchmarks.quota import FULL_CPU_MB, limit_cpu
from benchmarks.results import DOCS, Goal, Results, tell
from benchmarks.server import Settings

# The SDK's work for a post, as a multiple of ours; and its time until the last recipient has the message.
WANTED_RATIO = 20
_MEMORY_MB = 512


class Scenario(NamedTuple):
    """What the peers are measured against."""

    name: str
    title: str
    settings: Settings
    is_tls: bool = False
    is_cold: bool = False
    memory_mb: int | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the delay of the replies matters."""
        return not (self.is_cold or self.settings.slow_every or self.memory_mb)


_SLOW = Settings(delay_s=0.01)
SCENARIOS = [
    Scenario("http-0ms", "HTTP, 0 ms", Settings()),
    Scenario("http-10ms", "HTTP, 10 ms", _SLOW),
    Scenario("tls-0ms", "TLS, 0 ms", Settings(), is_tls=True),
    Scenario("tls-10ms", "TLS, 10 ms", _SLOW, is_tls=True),
    Scenario("cold", "TLS, 10 ms, cold connections", _SLOW, is_tls=True, is_cold=True),
    Scenario("stragglers", "TLS, 10 ms, 1 % at 200 ms", Settings(delay_s=0.01, slow_every=100), is_tls=True),
    Scenario("quota", "TLS, 10 ms, CPU of 512 MB", _SLOW, is_tls=True, memory_mb=_MEMORY_MB),
]


def main(arguments: Sequence[str] | None = None) -> Results:
    """Measure, print, and write the results if nothing was left out on purpose."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.posts", description=__doc__)
    parser.add_argument("--scenario", choices=[scenario.name for scenario in SCENARIOS], action="append")
    parser.add_argument("--peer", choices=[peer.name for peer in PEERS], action="append")
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    results = Results(
        f"Posts to @connections: {chosen.posts:,} a run, the median of {chosen.runs} runs", "python -m benchmarks.posts"
    )
    wanted = [peer for peer in PEERS if not chosen.peer or peer.name in chosen.peer]
    peers = [peer for peer in wanted if _is_available(peer, results)]
    for scenario in SCENARIOS:
        if not chosen.scenario or scenario.name in chosen.scenario:
            _measure(scenario, peers, results, posts=chosen.posts, runs=chosen.runs)
    results.notes += [
        "The clients take turns, each in a process of its own, so that whatever else the machine does meets all of",
        "them; each posts everything twice, and the second time counts. It runs on one processor and the server on",
        "another. Where there is no quota, both are kept from sleeping by programs that give way to any other: waking",
        "with cold caches is the machine's. `CPU` is the client's, in microseconds a post; `x` is the client's as a",
        "multiple of ours. `raw sockets` neither sign nor parse: what the server can do.",
        "They, and boto3 without threads, are measured where nothing but the delay of the replies matters.",
    ]
    results.print()
    if not (chosen.scenario or chosen.peer):
        results.write("posts-results.json")
        _draw(results)
    return results


def _is_available(peer: Peer, results: Results) -> bool:
    """Set a peer up, which takes a minute the first time."""
    try:
        peer.set_up()
    except UnavailablePeerError as error:
        results.notes.append(f"{peer.name} is left out: {error}.")
        return False
    return True


def _measure(scenario: Scenario, peers: Sequence[Peer], results: Results, *, posts: int, runs: int) -> None:
    make_environment()
    taken: dict[str, list[Run]] = {}
    with ExitStack() as stack:
        if not scenario.memory_mb:
            # A control group has to share even with those who give way.
            stack.enter_context(keep_awake())
        url = stack.enter_context(run_server(scenario.settings, is_tls=scenario.is_tls)) + "/chat"
        quota = stack.enter_context(limit_cpu(scenario.memory_mb)) if scenario.memory_mb else None
        if quota:
            share = f"{_MEMORY_MB / FULL_CPU_MB:.2f} of a processor"
            results.notes.append(f"{scenario.title}: {share}, by {quota.kind}.")
        taking_part = [peer for peer in peers if scenario.is_plain or peer.name not in (SEQUENTIAL, RAW)]
        for number in range(1, runs + 1):
            for peer in list(taking_part):
                tell(f"{scenario.title}: {peer.name}, run {number} of {runs}")
                try:
                    run = measure_peer(peer, url, posts=posts, is_cold=scenario.is_cold, quota=quota)
                except UnavailablePeerError as error:
                    results.notes.append(f"{scenario.title}: {peer.name} is left out: {error}.")
                    taking_part.remove(peer)
                    continue
                taken.setdefault(peer.name, []).append(run)
    measured = {peer.name: take_median(taken[peer.name]) for peer in taking_part}
    _add_rows(scenario, measured, results, posts)
    _add_goals(scenario, measured, results)


def _add_rows(scenario: Scenario, measured: Mapping[str, Run], results: Results, posts: int) -> None:
    ours_s, ours_cpu_s = measured.get(OURS, (0.0, 0.0))
    for name, (wall_s, cpu_s) in measured.items():
        results.rows.append(
            {
                "scenario": scenario.title,
                "client": name,
                "CPU": cpu_s / posts * 1e6,
                "x CPU": cpu_s / ours_cpu_s if ours_cpu_s else None,
                "posts/s": posts / wall_s,
                "last at, s": wall_s,
                "x time": wall_s / ours_s if ours_s else None,
                "command": f'python -m benchmarks.posts --scenario {scenario.name} --peer ours --peer "{name}"',
            }
        )


def _add_goals(scenario: Scenario, measured: Mapping[str, Run], results: Results) -> None:
    if {OURS, BOTO3_THREADS} <= measured.keys():
        (ours_s, ours_cpu_s), (boto3_s, boto3_cpu_s) = measured[OURS], measured[BOTO3_THREADS]
        if scenario.memory_mb:
            name = f"{scenario.title}: boto3's time to the last recipient, as a multiple of ours"
            results.goals.append(Goal(name, boto3_s / ours_s, WANTED_RATIO))
        else:
            name = f"{scenario.title}: boto3's CPU for a post, as a multiple of ours"
            results.goals.append(Goal(name, boto3_cpu_s / ours_cpu_s, WANTED_RATIO))
    if RAW in measured and not scenario.settings.delay_s and len(measured) > 1:
        fastest_s = min(wall_s for name, (wall_s, _) in measured.items() if name != RAW)
        name = f"{scenario.title}: what the server can do, as a multiple of the fastest client's"
        results.goals.append(Goal(name, fastest_s / measured[RAW][0], 1.2))


def _draw(results: Results) -> None:
    charts = [
        ("posts-cpu.svg", "CPU for a post", "CPU", "microseconds, TLS at 10 ms, warm connections", "tls-10ms"),
        ("posts-last-recipient.svg", "Until the last of 1,000 has it", "last at, s", "seconds, CPU of 512 MB", "quota"),
    ]
    for file_name, title, column, unit, scenario_name in charts:
        (scenario,) = (scenario.title for scenario in SCENARIOS if scenario.name == scenario_name)
        rows = [row for row in results.rows if row["scenario"] == scenario and row["client"] != RAW]
        bars = [Bar(row["client"], row[column], row["client"] == OURS) for row in rows]
        if bars:
            (DOCS / file_name).write_text(draw_bars(title, unit, bars))


if __name__ == "__main__":
    main()
