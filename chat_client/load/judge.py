"""The judge: whether every client was shown every message, once, in order.

Two things are judged. Each room's log, against what was sent: every message stands in it once, those of one sender in
the order in which they were sent. A fault there is one for every client in the room. And what each client was shown,
against the log: the numbers 1, 2, 3 and so on, and under each number the same message as everybody else.

Memory grows with the messages that not everybody was shown yet, not with those that were sent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from chat_client.load.messages import Key


class Fault(Enum):
    """What can be wrong with a number that comes."""

    DUPLICATED = auto()
    OUT_OF_ORDER = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Faults over all pairs of a client and a room that it is in.

    Attributes:
        lost: messages that were sent and not shown, or numbers of the log that were skipped.
        duplicated: messages that were shown again.
        out_of_order: messages that were shown after a later one, or where others were shown another one.
    """

    lost: int
    duplicated: int
    out_of_order: int


class Order:
    """Numbers that are to come as 1, 2, 3 and so on, each once."""

    __slots__ = ("_missing", "_next")

    def __init__(self) -> None:
        self._next = 1
        self._missing: set[int] = set()

    def take(self, number: int) -> Fault | None:
        """Take the next number; say what is wrong with it. One that is left out may still come."""
        if number >= self._next:
            self._missing.update(range(self._next, number))
            self._next = number + 1
            return None
        if number in self._missing:
            self._missing.remove(number)
            return Fault.OUT_OF_ORDER
        return Fault.DUPLICATED


@dataclass(slots=True)
class _Entry:
    """What stands under a number, until everybody was shown it."""

    key: Key | None
    due_s: float | None
    readers_left: int


@dataclass(slots=True)
class _Reader:
    """What one client was shown of one room."""

    order: Order = field(default_factory=Order)
    shown: int = 0


class _Log:
    """One room: what was sent to it, what stands in its log, and how far each client has read."""

    def __init__(self, members: Iterable[int]) -> None:
        self.readers = {client: _Reader() for client in members}
        self.head = 0
        self.faults: Counter[Fault] = Counter()
        self._sent: Counter[int] = Counter()
        self._due_s: dict[Key, float] = {}
        self._entries: dict[int, _Entry] = {}
        self._senders: defaultdict[int, Order] = defaultdict(Order)
        self._unjudged: dict[int, Key | None] = {}
        self._judged = 0
        self._stored = 0

    def add(self, sender: int, due_s: float) -> Key:
        self._sent[sender] += 1
        key = Key(sender, self._sent[sender])
        self._due_s[key] = due_s
        return key

    def show(self, client: int, seq: int, key: Key | None) -> float | None:
        reader = self.readers[client]
        fault = reader.order.take(seq)
        if fault:
            self.faults[fault] += 1
        if fault is Fault.DUPLICATED:
            return None
        reader.shown += 1
        entry = self._entries.get(seq) or self._place(seq, key)
        entry.readers_left -= 1
        if not entry.readers_left:
            del self._entries[seq]
        if entry.key != key:
            self.faults[Fault.OUT_OF_ORDER] += 1
            return None
        return entry.due_s if key and key.sender != client else None

    def count_lost(self) -> int:
        for seq in sorted(self._unjudged):
            self._judge(self._unjudged.pop(seq))
        never_stored = self._sent.total() - self._stored
        return sum(self.head - reader.shown + never_stored for reader in self.readers.values())

    def _place(self, seq: int, key: Key | None) -> _Entry:
        due_s = self._due_s.pop(key, None) if key else None
        self._entries[seq] = entry = _Entry(key, due_s, len(self.readers))
        self.head = max(self.head, seq)
        # Whoever was shown it first may have been shown it too early: senders are judged by the order of the log.
        self._unjudged[seq] = key
        while self._judged + 1 in self._unjudged:
            self._judged += 1
            self._judge(self._unjudged.pop(self._judged))
        return entry

    def _judge(self, key: Key | None) -> None:
        """Judge the next entry of the log against those of its sender before it."""
        if key is None or key.number > self._sent[key.sender]:
            return
        fault = self._senders[key.sender].take(key.number)
        if fault:
            self.faults[fault] += len(self.readers)
        self._stored += fault is not Fault.DUPLICATED


class Judge:
    """Is told what is sent and what is shown.

    Args:
        members: the clients in each room. All of them read each log from its start.

    Attributes:
        expected: how often messages are to be shown to a client: each to all in its room, its sender among them.
    """

    def __init__(self, members: Mapping[str, Iterable[int]]) -> None:
        self.expected = 0
        self._logs = {room: _Log(clients) for room, clients in members.items()}

    def send(self, room: str, sender: int, due_s: float) -> Key:
        """Note that a message is sent.

        Args:
            room: where to.
            sender: the client's index.
            due_s: since when its latency counts.

        Returns:
            Which message it is.
        """
        log = self._logs[room]
        self.expected += len(log.readers)
        return log.add(sender, due_s)

    def show(self, client: int, room: str, seq: int, key: Key | None) -> float | None:
        """Note that a client was shown an entry.

        Args:
            client: its index.
            room: where.
            seq: the entry's number.
            key: which message it is; None for one that the generator did not send.

        Returns:
            The message's `due_s`, where somebody else sent it and nothing is wrong with it.
        """
        return self._logs[room].show(client, seq, key)

    def list_lagging(self) -> set[int]:
        """List the clients that were not shown what somebody else was."""
        return {
            client for log in self._logs.values() for client, reader in log.readers.items() if reader.shown < log.head
        }

    def decide(self) -> Verdict:
        """Count what is wrong, once nothing comes any more."""
        lost = sum(log.count_lost() for log in self._logs.values())
        faults = sum((log.faults for log in self._logs.values()), Counter[Fault]())
        return Verdict(lost, faults[Fault.DUPLICATED], faults[Fault.OUT_OF_ORDER])
