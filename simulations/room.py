"""One room: its messages, their jobs in the queue, and the functions that deliver them."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Generator
from math import ceil

from simulations.account import Account
from simulations.events import Process, Simulation
from simulations.settings import Settings


class Room:
    """The fan-out of a room's messages.

    Attributes:
        sent_at: when each message was sent.
        last_at: when its last recipient so far had it.
        unfinished: shards that a message has not reached yet, by message.
        delivered: messages times recipients.
        backlog: messages that wait in the queue, on average over the shards, by second.
        longest_s: the longest invocation of a deliver function.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._simulation = Simulation()
        self._chance = random.Random(settings.seed)  # noqa: S311 - to be repeated, not to be secret
        self.account = Account(self._simulation, settings, self._chance)
        self._shards = settings.split() if settings.has_queue else [settings.members]
        self._queues: list[deque[int]] = [deque() for _ in self._shards]
        # Shards with jobs that no function is at, the one that waits longest first.
        self._ready: deque[int] = deque()
        self._taken: set[int] = set()
        self._free_functions = settings.functions
        self._queue_free_at = self._index_free_at = 0.0
        self.sent_at: list[float] = []
        self.last_at: list[float] = []
        self.unfinished: list[int] = []
        self.delivered = 0
        self.backlog: list[float] = []
        self.longest_s = 0.0

    def run(self) -> None:
        """Run to the horizon, or until everything is delivered."""
        self._simulation.start(self._send())
        self._simulation.start(self._watch())
        self._simulation.run(self.settings.horizon_s)

    def _send(self) -> Process:
        at = 0.0
        while at < self.settings.sending_s:
            yield at
            message = len(self.sent_at)
            self.sent_at.append(at)
            self.last_at.append(at)
            self.unfinished.append(len(self._shards))
            serve = self._enqueue if self.settings.has_queue else self._post_inline
            self._simulation.start(serve(message), at + self.settings.message_ms / 1e3)
            at += self._chance.expovariate(self.settings.messages_per_s)

    def _post_inline(self, message: int) -> Process:
        """What the message function does for a small room."""
        last = yield from self.account.post(self.settings.members, 0.0)
        self._finish([message], self.settings.members, last)

    def _enqueue(self, message: int) -> Process:
        """What it does for a large one."""
        for shard in range(len(self._shards)):
            self._queue_free_at = max(self._simulation.now, self._queue_free_at) + 1 / self.settings.queue_jobs_per_s
            yield self._queue_free_at + self.settings.queue_ms / 1e3
            queue = self._queues[shard]
            queue.append(message)
            if len(queue) == 1 and shard not in self._taken:
                self._ready.append(shard)
            if self._ready and self._free_functions:
                self._free_functions -= 1
                self._simulation.start(self._deliver())

    def _deliver(self) -> Process:
        """One deliver function: invocation after invocation, as long as there are any jobs."""
        settings = self.settings
        while self._ready:
            batch = self._take_batch()
            yield self._simulation.now + settings.receive_ms / 1e3
            begins_at = self._simulation.now
            read_at = yield from self._read_index(sum(self._shards[shard] for shard in batch))
            posts = sum(self._shards[shard] * settings.count_frames(len(messages)) for shard, messages in batch.items())
            posted_at = yield from self.account.post(posts, settings.paced_per_s / settings.functions)
            ends_at = max(read_at, posted_at)
            yield ends_at
            self.longest_s = max(self.longest_s, ends_at - begins_at)
            for shard, messages in batch.items():
                self._finish(messages, self._shards[shard], ends_at)
                # A group's next jobs are handed over once the last ones are done.
                self._taken.discard(shard)
                if self._queues[shard]:
                    self._ready.append(shard)
        self._free_functions += 1

    def _take_batch(self) -> dict[int, list[int]]:
        """Take the messages whose jobs the queue hands over at once: all that one shard has, then those of the next."""
        batch: dict[int, list[int]] = {}
        left = self.settings.batch
        while left and self._ready:
            shard = self._ready.popleft()
            self._taken.add(shard)
            queue, each = self._queues[shard], self.settings.job_messages
            jobs = min(left, ceil(len(queue) / each))
            batch[shard] = [queue.popleft() for _ in range(min(jobs * each, len(queue)))]
            left -= jobs
        return batch

    def _read_index(self, members: int) -> Generator[float, None, float]:
        """Read a part of the index up to its first pages; return when the rest has been read as well."""
        units = self.settings.count_page_units(members)
        begins_at = max(self._simulation.now, self._index_free_at)
        self._index_free_at = begins_at + units / self.settings.index_units_per_s
        yield begins_at + self.settings.page_ms / 1e3
        return self._index_free_at

    def _finish(self, messages: list[int], members: int, at: float) -> None:
        self.delivered += len(messages) * members
        for message in messages:
            self.unfinished[message] -= 1
            self.last_at[message] = max(self.last_at[message], at)

    def _watch(self) -> Process:
        second = 0.0
        while second < self.settings.sending_s or any(self.unfinished):
            yield second
            self.backlog.append(sum(map(len, self._queues)) / len(self._queues))
            second += 1.0
