"""docs/scaling.md and the stored results against what the tools say now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulations.large_room import BENCHMARKS, STORED, main, read_results, store_results
from simulations.page import PAGE, write_tables
from simulations.reports import draw_charts
from simulations.results import simulate
from simulations.runs import SETS

STORED_RESULTS = read_results(BENCHMARKS / STORED)


def test_the_tables_are_what_their_commands_print() -> None:
    page = PAGE.read_text()
    assert write_tables(page) == page, "run .venv/bin/python -m simulations.page, and read what it changes"


def test_the_small_runs_are_as_stored() -> None:
    for settings, stored in zip(SETS["rooms"], STORED_RESULTS["rooms"], strict=True):
        if settings.members <= 1_000 and settings.messages_per_s <= 1:
            assert simulate(settings) == stored


def test_all_runs_are_stored() -> None:
    for name, settings in SETS.items():
        loads = [(each.members, each.messages_per_s, each.functions, each.paced_per_s) for each in settings]
        stored = STORED_RESULTS[name]
        assert [(each.members, each.messages_per_s, each.functions, each.paced_per_s) for each in stored] == loads


def test_the_charts_are_those_of_the_stored_results() -> None:
    charts = draw_charts(STORED_RESULTS)
    for name, chart in charts.items():
        assert (BENCHMARKS / name).read_text() == chart
    assert set(re.findall(r"benchmarks/(scaling-[\w-]+\.svg)", PAGE.read_text())) == set(charts)


def test_results_are_stored_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store_results(STORED_RESULTS, tmp_path)
    assert read_results(tmp_path / STORED) == STORED_RESULTS
    assert main(["--show", "functions", "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("\n| ") == len(SETS["functions"]) + 1


def test_nothing_to_show_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--show", "rooms", "--output", str(tmp_path)]) == 1
    assert "is missing" in capsys.readouterr().err


def test_a_run_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--members", "500", "--sending-s", "2", "--functions", "2"]) == 0
    assert "| 500 | 1 | 1 | 2 |" in capsys.readouterr().out
