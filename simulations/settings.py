"""What is simulated: one room, who writes to it, and what the account and the functions can do."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

_FRAME_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One room under one load.

    Attributes:
        members: connections that each message goes to.
        messages_per_s: sent to the room, at random times.
        sending_s: for how long.
        horizon_s: when the simulation ends, whether all is delivered or not.
        seed: of all chance.
        posts_per_s: of the account; a bucket of `post_burst` fills at this rate.
        post_burst: posts that an idle account can take at once.
        functions: deliver functions at a time, at most.
        paced_per_s: posts a second that they share among themselves; 0 where each goes as fast as it can.
        in_flight: posts of a function at a time.
        post_us: a function's own time for one post, at 512 MB.
        latency_ms: of a post, the median.
        latency_spread: of its logarithm.
        straggler_share: posts that take `straggler_ms`, because the client is slow.
        straggler_ms: how long these take.
        throttled_ms: until a post is answered with 429.
        backoff_ms: before it is repeated, at most, doubled each time.
        inline_members: to so many the message function posts by itself.
        shard_members: most members of a shard, until there are `shards`.
        shards: the most that a room has; the functions double them, until each is small enough.
        batch: jobs that the queue hands over at once, of as few shards as there are; 10 is the most for FIFO.
        job_messages: that a job stands for, at most; as it is, each has its own.
        queue_jobs_per_s: that the queue takes: 3,000 in batches of 10, more with high throughput.
        queue_ms: from a sent job to one that can be received.
        receive_ms: from there to the function's first line.
        message_ms: from a frame of a client to its jobs, or its first post.
        frame_bytes: one message; more of them go into one frame as long as 32 KB hold them.
        row_bytes: a member in the room index.
        page_ms: for a page of it; the first posts leave with the first ones.
        index_units_per_s: read units that its partition gives.
    """

    members: int
    messages_per_s: float
    sending_s: float = 120.0
    horizon_s: float = 360.0
    seed: int = 1
    posts_per_s: float = 10_000.0
    post_burst: float = 5_000.0
    functions: int = 4
    paced_per_s: float = 8_000.0
    in_flight: int = 50
    post_us: float = 220.0
    latency_ms: float = 10.0
    latency_spread: float = 0.3
    straggler_share: float = 0.01
    straggler_ms: float = 200.0
    throttled_ms: float = 5.0
    backoff_ms: float = 50.0
    inline_members: int = 200
    shard_members: int = 2_000
    shards: int = 32
    batch: int = 10
    job_messages: int = 1
    queue_jobs_per_s: float = 3_000.0
    queue_ms: float = 15.0
    receive_ms: float = 20.0
    message_ms: float = 30.0
    frame_bytes: int = 266
    row_bytes: int = 192
    page_ms: float = 20.0
    index_units_per_s: float = 3_000.0

    def __post_init__(self) -> None:
        for name in ("members", "messages_per_s", "sending_s", "horizon_s", "functions", "in_flight", "batch"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")

    @property
    def has_queue(self) -> bool:
        """Whether the room is too large for the message function."""
        return self.members > self.inline_members

    def split(self) -> list[int]:
        """Return the members of each shard."""
        shards = 1
        while self.members / shards > self.shard_members and shards * 2 <= self.shards:
            shards *= 2
        few, more = divmod(self.members, shards)
        return [few + (shard < more) for shard in range(shards)]

    def count_frames(self, messages: int) -> int:
        """Return how many frames carry so many messages."""
        return ceil(messages / max(1, _FRAME_BYTES // self.frame_bytes))

    def count_page_units(self, members: int) -> float:
        """Return the read units for so many members of the index; they are not read consistently."""
        return ceil(members * self.row_bytes / 4096) / 2
