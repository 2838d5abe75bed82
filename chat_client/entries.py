"""The entries of a room's log, each told once, in the order of `seq`.

Source: docs/protocol.md, "Entries".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a room's log.

    Attributes:
        seq: its number in the room; a number that is skipped has expired.
        id: the sender's own id of it.
        user: the sender's id, `from` on the wire.
        name: the sender's display name.
    """

    room: str
    epoch: str
    seq: int
    id: str
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class UnknownEntry(Entry):
    """An entry of a type that this client does not know. It has its number; as an event it is told to nobody."""


@dataclass(frozen=True, slots=True)
class Message(Entry):
    """What somebody said, as it stood when it was read.

    Attributes:
        text: None where it was deleted.
        at_ms: the server's time; for showing, never for ordering.
        edited: whether it was edited.
        meta: what the sender's client sent along.
        reactions: ids of the users who reacted, by emoji.
    """

    text: str | None
    at_ms: int
    edited: bool = False
    meta: Mapping[str, Any] | None = None
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edited(Entry):
    """The message with number `target` got another text; None where that was edited again or deleted since."""

    target: int
    text: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Deleted(Entry):
    """The message with number `target` was deleted."""

    target: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Reacted(Entry):
    """Somebody reacted to the message with number `target`, or took that back."""

    target: int
    emoji: str
    remove: bool
    at_ms: int
