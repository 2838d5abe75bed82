"""What every action is given: the ports and the settings, and a tally of what happened."""

from __future__ import annotations

from typing import NamedTuple

from chat.domain.ports import (
    Connections,
    Cursors,
    Deliveries,
    FanOut,
    MessageReview,
    Rates,
    RoomAccess,
    RoomLog,
    Standings,
    Surroundings,
    Tickets,
)
from chat.protocol.limits import Limits


class Moderators(NamedTuple):
    """Who may moderate everywhere: the users whose token names `group` in `claim`."""

    claim: str
    group: str


class Chat(NamedTuple):
    """One chat: its stores, its fan-out, its settings. Built once in each container.

    Attributes:
        inline_limit: rooms of at most so many connections are pushed to at once, larger ones by the queue.
        shards_most: most parts that a large room is cut into.
        retention_s: how long an entry is kept after its successor was written, in seconds; None for ever.
        moderators: who may moderate everywhere; None for nobody.
        room_access: the application's decision about rooms; None where their own rules hold.
        message_review: the application's look at texts; None for no review.
    """

    tickets: Tickets
    connections: Connections
    log: RoomLog
    standings: Standings
    cursors: Cursors
    rates: Rates
    fan_out: FanOut
    deliveries: Deliveries
    surroundings: Surroundings
    limits: Limits
    inline_limit: int = 200
    shards_most: int = 32
    retention_s: int | None = None
    moderators: Moderators | None = None
    room_access: RoomAccess | None = None
    message_review: MessageReview | None = None


class Tally:
    """What one invocation did, for the log line and the metrics."""

    def __init__(self) -> None:
        self.messages = 0
        self.deliveries = 0
        self.gone = 0
        self.failed = 0
        self.jobs = 0
        self.conflicts = 0


class Caller(NamedTuple):
    """The connection that asks, and the tally of what its request does."""

    connection_id: str
    tally: Tally
