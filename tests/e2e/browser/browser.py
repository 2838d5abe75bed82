"""The browser of these tests: Chromium, as the machine has it installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Any

# The first that is there is taken.
NAMES = ("chromium", "chromium-browser", "google-chrome")

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
        "Mobile Safari/537.36"
    ),
}


class ChromiumMissingError(Exception):
    """There is no browser to test with."""


def find_chromium(environment: Mapping[str, str] = os.environ) -> str:
    """Find the program.

    Args:
        environment: `CHROMIUM` names it; else `PATH` is looked through.

    Raises:
        ChromiumMissingError: it is not there; says how to install it.
    """
    chosen = environment.get("CHROMIUM")
    for name in (chosen,) if chosen else NAMES:
        if program := shutil.which(name, path=environment.get("PATH", "")):
            return program
    missing = f"CHROMIUM names {chosen}, which is no program" if chosen else "Chromium is missing"
    raise ChromiumMissingError(
        f"{missing}. Install it with: sudo apt-get install chromium (or set CHROMIUM to where it is)"
    )
