"""Texts that say which message they are."""

from __future__ import annotations

import pytest

from chat_client.load.messages import Key, read_key, write_text


@pytest.mark.parametrize("size_bytes", [16, 17, 8192])
@pytest.mark.parametrize("key", [Key(0, 1), Key(9_999_999, 9_999_999)])
def test_a_text_has_its_size_and_says_which_it_is(key: Key, size_bytes: int) -> None:
    text = write_text(key, size_bytes)
    assert len(text.encode()) == size_bytes
    assert read_key(text) == key


@pytest.mark.parametrize("text", [None, "", "hello", "1", "1 2 xxyx", "1 2 xx\n", "-1 2 ", "1 2xx", "x1 2 "])
def test_any_other_text_is_none_of_ours(text: str | None) -> None:
    assert read_key(text) is None
