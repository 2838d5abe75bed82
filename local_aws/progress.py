"""What the terminal shows of the steps: a spinner while one lasts, then how long it took. Plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console


class Progress:
    """Shows steps on a console."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show a step as long as the context lasts."""
        started_s = time.monotonic()
        spinner = self._console.status(title) if self._console.is_terminal else nullcontext()
        with spinner:
            yield
        self._console.print(f"[dim]{time.monotonic() - started_s:5.1f} s[/dim]  {title}", highlight=False)

    def note(self, text: str) -> None:
        """Show a line about what is not done."""
        self._console.print(f"         {text}", markup=False, highlight=False, soft_wrap=True)
