"""The calls of each action, as docs/calls.md counts them and a test of the functions proves them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from pathlib import Path

from chat_stack.cost.prices import CostError

CALLS = Path(__file__).parents[2] / "docs" / "calls.md"
# A message: by its function alone, or by the queue and what empties it.
SEND, SEND_TO_MANY, DELIVER = "send", "send to a room of over 200", "deliver"
# An action, or a case of one such as "`send` to a room of over 200", then its calls.
_ROW = re.compile(r"^\| (`[^|]+?) \| ([^|]+?) \|", re.MULTILINE)
_CALL = re.compile(r"(\w+) ([\dNR+*]+)")


def read_calls(path: Path = CALLS) -> dict[str, str]:
    """Read the calls of each action and case, such as "GetItem 1, Query R+1, POST N*R".

    Raises:
        CostError: there is no such page, or no actions in it.
    """
    if not path.is_file():
        raise CostError(f"{path} is missing; name the repository's docs/calls.md with --calls")
    rows = {name.replace("`", ""): calls for name, calls in _ROW.findall(path.read_text())}
    missing = [name for name in (SEND, SEND_TO_MANY, DELIVER) if name not in rows]
    if missing:
        raise CostError(
            f"{path} has no row for {missing[0]}; the calculator reads rows like | `send` | GetItem 1, POST N |"
        )
    return rows


def count_calls(calls: str, others: int, rooms: int = 1) -> dict[str, int]:
    """Count the calls of a row.

    Args:
        calls: the row's calls.
        others: N, the connections in the room besides the caller's.
        rooms: R, the rooms that the action is about.

    Raises:
        CostError: it is not written as a list of calls.
    """
    sizes: Mapping[str, int] = {"N": others, "R": rooms}

    def read(factor: str) -> int:
        return sizes[factor] if factor in sizes else int(factor)

    counted: dict[str, int] = {}
    for call in calls.split(", "):
        match = _CALL.fullmatch(call)
        if match is None:
            raise CostError(f'docs/calls.md: "{call}" is no call and its number, such as "Query R+1"')
        terms = [term.split("*") for term in match[2].split("+")]
        counted[match[1]] = sum(prod(map(read, term)) for term in terms)
    return counted
