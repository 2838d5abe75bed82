"""SQS: a FIFO queue, and the event source that feeds a function from it.

Sources: Amazon SQS Developer Guide, "FIFO queues" (a group's messages one after the other; a deduplication id counts
for five minutes, here for its group), "Dead-letter queues"; AWS Lambda Developer Guide, "Using Lambda with Amazon
SQS" (batches, partial failures, at least once: a message whose deletion fails is handed out again).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.chance import Dice
from tests.simulation.dynamodb import Answer, Body, Respond
from tests.simulation.functions import Lambda
from tests.simulation.loop import VirtualLoop

_DEDUPLICATION_S = 300
VISIBILITY_S = 6 * 29
_RECEIVES = 5
_BATCH = 10
_POLL_S = 0.02


@dataclass(slots=True)
class QueuedMessage:
    """A message; `visible_s` is when it may be handed out."""

    id: str
    group: str
    body: str
    visible_s: float = 0
    receives: int = 0


class Queue:
    """The queue, its dead letters, and the poller.

    Attributes:
        waiting: by group, in order.
        dead_letters: what was given up.
    """

    def __init__(self, loop: VirtualLoop, functions: Lambda, dice: Dice) -> None:
        self.waiting: dict[str, list[QueuedMessage]] = {}
        self.dead_letters: list[QueuedMessage] = []
        self.on_put: Callable[[QueuedMessage], None] = lambda message: None
        self._loop = loop
        self._functions = functions
        self._dice = dice
        self._seen: dict[tuple[str, str], float] = {}
        self._busy: set[str] = set()
        self._batches = 0
        self._messages = 0

    def handle(self, operation: str, request: Body, dice: Dice, respond: Respond) -> None:
        """Take a batch of messages."""
        assert operation == "SendMessageBatch", operation
        entries = request["Entries"]
        assert 1 <= len(entries) <= _BATCH
        assert sum(len(entry["MessageBody"].encode()) for entry in entries) <= 256 * 1024
        failed = []
        for entry in entries:
            if dice.strikes("not taken"):
                failed.append({"Id": entry["Id"], "Code": "InternalError", "SenderFault": False})
            else:
                self._put(entry)
        taken = {each["Id"] for each in failed}
        successful = [{"Id": entry["Id"]} for entry in entries if entry["Id"] not in taken]
        respond(Answer(200, {"Successful": successful, "Failed": failed}))

    def list_messages(self) -> list[QueuedMessage]:
        """List what waits or is under way."""
        return [message for messages in self.waiting.values() for message in messages]

    def _put(self, entry: Body) -> None:
        group, now_s = entry["MessageGroupId"], self._loop.time()
        key = group, entry["MessageDeduplicationId"]
        if self._seen.get(key, -_DEDUPLICATION_S) + _DEDUPLICATION_S > now_s:
            return
        self._seen[key] = now_s
        self._messages += 1
        message = QueuedMessage(f"m{self._messages}", group, entry["MessageBody"])
        self.waiting.setdefault(group, []).append(message)
        self.on_put(message)
        self._loop.after(_POLL_S, self._poll)

    def _poll(self) -> None:
        """Hand out what is first in its group, and what follows it there."""
        now_s = self._loop.time()
        batch: list[QueuedMessage] = []
        for group, messages in self.waiting.items():
            if group in self._busy or len(batch) == _BATCH:
                continue
            ready = []
            for message in messages[: _BATCH - len(batch)]:
                if message.visible_s > now_s:
                    break
                ready.append(message)
            batch += ready
        if batch:
            self._hand_out(batch)

    def _hand_out(self, batch: Sequence[QueuedMessage]) -> None:
        self._batches += 1
        groups = {message.group for message in batch}
        self._busy |= groups
        for message in batch:
            message.receives += 1
        records = [
            {"messageId": message.id, "body": message.body, "attributes": {"MessageGroupId": message.group}}
            for message in batch
        ]

        def end(response: dict[str, Any] | None) -> None:
            failed = {message.id for message in batch}
            if response is not None:
                failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
            self._settle(batch, failed)
            self._busy -= groups
            self._loop.after(_POLL_S, self._poll)

        self._functions.invoke("deliver", {"Records": records}, f"deliver {self._batches}", end)

    def _settle(self, batch: Sequence[QueuedMessage], failed: set[str]) -> None:
        for message in batch:
            if message.id not in failed and not self._dice.strikes("delivered again"):
                self.waiting[message.group].remove(message)
            elif message.receives >= _RECEIVES:
                self.waiting[message.group].remove(message)
                self.dead_letters.append(message)
            else:
                delay_s = self._dice.uniform(1, VISIBILITY_S)
                message.visible_s = self._loop.time() + delay_s
                self._loop.after(delay_s + _POLL_S, self._poll)
