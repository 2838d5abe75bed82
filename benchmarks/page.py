"""docs/benchmarks/README.md, from the results and charts beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.results import DOCS, Goal, show_value

_HEAD = """\
# Benchmarks

`make bench` measures all of this anew, and writes this page; `make bench ARGS=posts` measures a part. The peers are
installed in versions that are pinned, into `.local/benchmarks`. Clients and servers are processes of one machine, on
loopback, each kept on a processor of its own: trust the ratios rather than the numbers. Charts are logarithmic.
"""
_SUFFIX = "-results.json"


def write_page(directory: Path = DOCS) -> Path:
    """Write the page.

    Args:
        directory: has the results, `NAME-results.json`, and the charts of each, `NAME-*.svg`.

    Returns:
        Where it is.
    """
    parts = [_HEAD]
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        charts = sorted(directory.glob(f"{path.name.removesuffix(_SUFFIX)}-*.svg"))
        parts += _describe(json.loads(path.read_text()), charts)
    page = directory / "README.md"
    page.write_text("\n".join(parts))
    return page


def _describe(document: Mapping[str, Any], charts: Sequence[Path]) -> list[str]:
    machine = (
        f"Measured on {document['processors']} processors with Python {document['python']}, "
        f"at a load of {document['load_average']}; again: `{document['command']}`."
    )
    goals = [Goal(**{name: value for name, value in goal.items() if name != "is_met"}) for goal in document["goals"]]
    return [
        f"## {document['title']}\n",
        *(f"![{_read_title(chart)}]({chart.name})\n" for chart in charts),
        *(f"- {'met' if goal.is_met else '**MISSED**'}: {goal.describe()}" for goal in goals),
        "",
        *_tabulate(document["rows"], document["command"]),
        "",
        *document["notes"],
        f"{machine}\n",
    ]


def _tabulate(rows: Sequence[Mapping[str, Any]], command: str) -> list[str]:
    """Write the table; each row says what measures it again where that is less than all of them."""
    columns = [name for name in rows[0] if name != "command"] if rows else []
    lines = [[show_value(row[name]) for name in columns] for row in rows]
    if any(row["command"] != command for row in rows):
        columns.append("again")
        lines = [[*line, f"`{row['command']}`"] for line, row in zip(lines, rows, strict=True)]
    if not columns:
        return []
    return [f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *lines)]


def _read_title(chart: Path) -> str:
    found = re.search("<title>(.*?)</title>", chart.read_text())
    return found[1] if found else chart.stem
