"""Other people's text can't move the cursor, colour the screen or turn a line around."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_client.sanitizing import sanitize


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \U0001f600 text", "plain \U0001f600 text"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[2Jgone", "\ufffd[2Jgone"),
        ("\x9b31mred", "\ufffd31mred"),
        ("\x1b]0;title\x07", "\ufffd]0;title\ufffd"),
        ("over\rwritten", "over\ufffdwritten"),
        ("user\u202etxt.exe", "user\ufffdtxt.exe"),
        ("\u2066isolated\u2069 \u200f", "\ufffdisolated\ufffd \ufffd"),
        ("line\u2028separator", "line\ufffdseparator"),
        ("\ud800", "\ufffd"),
        ("\x00\x7f", "\ufffd\ufffd"),
    ],
)
def test_unsafe_characters_are_replaced(text: str, shown: str) -> None:
    assert sanitize(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_unsafe_is_left(text: str) -> None:
    left = {unicodedata.category(character) for character in sanitize(text) if character not in "\u200c\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
