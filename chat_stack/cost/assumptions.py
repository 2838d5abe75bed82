"""What the calls alone do not say: sizes, durations, and how large rooms are served. Each can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

STEP_BYTES = 32 * 1024
# Of SendMessageBatch, and of what a FIFO queue hands to a function at a time: more jobs never leave together.
QUEUE_BATCH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is taken for granted. The defaults are the construct's, the functions', or measured.

    Attributes:
        frame_bytes: a `message` frame with a text of 30 characters.
        row_bytes: a connection in the room index, with ids of Cognito.
        standing_units: read for a user's standing: the ban, the room, the member, each a consistent read.
        transaction_units: written by a transaction of two rows, which costs twice.
        memory_mb: of a function.
        invocation_ms: of the message function without its posts: five round trips of 5 ms, and Python at 512 MB.
        deliver_ms: of the deliver function without its posts: a page of the index, and Python.
        post_us: of a post, 50 at once, at 512 MB.
        log_bytes: written by an invocation: its own line of 700, two of Lambda's, and one of API Gateway's.
        trace_share: of the invocations that X-Ray records.
        inline_members: others in a room whom the message function posts to by itself; beyond them, there is the queue.
        shard_members: most members of a shard, until there are `shards`; its jobs are in one message group.
        shards: the most that a room has.
        page_members: that a shard is read by, in each of its parts.
        together: jobs of one shard that wait together, and leave as one frame.
    """

    frame_bytes: int = 266
    row_bytes: int = 192
    standing_units: int = 3
    transaction_units: int = 4
    memory_mb: int = 512
    invocation_ms: float = 40.0
    deliver_ms: float = 30.0
    post_us: float = 220.0
    log_bytes: int = 1_700
    trace_share: float = 0.05
    inline_members: int = 200
    shard_members: int = 2_000
    shards: int = 32
    page_members: int = 500
    together: int = 10

    def count_shards(self, others: int) -> int:
        """Return how many shards so many members take: the functions double them, until each is small enough."""
        count = 1
        while others / count > self.shard_members and count * 2 <= self.shards:
            count *= 2
        return count

    def fit_together(self, wanted: int) -> int:
        """Return how many of so many jobs the queue hands over at once and a frame can carry, at least one."""
        return max(1, min(wanted, QUEUE_BATCH, STEP_BYTES // self.frame_bytes))

    def read_shard_units(self, members: float, parts: int) -> float:
        """Return the read units of a shard that is read in parts, each of them page by page."""
        pages = parts * ceil(members / parts / self.page_members)
        return pages * self.read_audience_units(ceil(members / pages))

    def read_audience_units(self, members: int) -> float:
        """Return the read units of a query for so many members; it is not consistent."""
        return ceil(members * self.row_bytes / 4096) / 2
