"""The results as Markdown tables, and as charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from simulations.charts import Axis, Line, draw_chart
from simulations.results import STEP_S, Result

Results = Mapping[str, Sequence[Result]]
_HEAD = (
    "members",
    "messages/s",
    "shards",
    "functions",
    "paced",
    "first, s",
    "median, s",
    "slowest, s",
    "invocation, s",
    "in a frame",
    "posts/s, peak",
    "429",
    "backlog",
    "unfinished",
)
_MEMBERS = Axis("members of the room", is_logarithmic=True)
_SECONDS = Axis("seconds")


def write_table(results: Sequence[Result]) -> str:
    """Write results as a Markdown table, one row each."""
    rows = [_HEAD, ["---:"] * len(_HEAD), *map(_write_row, results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def draw_charts(results: Results) -> dict[str, str]:
    """Draw the charts of the page.

    Returns:
        The SVG documents, by file name.
    """
    rooms = results["rooms"]
    largest = max(result.members for result in rooms)
    return {
        "scaling-last-recipient.svg": draw_chart(
            "From a message to its last recipient",
            _MEMBERS,
            Axis("seconds, the median of the messages that arrived", is_logarithmic=True),
            _draw_by_rate(rooms, lambda result: result.median_s),
        ),
        "scaling-coalescing.svg": draw_chart(
            "Messages that leave as one frame",
            _MEMBERS,
            Axis("messages in a frame, on average"),
            _draw_by_rate(rooms, lambda result: result.together_mean),
        ),
        "scaling-posts.svg": draw_chart(
            "Posts to rooms with a message a second", _SECONDS, Axis("posts a second"), _draw_posts(rooms)
        ),
        "scaling-backlog.svg": draw_chart(
            f"Messages that wait for a room of {largest:,}",
            _SECONDS,
            Axis("messages in the queue"),
            _draw_backlogs([run for run in (*rooms, *results["together"]) if run.members == largest]),
        ),
    }


def _write_row(result: Result) -> list[str]:
    def write(seconds: float | None) -> str:
        return "-" if seconds is None else f"{seconds:,.1f}"

    return [
        f"{result.members:,}",
        f"{result.messages_per_s:g}" if result.messages > 1 else "once",
        f"{result.shards:,}" if result.shards else "-",
        str(result.functions),
        f"{result.paced_per_s:,.0f}" if result.paced_per_s else "no",
        write(result.first_s),
        write(result.median_s),
        write(result.slowest_s),
        write(result.longest_s or None),
        f"{result.together_mean:,.1f}",
        f"{result.peak_per_s:,}",
        f"{result.throttled:,}",
        f"{result.backlog_peak:,.0f}",
        f"{result.unfinished:,} of {result.messages:,}",
    ]


def _draw_by_rate(results: Sequence[Result], measure: Callable[[Result], float | None]) -> list[Line]:
    lines = []
    for rate in sorted({result.messages_per_s for result in results}):
        measured = [(result.members, measure(result)) for result in results if result.messages_per_s == rate]
        points = [(float(members), value) for members, value in measured if value is not None]
        lines.append(Line(f"{rate:g} messages/s", points))
    return lines


def _draw_posts(results: Sequence[Result]) -> list[Line]:
    return [
        Line(f"{run.members:,} members", _place_in_time(run.posts_per_s))
        for run in results
        if run.messages_per_s == 1 and run.members > 100
    ]


def _draw_backlogs(results: Sequence[Result]) -> list[Line]:
    return [
        Line(f"{run.messages_per_s:g}/s, at most {run.together}", _place_in_time(run.backlog))
        for run in results
        if run.messages_per_s <= 1
    ]


def _place_in_time(values: Sequence[float]) -> list[tuple[float, float]]:
    return [((index + 0.5) * STEP_S, value) for index, value in enumerate(values)]
