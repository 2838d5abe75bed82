"""The kept cases. README.md says how a file of them is written."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DIRECTORY = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of hostile input.

    Attributes:
        name: says what is hostile about it; unique in its file.
        body: what is sent. It may hold half of a surrogate pair, which no UTF-8 can carry.
        answer: the error's code, or the type or status of what is answered when all is well.
        is_late: whether protocol and domain take it, and what stores things finds the error.
        raw: what is sent, where it is no text.
        unsent: why it is not sent to the deployed stack; empty where it is.
    """

    name: str
    body: str
    answer: str
    is_late: bool = False
    raw: bytes | None = None
    unsent: str = ""

    @property
    def encoded(self) -> bytes | None:
        """The bytes of it; None where there are none."""
        try:
            return self.body.encode() if self.raw is None else self.raw
        except UnicodeEncodeError:
            return None


def load_cases(kind: str) -> list[Case]:
    """Read a file of cases.

    Args:
        kind: its name, without the ending.
    """
    lines = (_DIRECTORY / f"{kind}.jsonl").read_text(encoding="ascii").splitlines()
    return [_make_case(**json.loads(line)) for line in lines]


def _make_case(
    name: str,
    answer: str,
    text: str | list[Any] = "",
    base64: str | None = None,
    *,
    late: bool = False,
    unsent: str = "",
) -> Case:
    parts = [text] if isinstance(text, str) else text
    body = "".join(part if isinstance(part, str) else part[0] * part[1] for part in parts)
    return Case(name, body, answer, late, None if base64 is None else b64decode(base64), unsent)
