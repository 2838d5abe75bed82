"""The requests that are not answered yet, each sent again under its id until it is.

Source: docs/protocol.md, "Sending".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chat_client.room import Position

# `catch_up` is the session's own `history` with `after`; `history` is the user's, with `before`. `withdraw` is the
# session's own `leave`.
Kind = Literal[
    "join",
    "leave",
    "withdraw",
    "send",
    "edit",
    "delete",
    "react",
    "catch_up",
    "history",
    "sync",
    "members",
    "rooms",
    "read",
    "create",
    "invite",
    "remove",
    "kick",
    "ban",
    "unban",
    "mute",
]
# Those that become entries of the log, one after the other.
WRITES: tuple[Kind, ...] = ("send", "edit", "delete", "react")
# Those that are answered by an `ack` and become no entry.
ORDERS: tuple[Kind, ...] = ("read", "create", "invite", "remove", "kick", "ban", "unban", "mute")
# Those that a `join` after them must not overtake.
ENTERING_WAITS_FOR: tuple[Kind, ...] = ("leave", "withdraw", "create")
# Those that the session makes by itself.
OWN: tuple[Kind, ...] = ("catch_up", "sync", "withdraw")
_ACTIONS: dict[Kind, str] = {"catch_up": "history", "withdraw": "leave"}


@dataclass(slots=True)
class Request:
    """One request and what became of it so far.

    Attributes:
        id: on the wire; the same for each attempt.
        room: None for what is about no room, or about all of them; and for a message to a user, until it is known
            who this user is.
        fields: of its frame, beside action and id.
        asked: of each room that it reads, the position that it was asked for with; None for the newest page.
        attempts: how often it was sent.
        sent_s: when it was sent last.
        due_s: when to send it again; None while it waits for its turn.
    """

    id: str
    kind: Kind
    room: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Position | None] = field(default_factory=dict)
    attempts: int = 0
    sent_s: float = 0
    due_s: float | None = None

    @property
    def needs_join(self) -> bool:
        """Whether it is about a room that the connection must be in."""
        return self.kind in WRITES or (self.room is not None and self.kind not in ENTERING_WAITS_FOR)

    @property
    def frame(self) -> dict[str, Any]:
        """Its frame, the same for each attempt."""
        return {"action": _ACTIONS.get(self.kind, self.kind), "id": self.id, **self.fields}


class Requests:
    """All requests without an answer, oldest first."""

    def __init__(self) -> None:
        self._by_id: dict[str, Request] = {}

    def add(self, request: Request) -> Request:
        """Keep a request until it is answered."""
        self._by_id[request.id] = request
        return request

    def get(self, request_id: str | None, *kinds: Kind) -> Request | None:
        """Find the request that a reply belongs to; None where it has been answered before, or is of another kind."""
        request = self._by_id.get(request_id) if request_id is not None else None
        return request if request and (not kinds or request.kind in kinds) else None

    def remove(self, request: Request) -> None:
        """Forget an answered request."""
        self._by_id.pop(request.id, None)

    def select(self, *kinds: Kind, room: str | None = None) -> list[Request]:
        """List the requests of some kinds, or all; of one room, or all."""
        return [
            request
            for request in self._by_id.values()
            if (not kinds or request.kind in kinds) and (room is None or request.room == room)
        ]

    def due(self, now_s: float) -> list[Request]:
        """List the requests that are to be sent again."""
        return [request for request in self._by_id.values() if request.due_s is not None and request.due_s <= now_s]

    def deadlines(self) -> Iterable[float]:
        """Say when each request that was sent is to be sent again."""
        return (request.due_s for request in self._by_id.values() if request.due_s is not None)
