"""Finding the browser, and saying how to install it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.browser.browser import ChromiumMissingError, find_chromium


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program called chromium-browser, alone in its directory."""
    program = tmp_path / "chromium-browser"
    program.touch(mode=0o755)
    return program


def test_it_is_looked_for_in_the_path(program: Path) -> None:
    assert find_chromium({"PATH": str(program.parent)}) == str(program)


def test_a_variable_names_another(program: Path) -> None:
    assert find_chromium({"CHROMIUM": str(program), "PATH": ""}) == str(program)


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({"PATH": "/nowhere"}, "Chromium is missing"),
        ({"CHROMIUM": "/nowhere/chrome"}, "CHROMIUM names /nowhere/chrome"),
    ],
)
def test_where_it_is_missing_one_line_says_how_to_install_it(environment: dict[str, str], missing: str) -> None:
    with pytest.raises(ChromiumMissingError, match=f"^{missing}.*sudo apt-get install chromium.*$"):
        find_chromium(environment)
