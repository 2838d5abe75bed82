"""What was measured and what was wanted: as a table, and as JSON beside the charts."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.loopback import ROOT

DOCS = ROOT / "docs" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that is to be reached: the first number is to be so many times the second."""

    name: str
    ratio: float
    wanted: float
    is_ceiling: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is reached."""
        return self.ratio <= self.wanted if self.is_ceiling else self.ratio >= self.wanted

    def describe(self) -> str:
        """Say what was reached, and what was wanted."""
        bound = "at most" if self.is_ceiling else "at least"
        return f"{self.name}: {self.ratio:.3g}, wanted {bound} {self.wanted:g}"

    def __str__(self) -> str:
        return f"{'met   ' if self.is_met else 'MISSED'}  {self.describe()}"


@dataclass(slots=True)
class Results:
    """One command's results.

    Attributes:
        title: what was measured.
        command: what measures it again.
        notes: what a reader has to know.
        rows: a row for each line of the table, all with the same columns; `command` stays out of the table.
        goals: what was wanted.
    """

    title: str
    command: str
    notes: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def print(self) -> None:
        """Print the table, the goals and the notes."""
        shown = [{name: show_value(value) for name, value in row.items() if name != "command"} for row in self.rows]
        lines = [f"\n{self.title}\n", *_align(shown), "", *map(str, self.goals), "", *self.notes, ""]
        sys.stdout.write("\n".join(lines) + "\n")

    def write(self, file_name: str) -> None:
        """Write everything to docs/benchmarks."""
        goals = [{**asdict(goal), "is_met": goal.is_met} for goal in self.goals]
        document = {
            "title": self.title,
            "command": self.command,
            "python": platform.python_version(),
            "processors": os.cpu_count(),
            "load_average": round(os.getloadavg()[0], 1),
            "notes": self.notes,
            "rows": self.rows,
            "goals": goals,
        }
        DOCS.mkdir(parents=True, exist_ok=True)
        (DOCS / file_name).write_text(json.dumps(document, indent=2) + "\n")


def show_value(value: object) -> str:
    """Write a cell of a table."""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return "" if value is None else str(value)


def tell(text: str) -> None:
    """Tell how far things are."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _align(rows: Sequence[dict[str, str]]) -> list[str]:
    if not rows:
        return []
    table = [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
