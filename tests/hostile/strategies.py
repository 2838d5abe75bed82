"""Frames for hypothesis: of every action as docs/asyncapi.yaml describes it, and then broken."""

from __future__ import annotations

import json
import os
import re
import string
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from chat.protocol.frames import Frame
from tests.contract.schemas import load_document, resolve

# The same examples in each run, unless they are asked for many times over.
_TIMES = int(os.environ.get("FUZZ_TIMES", "1"))

# What the tests' rooms have, so that not everything ends at a room or a message that is not there.
ROOMS = ("hostile", "den", "dm:ada:bob")
USERS = ("ada", "bob", "eve")
_KNOWN: dict[str, st.SearchStrategy[Any]] = {
    "room": st.sampled_from(ROOMS),
    "to": st.sampled_from(USERS),
    "user": st.sampled_from(USERS),
    "seq": st.integers(1, 6),
    "after": st.integers(0, 6),
    "id": st.sampled_from(["1", "2", "3"]),
}
_NAMES = ("__proto__", "constructor", "toString", "action", "id", "room", "type", "$gt", "", "\x00", "\u202e", "\ud800")
_EDGES = (0, -0.0, 1e308, 5e-324, 2**53 + 1, 2**64, -(10**308), 10**12 - 1, 10**12)

_texts = st.text(st.characters(exclude_categories=()), max_size=60) | st.text(
    st.sampled_from('x\ud800\udfff\x00\x1b\x7f\u200b\u202e\u2028\ufeff\uffff\U0010ffff"\\'), min_size=1, max_size=8
)
_names = st.sampled_from(_NAMES) | st.text(max_size=12)
_numbers = st.integers() | st.sampled_from(_EDGES) | st.floats(allow_nan=False, allow_infinity=False)
_scalars = st.none() | st.booleans() | _numbers | _texts | st.sampled_from(_NAMES)
_long_texts = st.builds(lambda one, times: one * times, st.sampled_from("x\u00e9\U0001f600"), st.integers(1, 9_000))
_nested = st.builds(
    lambda levels, is_list: json.loads(("[" if is_list else '{"x":') * levels + "1" + "]}"[not is_list] * levels),
    st.integers(1, 60),
    st.booleans(),
)

json_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=4), max_leaves=12
)
hostile_values = json_values | st.floats() | _long_texts | _nested


def fuzz(examples: int) -> settings:
    """Make the settings of a test with so many examples, or `FUZZ_TIMES` as many, which then are others each time."""
    return settings(
        max_examples=examples * _TIMES,
        derandomize=_TIMES == 1,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )


def valid_frames(action: str) -> st.SearchStrategy[Frame]:
    """Frames of an action as docs/asyncapi.yaml describes it.

    Raises:
        LookupError: it describes no such action, or says something of a field that nothing here can make.
    """
    return _make(_describe(action))


def broken_frames(action: str) -> st.SearchStrategy[Frame]:
    """Frames of an action with fields left out, added, exchanged, or of any type and size."""
    return st.builds(
        lambda frame, dropped, changed: {**_drop(frame, dropped), **changed},
        valid_frames(action),
        st.sets(st.integers(1, 8), max_size=2),
        st.dictionaries(st.sampled_from(list(_describe(action)["properties"])) | _names, hostile_values, max_size=2),
    )


def texts_of(frames: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    """Frames as text; NaN and the like as Python writes them, which is no JSON."""
    return st.builds(lambda frame, is_ascii: json.dumps(frame, ensure_ascii=is_ascii), frames, st.booleans())


def damaged_texts(frames: st.SearchStrategy[Frame]) -> st.SearchStrategy[str]:
    """Frames as text, with a piece cut out and another put in."""
    pieces = _texts | st.text(string.punctuation, max_size=4) | st.sampled_from(["[" * 400, '{"a":', "1e400", "NaN"])
    return st.builds(
        lambda text, start, length, piece: text[: start % len(text)] + piece + text[start % len(text) + length :],
        texts_of(frames),
        st.integers(0, 2_000),
        st.integers(0, 20),
        pieces,
    )


def any_texts() -> st.SearchStrategy[str]:
    """Text that is no frame, or only by chance: JSON of any kind, and any characters."""
    raw = st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape"))
    return texts_of(hostile_values) | _texts | raw


@cache
def _describe(action: str) -> dict[str, Any]:
    payload: dict[str, Any] = resolve(load_document()["components"]["messages"][f"{action}Request"]["payload"])
    return payload


def _drop(frame: Frame, positions: set[int]) -> Frame:
    return {name: value for position, (name, value) in enumerate(frame.items()) if position not in positions}


def _make(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Make what a schema describes."""
    match schema:
        case {"const": value}:
            made: st.SearchStrategy[Any] = st.just(value)
        case {"anyOf": alternatives}:
            made = st.one_of(*map(_make, alternatives))
        case {"type": list(kinds)}:
            made = st.one_of(*(_make({**schema, "type": kind}) for kind in kinds))
        case {"type": "object"}:
            made = _make_object(schema)
        case _:
            made = _make_scalar(schema)
    return made


def _make_scalar(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    match schema:
        case {"type": "string", "pattern": pattern}:
            made: st.SearchStrategy[Any] = st.from_regex(pattern.replace("$", r"\Z"))
        case {"type": "string", "minLength": least, "maxLength": most}:
            # The longest that are allowed stand among the kept cases.
            made = st.text(min_size=least, max_size=min(most, 40))
        case {"type": "integer", "minimum": least, "maximum": most}:
            made = st.integers(least, most)
        case {"type": "boolean"}:
            made = st.booleans()
        case {"type": "null"}:
            made = st.none()
        case _:
            raise LookupError(f"nothing makes what {schema} describes")
    return made


def _make_object(schema: dict[str, Any]) -> st.SearchStrategy[Frame]:
    fields = {
        name: _prefer_known(name, field) | _make(field) if name in _KNOWN else _make(field)
        for name, field in schema.get("properties", {}).items()
    }
    needed = schema.get("required", [])
    objects = st.fixed_dictionaries(
        {name: fields[name] for name in needed},
        optional={name: field for name, field in fields.items() if name not in needed},
    )
    match schema:
        case {"oneOf": [{"required": [one]}, {"required": [other]}]}:
            return objects.flatmap(lambda made: _choose(made, one, other, fields))
        case {"not": {"required": [one, _]}}:
            return objects.map(lambda made: {name: value for name, value in made.items() if name != one})
        case {"propertyNames": names, "additionalProperties": dict(values)}:
            most = schema.get("maxProperties", 4)
            return st.dictionaries(st.sampled_from(ROOMS) | _make(names), _make(values), max_size=min(most, 8))
        case {"properties": _}:
            return objects
    # What anything may stand in, may hold any JSON: the parser alone minds half of a surrogate pair.
    return st.dictionaries(_names, json_values, max_size=3)


def _prefer_known(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return _KNOWN[name].filter(lambda value: re.search(schema.get("pattern", ""), str(value)) is not None)


def _choose(made: Frame, one: str, other: str, fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Frame]:
    """Give an object one of two fields, and not the other."""
    rest = {name: value for name, value in made.items() if name not in {one, other}}

    def put(name: str) -> st.SearchStrategy[Frame]:
        values = fields[name].filter(lambda value: value is not None)
        return values.map(lambda value: {**rest, name: value})

    return put(one) | put(other)
