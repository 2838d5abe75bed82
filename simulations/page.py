"""The tables of docs/scaling.md, each below its command: `python -m simulations.page` writes them anew."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

from chat_stack.cost.__main__ import main as cost
from simulations.large_room import main as large_room

PAGE = Path(__file__).parents[1] / "docs" / "scaling.md"
_TOOLS = {"chat_stack.cost": cost, "simulations.large_room": large_room}
# A comment with a command, and what it printed, up to the next comment.
_TABLE = re.compile(r"<!-- (?P<tool>[\w.]+)(?P<arguments> [^>]*?)? -->\n.*?<!-- end -->", re.DOTALL)


def write_tables(page: str) -> str:
    """Return a page with what its commands print now."""
    return _TABLE.sub(_write_table, page)


def _write_table(match: re.Match[str]) -> str:
    tool, arguments = match["tool"], match["arguments"] or ""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        _TOOLS[tool](shlex.split(arguments))
    text = printed.getvalue().strip()
    # The simulation prints Markdown already.
    block = text if text.startswith("|") else f"```text\n{text}\n```"
    command = f"`.venv/bin/python -m {tool}{arguments}`"
    return f"<!-- {tool}{arguments} -->\n{command}\n\n{block}\n<!-- end -->"


if __name__ == "__main__":
    PAGE.write_text(write_tables(PAGE.read_text()))
    sys.stdout.write(f"{PAGE} is up to date\n")
