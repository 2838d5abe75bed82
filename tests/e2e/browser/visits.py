"""The browser contexts of one test, and what is kept of them when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage

from tests.e2e.browser.browser import DESKTOP
from tests.e2e.browser.person import Person

# Times and dates are written the same wherever the tests run.
_PLACE: dict[str, Any] = {"locale": "en-GB", "timezone_id": "UTC"}


class Visits:
    """Opens pages for people, each in a context of its own: nothing is shared between them but the chat.

    Attributes:
        faults: what no page may do, whatever is tested: scripts that threw, what the Content-Security-Policy stopped.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, url: str, device: dict[str, Any] = DESKTOP, **options: Any) -> Person:
        """Give somebody a device, which has not seen the app yet.

        Args:
            url: where the app is.
            device: what kind it is.
            options: more of the context, as Playwright names it.
        """
        context = self._browser.new_context(**_PLACE, **device, **options)
        self._contexts.append(context)
        context.tracing.start(snapshots=True)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", self._note)
        return Person(context.new_page(), url, has_touch=device.get("has_touch", False))

    def keep_evidence(self, directory: Path) -> list[Path]:
        """Write what each page shows, and the trace of how it came to that; return the files."""
        files: list[Path] = []
        for number, context in enumerate(self._contexts, 1):
            for page in context.pages:
                files.append(directory / f"page-{number}.png")
                page.screenshot(path=files[-1])
            files.append(directory / f"trace-{number}.zip")
            context.tracing.stop(path=files[-1])
        return files

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            context.close()

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)
