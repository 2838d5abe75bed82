"""The things of a chat: users, connections, members, entries."""

from __future__ import annotations

from dataclasses import dataclass


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
class Entry:
    """One entry of a room's log, never changed but for its expiry.

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
    text: str
    at_ms: int
    expires_at_s: int | None = None

    def is_live(self, now_ms: int) -> bool:
        """Whether it still counts: DynamoDB deletes expired items late."""
        return self.expires_at_s is None or self.expires_at_s * 1000 > now_ms
