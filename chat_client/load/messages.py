"""The texts that are sent: each says who its sender is and which of theirs it is."""

from __future__ import annotations

import re
from typing import NamedTuple

# Two numbers of seven digits, and a space.
TEXT_BYTES_LEAST = 16
_KEY = re.compile(r"([0-9]{1,9}) ([0-9]{1,9})(?: x*)?", re.ASCII)


class Key(NamedTuple):
    """Which message it is.

    Attributes:
        sender: the client's index.
        number: 1 for the first that this client sent to the room, and so on.
    """

    sender: int
    number: int


def write_text(key: Key, size_bytes: int) -> str:
    """Write the text of a message, padded to a size."""
    return f"{key.sender} {key.number} ".ljust(size_bytes, "x")


def read_key(text: str | None) -> Key | None:
    """Read which message a text is; None where it is none of ours, or has been changed."""
    found = _KEY.fullmatch(text or "")
    return Key(int(found[1]), int(found[2])) if found else None
