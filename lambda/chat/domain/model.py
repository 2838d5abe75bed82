"""The things of a chat: users, connections, members, entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class User:
    """Who somebody is: an id, and the name that others see."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A live socket. API Gateway ends each one after two hours; `expires_at_s` (epoch seconds) lies after that."""

    id: str
    user: User
    connected_at_ms: int
    expires_at_s: int


@dataclass(frozen=True, slots=True)
class Member:
    """A connection in a room."""

    room: str
    connection_id: str
    user: User
    expires_at_s: int


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said, as it stands now.

    Attributes:
        text: None once it was deleted.
        meta: a JSON object that travels with it.
        edit_seq: number of the last edit, 0 for none.
        reactions: the ids of the users who reacted, by emoji, in the order in which they did.
    """

    text: str | None
    meta: Mapping[str, object] | None = None
    edit_seq: int = 0
    reactions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edited:
    """The message with number `target` got another text; None once that was edited again, or deleted."""

    target: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """The message with number `target` lost its text."""

    target: int


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody reacted to the message with number `target`, or took that back."""

    target: int
    emoji: str
    remove: bool


Content = Message | Edited | Deleted | Reacted


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a room's log.

    Attributes:
        seq: its number in the room, from 1 on, without holes.
        epoch: names the log that the number belongs to.
        id: the sender's own id for it, unique for that user.
        at_ms: milliseconds since 1970, for showing only.
        expires_at_s: epoch seconds after which it counts as gone; None for ever. The newest entry of a room has None.
    """

    room: str
    seq: int
    epoch: str
    id: str
    user: User
    content: Content
    at_ms: int
    expires_at_s: int | None = None

    def is_live(self, now_ms: int) -> bool:
        """Whether it still counts: DynamoDB deletes expired items late."""
        return self.expires_at_s is None or self.expires_at_s * 1000 > now_ms


@dataclass(frozen=True, slots=True)
class Revision:
    """What a new entry changes in an earlier one, in the same transaction; None leaves that part alone."""

    content: Content | None = None
    expires_at_s: int | None = None
