"""Plain text tables: words to the left, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence


def format_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table, with a line below its head. A column with a number in it is one of numbers."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    numbers = [any(cell[:1].isdigit() for cell in column) for column in columns]

    def write(row: Sequence[str]) -> str:
        cells = zip(row, widths, numbers, strict=True)
        return "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width) for cell, width, is_number in cells
        ).rstrip()

    return "\n".join([write(head), write(["-" * width for width in widths]), *map(write, rows)])


def write_dollars(amount: float) -> str:
    """Write dollars: cents where they tell something."""
    return f"{amount:,.2f}" if amount < 1_000 else f"{amount:,.0f}"
