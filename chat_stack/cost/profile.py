"""How people use a chat, and how often each action is then made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_PING_MINUTES = 4
_SYNC_MINUTES = 22.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What users do: those of a company, by default.

    Attributes:
        users: who use the chat in a month.
        days: on which a user does, in a month.
        hours_a_day: that a user is connected.
        connections_a_day: that this takes; each ends after two hours at the latest.
        rooms: that a connection joins.
        room_members: connected to a room at a time.
        sends_a_day: messages of a user.
        typings_a_day: frames that say that a user is typing.
        reads_a_day: frames that move a user's read cursor.
        months_kept: how many months of messages are stored.
        peak_share: of the users who are connected when most are.
        peak_factor: how much busier a user is then than on average.
        rush_minutes: in which they all connect.
    """

    users: int = 10_000
    days: float = 22.0
    hours_a_day: float = 6.0
    connections_a_day: float = 4.0
    rooms: int = 5
    room_members: int = 25
    sends_a_day: float = 20.0
    typings_a_day: float = 20.0
    reads_a_day: float = 40.0
    months_kept: float = 12.0
    peak_share: float = 0.5
    peak_factor: float = 3.0
    rush_minutes: float = 15.0

    @property
    def connected_s(self) -> float:
        """Seconds that one user is connected in a month."""
        return self.days * self.hours_a_day * 3_600

    def count_actions(self) -> Mapping[str, float]:
        """Return how often one user makes each action in a month."""
        minutes = self.connected_s / 60
        connections = self.connections_a_day * self.days
        return {
            "POST /ticket": connections,
            "$connect": connections,
            "$disconnect": connections,
            "join": connections * self.rooms,
            "send": self.sends_a_day * self.days,
            "typing": self.typings_a_day * self.days,
            "read": self.reads_a_day * self.days,
            "sync": minutes / _SYNC_MINUTES,
            "ping": minutes / _PING_MINUTES,
        }
