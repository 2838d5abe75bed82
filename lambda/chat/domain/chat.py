"""What every action is given: the ports and the settings, and a tally of what happened."""

from __future__ import annotations

from dataclasses import dataclass

from chat.domain.ports import Connections, FanOut, RoomLog, Surroundings, Tickets
from chat.protocol.limits import Limits


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat: its stores, its fan-out, its settings. Built once in each container.

    Attributes:
        retention_s: how long an entry is kept after its successor was written, in seconds; None for ever.
    """

    tickets: Tickets
    connections: Connections
    log: RoomLog
    fan_out: FanOut
    surroundings: Surroundings
    limits: Limits
    retention_s: int | None = None


@dataclass(slots=True)
class Tally:
    """What one invocation did, for the log line and the metrics."""

    messages: int = 0
    deliveries: int = 0
    gone: int = 0
    failed: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """The connection that asks, and the tally of what its request does."""

    connection_id: str
    tally: Tally
