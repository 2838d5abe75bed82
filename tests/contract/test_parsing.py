"""The functions take exactly the frames that docs/asyncapi.yaml describes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chat.protocol.errors import ChatError
from chat.protocol.fields import read_request_id
from chat.protocol.limits import (
    EMOJI_BYTES,
    EPOCH_LENGTH,
    ID_LENGTH,
    MUTE_MOST_S,
    PAGE_ENTRIES,
    PAGE_TOKEN_LENGTH,
    SEQ_MAX,
    SYNC_ROOMS,
    USER_ID_LENGTH,
    Limits,
)
from chat.protocol.parsing import ACTIONS, parse_action
from tests.contract.schemas import Frame, check_sent, load_document

LIMITS = Limits()
LENGTHS = {
    EMOJI_BYTES,
    EPOCH_LENGTH,
    ID_LENGTH,
    PAGE_TOKEN_LENGTH,
    USER_ID_LENGTH,
    LIMITS.room_name_length,
    LIMITS.text_bytes,
}
NUMBERS = {0, 1, PAGE_ENTRIES, MUTE_MOST_S, SEQ_MAX}
POSITION = {"after": 0}

# One of each kind, and both sides of each limit. Where bytes count, a character is one byte here.
VALUES: list[Any] = [
    None,
    True,
    False,
    1.5,
    *sorted(number + step for number in NUMBERS for step in (-1, 0, 1)),
    "",
    *("x" * (length + step) for length in sorted(LENGTHS) for step in (0, 1)),
    "no spaces",
    "A-z_0.9",
    "with:colon",
    "a/b",
    "ä",
    "dm:",
    "dm:ada",
    "dm:ada:bob",
    "dm:ada:bob:eve",
    "dm:ada bob:eve",
    f"dm:{'a' * USER_ID_LENGTH}:{'b' * USER_ID_LENGTH}",
    f"dm:{'a' * USER_ID_LENGTH}:{'b' * (USER_ID_LENGTH + 1)}",
    [],
    ["lobby"],
    {},
    {"lobby": None},
    {"lobby": {}},
    {"lobby": POSITION},
    {"lobby": {"after": None}},
    {"lobby": {"after": -1}},
    {"lobby": {"after": 0, "epoch": None}},
    {"lobby": {"after": 0, "epoch": ""}},
    {"lobby": {"after": 0, "epoch": 7}},
    {"no spaces": POSITION},
    {f"{number}": POSITION for number in range(SYNC_ROOMS)},
    {f"{number}": POSITION for number in range(SYNC_ROOMS + 1)},
]

MESSAGES = load_document()["components"]["messages"]


def vary(frame: Frame, fields: list[str]) -> Iterator[Frame]:
    """Give a frame every value in every field, and leave each field out."""
    yield frame
    for field in fields:
        yield {name: value for name, value in frame.items() if name != field}
        for value in VALUES:
            yield {**frame, field: value}


def parses(frame: Frame) -> bool:
    try:
        read_request_id(frame)
        parse_action(frame, LIMITS)
    except ChatError:
        return False
    return True


def is_documented(frame: Frame) -> bool:
    try:
        check_sent(frame)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("action", ACTIONS)
def test_a_frame_is_taken_if_and_only_if_it_is_documented(action: str) -> None:
    fields = [field for field in MESSAGES[f"{action}Request"]["payload"]["properties"] if field != "action"]
    seen = {True: 0, False: 0}
    for example in MESSAGES[f"{action}Request"]["examples"]:
        for frame in vary(example["payload"], fields):
            taken = parses(frame)
            assert taken == is_documented(frame), f"{'taken' if taken else 'refused'}: {frame!r:.300}"
            seen[taken] += 1
    assert all(seen.values())
