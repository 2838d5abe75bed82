"""What the terminal shows: lines that live while the run goes on, and a table at its end. Plain lines elsewhere."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from chat_client.load.generator import Generator, Phase
from chat_client.load.recorder import LATENCIES
from chat_client.load.result import LATENCY_NAMES, Result, describe_result

_REFRESH_S = 0.25
_PLAIN_LINE_S = 10


class Display:
    """Shows how a run goes.

    Args:
        console: where.
        generator: what runs.
    """

    def __init__(self, console: Console, generator: Generator) -> None:
        self._console = console
        self._generator = generator

    async def follow(self) -> None:
        """Show the run until this is cancelled."""
        if self._console.is_terminal:
            with Live(console=self._console, transient=True, auto_refresh=False) as live:
                while True:
                    live.update(self._draw(), refresh=True)
                    await asyncio.sleep(_REFRESH_S)
        await self._follow_plainly()

    async def _follow_plainly(self) -> None:
        phase, printed_s = None, 0.0
        while True:
            if self._generator.phase is not phase or time.monotonic() - printed_s >= _PLAIN_LINE_S:
                phase, printed_s = self._generator.phase, time.monotonic()
                self._console.print(f"{phase.value}: {self._describe()}", highlight=False, soft_wrap=True)
            await asyncio.sleep(_REFRESH_S)

    def _draw(self) -> Table:
        plan, recorder, phase = self._generator.plan, self._generator.recorder, self._generator.phase
        done: float | None
        match phase:
            case Phase.CONNECT:
                done = recorder.counts.ready / plan.clients
            case Phase.SEND:
                done = (recorder.elapsed_s - self._generator.phase_started_s) / plan.duration_s
            case Phase.CATCH_UP:
                done = recorder.counts.shown / max(1, self._generator.judge.expected)
        line = Table.grid(padding=(0, 2))
        line.add_row(
            Text(phase.value, style="bold"),
            ProgressBar(total=1, completed=min(1, done), width=24),
            Text(f"{recorder.elapsed_s:.0f} s", style="dim"),
        )
        frame = Table.grid()
        frame.add_row(line)
        frame.add_row(Text(self._describe()))
        return frame

    def _describe(self) -> str:
        recorder = self._generator.recorder
        counts = recorder.counts
        ack, delivery = (recorder.totals[latency].summarise() for latency in ("ack", "delivery"))
        words = [
            f"{counts.open} connected",
            f"{counts.sent} sent",
            f"{counts.acked} acked",
            f"{counts.shown} of {self._generator.judge.expected} shown",
            f"{counts.reconnects} reconnects",
        ]
        if ack["count"] and delivery["count"]:
            words.append(f"ack p99 {ack['p99']:.0f} ms, shown p99 {delivery['p99']:.0f} ms")
        if refused := counts.refused.total():
            words.append(f"{refused} refused")
        return " · ".join(words)


def show_result(console: Console, result: Result) -> None:
    """Show the verdict and the latencies."""
    table = Table("Milliseconds")
    for column in ("count", "p50", "p95", "p99", "max"):
        table.add_column(column, justify="right")
    for latency in LATENCIES:
        summary = result["latency_ms"][latency]
        cells = [_format(summary[column]) for column in ("p50", "p95", "p99", "max")]
        table.add_row(LATENCY_NAMES[latency], str(summary["count"]), *cells)
    console.print(table)
    for line in describe_result(result):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    verdict = "passed" if result["passed"] else "FAILED"
    console.print(Text(verdict, style="bold green" if result["passed"] else "bold red"))


def _format(value: Any) -> str:
    return "-" if value is None else f"{value:.1f}"
