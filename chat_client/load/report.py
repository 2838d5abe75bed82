"""The report: one page that needs nothing else, in the colours that its reader prefers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

from chat_client.load.chart import Line, Tick, draw_chart
from chat_client.load.plan import Plan
from chat_client.load.recorder import LATENCIES, Latency, Sample
from chat_client.load.result import LATENCY_NAMES, Result, describe_result

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1c1f23; --faint: #667; --rule: #e3e5e8; --card: #f6f7f8;
  --line0: #1f6feb; --line1: #d9480f; --good: #18794e; --bad: #c62a2f; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e6e8ea; --faint: #9aa0a8; --rule: #2c3136;
  --card: #1c2024; --line0: #6cb0ff; --line1: #ff9a52; --good: #4cc38a; --bad: #ff7b80; } }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; } h1.passed { color: var(--good); } h1.failed { color: var(--bad); }
p { margin: .25rem 0; overflow-wrap: anywhere; } .faint { color: var(--faint); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.5rem 0; }
@media (max-width: 34rem) { .tiles { grid-template-columns: repeat(2, 1fr); } }
.tile { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; }
.tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; } .tile.bad b { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .75rem; text-align: right; border-bottom: 1px solid var(--rule); }
th:first-child { text-align: left; } th { font-weight: 500; color: var(--faint); }
figure { margin: 2rem 0 0; overflow-x: auto; } figcaption { font-weight: 600; }
svg { width: 100%; min-width: 34rem; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--faint); } .level { stroke: var(--rule); }
path.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
path.line0 { stroke: var(--line0); } path.line1 { stroke: var(--line1); }
.key { margin-left: 1rem; font-weight: 400; color: var(--faint); }
.key::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; }
.key.line0::before { background: var(--line0); } .key.line1::before { background: var(--line1); }
.tip { fill: transparent; } .tip:hover { fill: var(--faint); fill-opacity: .15; }
"""
# How far to the right a share stands: each nine takes as much space as the one before it.
_NINES: Sequence[Tick] = [
    (-math.log10(1 - share), f"{share * 100:g} %") for share in (0, 0.5, 0.9, 0.99, 0.999, 0.9999)
]


def render_report(result: Result) -> str:
    """Make the page.

    Args:
        result: of a run; one that was read from its JSON will do.
    """
    verdict = "passed" if result["passed"] else "failed"
    lines = [Plan(**result["plan"]).describe(), *describe_result(result)]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Load: {verdict}</title><style>{_STYLE}</style></head><body>"
        f'<h1 class="{verdict}">Load: {verdict}</h1>'
        f'<p class="faint">{escape(result["started_at"])}, {result["elapsed_s"]:.0f} s, {escape(result["url"])}</p>'
        f"{_write_tiles(result)}{''.join(f'<p>{escape(line)}</p>' for line in lines)}"
        f"{_write_latencies(result)}{''.join(_draw_charts(result))}</body></html>\n"
    )


def _write_tiles(result: Result) -> str:
    faults, counts = result["faults"], result["counts"]
    good = [("sent", counts["sent"]), ("shown", counts["shown"]), ("reconnects", counts["reconnects"])]
    bad = [
        ("lost", faults["lost"]),
        ("duplicated", faults["duplicated"]),
        ("out of order", faults["out_of_order"]),
        ("refused", sum(faults["refused"].values())),
        ("absent", faults["absent"]),
    ]
    tiles = [_write_tile(name, count, "tile bad" if count else "tile") for name, count in bad]
    return f'<div class="tiles">{"".join(tiles)}{"".join(_write_tile(*tile, "tile") for tile in good)}</div>'


def _write_tile(name: str, count: int, look: str) -> str:
    return f'<div class="{look}"><b>{count:,}</b>{name}</div>'


def _write_latencies(result: Result) -> str:
    rows = []
    for latency in LATENCIES:
        summary = result["latency_ms"][latency]
        values = [summary[column] for column in ("p50", "p95", "p99", "max")]
        cells = [f"{summary['count']:,}", *("-" if value is None else f"{value:,.1f}" for value in values)]
        rows.append(f"<tr><th>{LATENCY_NAMES[latency]}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    columns = ("Milliseconds", "count", "p50", "p95", "p99", "max")
    head = "".join(f"<th>{column}</th>" for column in columns)
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _draw_charts(result: Result) -> Iterable[str]:
    samples = result["samples"]
    starts_s = [0.0, *(sample["at_s"] for sample in samples)]

    def draw(title: str, **lines: Callable[[Sample, float], float | None]) -> str:
        """Draw what each function makes of a sample and of how long it is."""
        intervals = list(zip(samples, starts_s, strict=False))
        return draw_chart(
            title,
            [
                Line(
                    name,
                    [
                        (sample["at_s"], take(sample, max(sample["at_s"] - start_s, 0.1)))
                        for sample, start_s in intervals
                    ],
                )
                for name, take in lines.items()
            ],
        )

    yield draw(
        "Messages a second",
        shown=lambda sample, length_s: round(sample["shown"] / length_s, 1),
        sent=lambda sample, length_s: round(sample["sent"] / length_s, 1),
    )
    yield draw("Send to ack, ms", p50=lambda sample, _: sample["ack_p50"], p99=lambda sample, _: sample["ack_p99"])
    yield draw(
        "Send to shown, ms",
        p50=lambda sample, _: sample["delivery_p50"],
        p99=lambda sample, _: sample["delivery_p99"],
    )
    yield draw_chart(
        "Latency that so many messages do not exceed, ms",
        [_draw_shares(result, "ack"), _draw_shares(result, "delivery")],
        x_ticks=_NINES,
    )
    yield draw("Open connections", connections=lambda sample, _: sample["open"])
    yield draw("Reconnects", reconnects=lambda sample, _: sample["reconnects"])
    yield draw("Generator's lag, ms", most=lambda sample, _: sample["lag_max"])


def _draw_shares(result: Result, latency: Latency) -> Line:
    count = result["latency_ms"][latency]["count"]
    # The last share is 100 %, which stands infinitely far to the right: it is put where its one message would be.
    points = [(-math.log10(max(1 - share, 0.5 / count)), value) for share, value in result["shares"][latency]]
    return Line(LATENCY_NAMES[latency].lower(), points)
