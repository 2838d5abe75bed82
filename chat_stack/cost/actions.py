"""From the calls of an action to what they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from chat_stack.cost.assumptions import QUEUE_BATCH, STEP_BYTES, Assumptions
from chat_stack.cost.calls import DELIVER, SEND, SEND_TO_MANY, count_calls
from chat_stack.cost.prices import CostError
from chat_stack.cost.usage import Usage

# They put and delete rows that stand in an index as well.
_INDEXED = {"$connect", "$disconnect", "join", "leave"}
# `presence`, `typing` and read cursors are pushed to rooms up to this size.
_SMALL_ROOM = 100
_TOLD_IF_SMALL = {"$disconnect", "join", "leave", "read", "typing"}
_NO_FRAMES = {"$connect", "$disconnect", "POST /ticket"}
_SILENT = {"typing"}
_GB = 1e9


@dataclass(frozen=True, slots=True)
class Actions:
    """What actions use, by the calls that they make."""

    calls: Mapping[str, str]
    assumptions: Assumptions

    def use(self, name: str, members: int, rooms: int = 1) -> Usage:
        """Return what one action uses.

        Args:
            name: as in docs/calls.md.
            members: connections in the room, the caller's among them.
            rooms: rooms that it is about.

        Raises:
            CostError: it makes a call that has no price here.
        """
        others = members - 1
        if name in _TOLD_IF_SMALL and members > _SMALL_ROOM:
            others = 0
        counted = count_calls(self.calls[name], others, rooms)
        posts = counted.pop("POST", 0)
        usage = self._invoke(self.assumptions.invocation_ms, posts)
        for call, number in counted.items():
            usage += self._use_call(name, call) * number
        if posts > 1:
            # One of the queries counted so far read the audience, as if it were small.
            usage += Usage(read_units=self.assumptions.read_audience_units(members) * rooms - rooms)
        return usage + self._use_frames(name) + self._post(posts)

    def send_to_many(self, members: int, together: int) -> Usage:
        """Return what one message to a large room uses: jobs in a queue, which the deliver function takes.

        Args:
            members: connections in the room, the caller's among them.
            together: jobs of one shard that wait together. They share one read of the index and one post a member.
        """
        assumed = self.assumptions
        shards = assumed.count_shards(members - 1)
        # The message function reads the first members, to see that there are too many.
        usage = self.use(SEND_TO_MANY, 1) + Usage(
            read_units=assumed.read_audience_units(assumed.inline_members + 1) - 1,
            queue_requests=ceil(shards / QUEUE_BATCH) - 1,
        )
        return usage + self._deliver((members - 1) / shards, together) * (shards / together)

    def send(self, members: int, together: int = 1) -> Usage:
        """Return what one message uses, by the path that a room of this size takes."""
        if members - 1 <= self.assumptions.inline_members:
            return self.use(SEND, members)
        return self.send_to_many(members, self.assumptions.fit_together(together))

    def _deliver(self, others: float, together: int) -> Usage:
        """Return what one invocation uses that takes jobs of one shard alone: the dearest way to hand them out."""
        counted = count_calls(self.calls[DELIVER], 1)
        posts = others * counted["POST"]
        receive_and_delete = Usage(queue_requests=2)
        read = Usage(read_units=self.assumptions.read_shard_units(others, counted["Query"]))
        return (
            self._invoke(self.assumptions.deliver_ms, posts) + receive_and_delete + read + self._post(posts, together)
        )

    def _invoke(self, base_ms: float, posts: float) -> Usage:
        duration_s = base_ms / 1e3 + posts * self.assumptions.post_us / 1e6
        return Usage(
            invocations=1,
            compute_gb_s=duration_s * self.assumptions.memory_mb / 1024,
            log_gb=self.assumptions.log_bytes / _GB,
            traces=self.assumptions.trace_share,
        )

    def _post(self, posts: float, together: int = 1) -> Usage:
        frame_bytes = together * self.assumptions.frame_bytes
        return Usage(api_messages=posts * ceil(frame_bytes / STEP_BYTES), transfer_gb=posts * frame_bytes / _GB)

    def _use_frames(self, name: str) -> Usage:
        """Return what the caller's frame and the reply use."""
        if name == "POST /ticket":
            return Usage(http_requests=1)
        if name in _NO_FRAMES:
            return Usage()
        return Usage(api_messages=1) if name in _SILENT else Usage(api_messages=1) + self._post(1)

    def _use_call(self, name: str, call: str) -> Usage:
        written = Usage(write_units=2 if name in _INDEXED else 1)
        used = {
            "GetItem": Usage(read_units=1),
            "BatchGetItem": Usage(read_units=self.assumptions.standing_units),
            "Query": Usage(read_units=1),
            "PutItem": written,
            "DeleteItem": written,
            "UpdateItem": Usage(write_units=1),
            "TransactWriteItems": Usage(write_units=self.assumptions.transaction_units),
            "SendMessageBatch": Usage(queue_requests=1),
            # Of @connections: closes a socket, and is no message.
            "DELETE": Usage(),
        }
        if call not in used:
            raise CostError(f"docs/calls.md: {name} makes {call}, which has no price; add it to {__name__}")
        return used[call]
