"""The tables of docs/protocol.md."""

from __future__ import annotations

import re

from tests.contract.schemas import REPOSITORY

_TEXT = (REPOSITORY / "docs" / "protocol.md").read_text(encoding="utf-8")


def read_table(*heading: str) -> list[list[str]]:
    """Read the rows of the table that has this heading, cell by cell.

    Raises:
        ValueError: there is no such table.
    """
    lines = iter(_TEXT.splitlines())
    if f"| {' | '.join(heading)} |" not in lines:
        raise ValueError(f"docs/protocol.md has no table with the heading {', '.join(heading)}")
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def find_code(cell: str) -> list[str]:
    """Find what is written as code in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def parse_fields(written: str) -> dict[str, bool]:
    """Parse a list such as `room, after?, members: [{user, name}]` to its names, and whether each must be there."""
    while (outer := re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", written)) != written:
        written = outer
    names = [part.split(":")[0].strip() for part in written.split(",") if part.strip()]
    return {name.rstrip("?"): not name.endswith("?") for name in names}
