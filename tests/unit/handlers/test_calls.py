"""docs/calls.md against what the functions' log lines count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import prod
from pathlib import Path

import pytest

from chat.protocol.parsing import ACTIONS
from tests.unit.handlers.conftest import Deploy, Functions
from tests.unit.handlers.other_cases import OTHER_CASES
from tests.unit.handlers.scenarios import ROOM, SCENARIOS, enter

PAGE = Path(__file__).parents[3] / "docs" / "calls.md"
# A bucket is full again after a millisecond: what an earlier frame of a scenario took is not seen.
VARIABLES = {"MAX_SENDS_PER_SECOND": "1000", "MAX_JOINS_PER_SECOND": "1000"}


def read_tables() -> list[dict[str, str]]:
    """Read the page's tables: the calls by the name of the action, or the case."""
    tables = re.findall(r"(?:^\|.*\n)+", PAGE.read_text(), re.MULTILINE)
    rows = [[line.strip("|").split("|")[:2] for line in table.splitlines()[2:]] for table in tables]
    return [{name.replace("`", "").strip(): calls for name, calls in table} for table in rows]


ACTION_CALLS, OTHER_CALLS = read_tables()
CALLS = ACTION_CALLS | OTHER_CALLS


def count(calls: str, sizes: Mapping[str, int]) -> dict[str, int]:
    """Read "Query R+1, POST N*R" as numbers of calls; none are left out."""

    def read(factor: str) -> int:
        return sizes[factor] if factor in sizes else int(factor)

    counted = {}
    for call in calls.split(","):
        operation, number = call.split()
        terms = [term.split("*") for term in number.split("+")]
        counted[operation] = sum(prod(map(read, term)) for term in terms)
    return {operation: number for operation, number in counted.items() if number}


def test_the_page_has_each_action_and_nothing_unproved() -> None:
    assert set(ACTION_CALLS) == set(SCENARIOS) == {*ACTIONS, "$connect", "$disconnect", "POST /ticket", "publish"}
    assert set(OTHER_CALLS) == set(OTHER_CASES)


@pytest.mark.parametrize(("others", "rooms"), [(0, 1), (1, 2), (9, 3)])
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("hurried")
def test_an_action_makes_the_calls_of_its_row(deploy: Deploy, name: str, others: int, rooms: int) -> None:
    scenario = {**SCENARIOS, **OTHER_CASES}[name]
    functions = deploy(**{**VARIABLES, **scenario.variables})
    scenario.run(functions, others, rooms)
    line = functions.lines()[-1]
    assert line["route"] == name if name in ACTION_CALLS else line["route"] in name
    assert ("." in line["outcome"]) == ("not allowed" in name), line["outcome"]
    assert line["aws_calls"] == count(CALLS[name], {"N": others, "R": rooms})


def test_nobody_is_told_in_a_room_of_over_100(functions: Functions) -> None:
    enter(functions, 100, "ada=")
    functions.tables.put_entries(ROOM, 1, 1)
    functions.lines()
    functions.ask("ada=", "read", room=ROOM, seq=1)
    functions.type_in("ada=", ROOM)
    functions.ask("ada=", "leave", room=ROOM)
    functions.ask("ada=", "join", room=ROOM)
    functions.disconnect("ada=")
    lines = functions.lines()
    assert [line["outcome"] for line in lines] == ["ack", "typing", "left", "joined", "disconnected"]
    assert all("POST" not in line["aws_calls"] for line in lines)
