"""Text frames to JSON objects and back."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from chat.protocol.errors import BadUnicodeError, NotJsonError, NotObjectError, TooDeepError, TooLargeError
from chat.protocol.limits import DEPTH

Frame = dict[str, Any]


def decode_frame(body: str, max_bytes: int) -> Frame:
    """Parse what a client sent.

    Args:
        body: the text of the frame.
        max_bytes: longest frame, in bytes of UTF-8.

    Returns:
        A JSON object whose strings are all valid Unicode and which nests at most 16 levels.

    Raises:
        ChatError: one of the `frame.*` errors.
    """
    size_bytes = len(body.encode("utf-8", "surrogatepass"))
    if size_bytes > max_bytes:
        raise TooLargeError(f"a frame may have {max_bytes} bytes, this one has {size_bytes}")
    try:
        frame = json.loads(body, parse_constant=_reject, parse_float=_finite, parse_int=_integer)
    except RecursionError:
        raise TooDeepError(f"a frame may nest {DEPTH} levels") from None
    except ValueError as error:
        raise NotJsonError(f"not JSON: {error}") from None
    _check(frame)
    if not isinstance(frame, dict):
        raise NotObjectError('a frame is a JSON object, such as {"action": "join", "room": "lobby"}')
    return frame


def encode_frame(frame: Frame) -> bytes:
    """Write a frame as it goes on the wire."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode()


def count_fitting(items: list[Frame], room_for_bytes: int) -> int:
    """Count how many items, from the first on, fit into a JSON list of so many bytes.

    Args:
        items: the objects of the list, the one to keep first standing first.
        room_for_bytes: what is left for them in the frame, commas included.
    """
    used_bytes = 0
    for count, item in enumerate(items):
        used_bytes += len(encode_frame(item)) + 1
        if used_bytes > room_for_bytes:
            return count
    return len(items)


def _reject(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _integer(digits: str) -> int:
    _finite(digits)
    return int(digits)


def _check(frame: object) -> None:
    level = [frame]
    for _ in range(DEPTH + 1):
        below: list[object] = []
        for value in level:
            if isinstance(value, str):
                _check_unicode(value)
            elif isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        if not below:
            return
        level = below
    raise TooDeepError(f"a frame may nest {DEPTH} levels")


def _check_unicode(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadUnicodeError(f"half of a surrogate pair in {text[:40]!a}") from None
