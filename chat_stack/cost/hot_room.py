"""What one room can take: limits that no account quota raises, because they are those of one partition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from chat_stack.cost.assumptions import Assumptions

# Of one partition of a table or an index, a second.
_PARTITION_READ_UNITS = 3_000
_PARTITION_WRITE_UNITS = 1_000
_POSTS_A_SECOND = 10_000
_CONNECTS_A_SECOND = 500
# Rows of the room's own partition that a standing takes: the room, the member. The ban stands elsewhere.
_STANDING_ROWS = 2
# A join looks twice: before its row is written, and after.
_JOIN_STANDINGS = 2 * _STANDING_ROWS
_PAGE_ENTRIES = 100
# Reading the tail and putting the entry, one writer after the other.
_APPEND_MS = 10.0


@dataclass(frozen=True, slots=True)
class RoomLimit:
    """How much of something a second one room can take, and what stops it there."""

    what: str
    a_second: float
    bound: str


def limit_room(assumptions: Assumptions, members: int) -> Iterator[RoomLimit]:
    """Work out what a room of so many members can take.

    Args:
        assumptions: sizes, and how many messages leave together.
        members: connections in the room, at least 2.
    """
    posts = _POSTS_A_SECOND / (members - 1)
    page_units = ceil(_PAGE_ENTRIES * assumptions.frame_bytes / 4096)
    join_units = _JOIN_STANDINGS + page_units
    yield RoomLimit("messages", posts, "the account's 10,000 posts a second")
    if members - 1 > assumptions.inline_members:
        together = assumptions.fit_together(assumptions.together)
        yield RoomLimit(f"messages, {together} together", posts * together, "the same")
    yield RoomLimit("messages", 1_000 / _APPEND_MS, f"the next number: one append after the other, {_APPEND_MS:.0f} ms")
    reads = _PARTITION_READ_UNITS / (_STANDING_ROWS + 1)
    yield RoomLimit("messages", reads, f"the log's partition: {_STANDING_ROWS + 1} of 3,000 read units each")
    yield RoomLimit("messages", _PARTITION_WRITE_UNITS, "the log's partition: 1 of 1,000 write units each")
    joins = _PARTITION_READ_UNITS / join_units
    yield RoomLimit(
        "joins", joins, f"the log's partition: {join_units} of 3,000 read units each, with the last 100 entries"
    )
    yield RoomLimit("joins", _CONNECTS_A_SECOND, "the account's new connections")
    yield RoomLimit("joins", _PARTITION_WRITE_UNITS, "the room index's partition: 1 of 1,000 write units each")
