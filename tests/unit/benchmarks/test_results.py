"""What was measured, as it is printed, and as the page has it."""

from pathlib import Path

import pytest

from benchmarks import results as module
from benchmarks.bars import Bar, draw_bars
from benchmarks.page import write_page
from benchmarks.results import Goal, Results

MET = Goal("ours, times theirs", 25.0, 20)
MISSED = Goal("ours, as a part of theirs", 0.31, 0.3, is_ceiling=True)


@pytest.fixture
def results() -> Results:
    rows = [
        {"client": "ours", "CPU": 43.25, "posts/s": 14133.4, "x": None, "command": "python -m benchmarks.posts --a"},
        {"client": "boto3", "CPU": 1065.0, "posts/s": 787.0, "x": 24.6, "command": "python -m benchmarks.posts --b"},
    ]
    return Results("Posts", "python -m benchmarks.posts", ["Node.js is left out."], rows, [MET, MISSED])


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [
        (Goal("", 20, 20), True),
        (Goal("", 19.9, 20), False),
        (Goal("", 0.3, 0.3, is_ceiling=True), True),
        (MISSED, False),
    ],
)
def test_a_goal_is_a_floor_or_a_ceiling(goal: Goal, *, is_met: bool) -> None:
    assert goal.is_met is is_met
    assert str(goal).startswith("met" if is_met else "MISSED")


def test_the_table_the_goals_and_the_notes_are_printed(results: Results, capsys: pytest.CaptureFixture[str]) -> None:
    results.print()
    lines = capsys.readouterr().out.splitlines()
    assert "boto3   1,065      787  24.6" in lines
    assert "MISSED  ours, as a part of theirs: 0.31, wanted at most 0.3" in lines
    assert "Node.js is left out." in lines


def test_the_page_has_chart_goals_table_and_what_measures_it_again(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DOCS", tmp_path)
    results.write("posts-results.json")
    (tmp_path / "posts-cpu.svg").write_text(draw_bars("CPU for a post", "microseconds", [Bar("ours", 43)]))
    lines = write_page(tmp_path).read_text().splitlines()
    assert "## Posts" in lines
    assert "![CPU for a post](posts-cpu.svg)" in lines
    assert "- met: ours, times theirs: 25, wanted at least 20" in lines
    assert "- **MISSED**: ours, as a part of theirs: 0.31, wanted at most 0.3" in lines
    assert "| boto3 | 1,065 | 787 | 24.6 | `python -m benchmarks.posts --b` |" in lines
    assert any(line.endswith("again: `python -m benchmarks.posts`.") for line in lines)
