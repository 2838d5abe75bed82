"""Other people's text, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

# Controls (escape sequences begin with one), formatting (bidi overrides reorder the line), halves of surrogate pairs,
# and separators of lines and paragraphs (a message must not look like two).
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Joiners belong to emoji and to several scripts, and move nothing.
_JOINERS = "\u200c\u200d"


def sanitize(text: str) -> str:
    """Replace what a terminal would obey instead of show.

    Args:
        text: anything.

    Returns:
        One line: line breaks and tabs are spaces, other unsafe characters are U+FFFD.
    """
    return "".join(_replace(character) for character in text)


def _replace(character: str) -> str:
    if character in "\n\t":
        return " "
    is_unsafe = unicodedata.category(character) in _UNSAFE and character not in _JOINERS
    return "\N{REPLACEMENT CHARACTER}" if is_unsafe else character
