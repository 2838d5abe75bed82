"""DynamoDB's expressions, as far as the adapters use them; any other form is refused.

Source: Amazon DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions", "Key condition
expressions", "Update expressions"; "ValidationException" where a name or a value is given and not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Value = dict[str, str]
Item = Mapping[str, Value]
Resolve = Callable[[Item, str], Value | None]
Test = Callable[[Item, Resolve], bool]

_TOKEN = re.compile(r"\s*(#?\w+|:\w+|<=|>=|<>|[=<>(),+-])")


class ValidationError(Exception):
    """The request is malformed."""


@dataclass(frozen=True)
class Scope:
    """What a request gives for `#names` and `:values`."""

    names: Mapping[str, str]
    values: Mapping[str, Value]

    @classmethod
    def of(cls, request: Mapping[str, Any], *expressions: str | None) -> Scope:
        """Read a request's, and check that its expressions use each of them."""
        scope = cls(request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {}))
        used = {word for expression in expressions if expression for word in tokens(expression) if word[0] in "#:"}
        given = {*scope.names, *scope.values}
        if used != given:
            raise ValidationError(f"used and not given, or given and not used: {sorted(used ^ given)}")
        return scope

    def name(self, word: str) -> str:
        """Resolve an attribute's name."""
        return self.names[word] if word.startswith("#") else word

    def resolve(self, item: Item, word: str) -> Value | None:
        """Resolve an operand: a given value, or an attribute of the item."""
        return self.values[word] if word.startswith(":") else item.get(self.name(word))


@lru_cache(maxsize=1024)
def tokens(expression: str) -> tuple[str, ...]:
    """Cut an expression into its words."""
    words, position = [], 0
    while position < len(expression):
        match = _TOKEN.match(expression, position)
        if match is None:
            raise ValidationError(f"{expression!r} has no meaning here at {position}")
        words.append(match[1])
        position = match.end()
    return tuple(words)


def compare(value: Value) -> tuple[str, str | int]:
    """Make what two values are compared by: their type, then numbers as numbers."""
    ((kind, text),) = value.items()
    return kind, int(text) if kind == "N" else text


def holds(expression: str | None, item: Item, scope: Scope) -> bool:
    """Judge a condition: comparisons and `attribute_exists` with AND and OR, of which AND binds more tightly."""
    if expression is None:
        return True
    words = list(tokens(expression))
    result = _read_or(words, item, scope)
    if words:
        raise ValidationError(f"{expression!r} goes on with {words[0]}")
    return result


def _read_or(words: list[str], item: Item, scope: Scope) -> bool:
    result = _read_and(words, item, scope)
    while words and words[0] == "OR":
        words.pop(0)
        result = _read_and(words, item, scope) or result
    return result


def _read_and(words: list[str], item: Item, scope: Scope) -> bool:
    result = _read_test(words, item, scope)
    while words and words[0] == "AND":
        words.pop(0)
        result = _read_test(words, item, scope) and result
    return result


def _read_test(words: list[str], item: Item, scope: Scope) -> bool:
    first = words.pop(0)
    if first in ("attribute_exists", "attribute_not_exists"):
        _, word, closing = words[:3]
        if closing != ")":
            raise ValidationError(f"{first} takes one name")
        del words[:3]
        return (scope.name(word) in item) == (first == "attribute_exists")
    operator, second = words[:2]
    if operator == "BETWEEN":
        last = words[3]
        del words[:4]
        return _compare(item, scope, first, ">=", second) and _compare(item, scope, first, "<=", last)
    del words[:2]
    return _compare(item, scope, first, operator, second)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _compare(item: Item, scope: Scope, first: str, operator: str, second: str) -> bool:
    one, other = scope.resolve(item, first), scope.resolve(item, second)
    if operator not in _OPERATORS:
        raise ValidationError(f"no operator {operator}")
    # A comparison with an attribute that is not there, or of another type, is false.
    if one is None or other is None or one.keys() != other.keys():
        return False
    return _OPERATORS[operator](compare(one), compare(other))


def update(expression: str, item: Item, scope: Scope) -> dict[str, Value]:
    """Apply an update: SET with values, attributes and sums, and REMOVE."""
    words = list(tokens(expression))
    changed = dict(item)
    while words:
        clause = words.pop(0)
        if clause == "SET":
            _set(words, item, changed, scope)
        elif clause == "REMOVE":
            changed.pop(scope.name(words.pop(0)), None)
            while words and words[0] == ",":
                changed.pop(scope.name(words[1]), None)
                del words[:2]
        else:
            raise ValidationError(f"no clause {clause} in {expression!r}")
    return changed


def _set(words: list[str], item: Item, changed: dict[str, Value], scope: Scope) -> None:
    while True:
        name, equals, operand = words[:3]
        if equals != "=":
            raise ValidationError(f"SET {name} {equals}")
        del words[:3]
        value = scope.resolve(item, operand)
        if words and words[0] == "+":
            addend = scope.resolve(item, words[1])
            del words[:2]
            if value is None or addend is None:
                raise ValidationError(f"the sum for {name} has no operand")
            value = {"N": str(int(value["N"]) + int(addend["N"]))}
        if value is None:
            raise ValidationError(f"SET {name} to nothing")
        changed[scope.name(name)] = value
        if not words or words[0] != ",":
            return
        words.pop(0)
