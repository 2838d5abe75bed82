"""Reading the calls of docs/calls.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat_stack.cost.calls import count_calls, read_calls
from chat_stack.cost.prices import CostError
from tests.unit.cost.conftest import CALLS


def test_each_action_and_case_is_read(page: Path) -> None:
    with page.open("a") as text:
        text.write("| `send` with `to` | GetItem 7 | another case |\n")
    assert read_calls(page) == {**CALLS, "send with to": "GetItem 7"}


def test_the_page_of_the_repository_has_what_the_reports_need() -> None:
    needed = {"POST /ticket", "$connect", "$disconnect", "join", "send", "typing", "read", "sync"}
    calls = read_calls()
    assert needed <= calls.keys()
    assert count_calls(calls["send"], 9)["POST"] == 9


def test_a_page_without_the_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CostError, match="--calls"):
        read_calls(tmp_path / "none.md")
    (tmp_path / "calls.md").write_text("# Nothing\n")
    with pytest.raises(CostError, match="no row for send;"):
        read_calls(tmp_path / "calls.md")


@pytest.mark.parametrize(
    ("calls", "counted"),
    [
        ("GetItem 1", {"GetItem": 1}),
        ("Query R+1, POST N*R", {"Query": 4, "POST": 15}),
        ("DeleteItem 2, POST N+2", {"DeleteItem": 2, "POST": 7}),
    ],
)
def test_calls_are_counted(calls: str, counted: dict[str, int]) -> None:
    assert count_calls(calls, 5, 3) == counted


def test_nobody_else_in_the_room_is_no_call() -> None:
    assert count_calls("POST N*R", 0, 3) == {"POST": 0}


def test_what_is_no_list_of_calls_is_refused() -> None:
    with pytest.raises(CostError, match="three"):
        count_calls("GetItem three", 1)
