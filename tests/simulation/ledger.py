"""What was stored in each room, from the writes to the table itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.simulation.dynamodb import EPOCH_S
from tests.simulation.expressions import Item
from tests.simulation.tables import Write
from tests.simulation.violations import Judge

STORED_ONCE = "an entry is stored once"
FOR_EVER = "what is stored stays"
DENSE = "numbers are dense"
ONE_EPOCH = "one epoch at a time"
COUNTED = "no entry without a token of its user's bucket"
FORWARD = "a read cursor only moves forward"
# A clock may be so wrong that what it calls expired is not, and the other way round.
_SKEW_S = 60

_IDENTITY = ("epoch", "id", "user", "name", "at", "type")


@dataclass(slots=True)
class Record:
    """An entry, when it was stored (virtual time), and when it counts as expired (epoch seconds)."""

    item: Item
    stored_s: float
    expires_at_s: int | None = None


class Ledger:
    """All entries ever stored.

    Attributes:
        rooms: the entries of each room by seq.
        head: seq of each room's newest entry.
    """

    def __init__(self, judge: Judge) -> None:
        self.rooms: dict[str, dict[int, Record]] = {}
        self.head: dict[str, int] = {}
        self._judge = judge
        # By the sender and their id, and by the text, which is another one each time.
        self._stored: dict[tuple[str, str], int] = {}
        self._tokens: set[str] = set()

    def see_write(self, write: Write) -> None:
        """Check a write to either table."""
        room, item = write.key
        if item.startswith("entry#"):
            self._see_entry(room, int(item.partition("#")[2]), write)
        elif item.startswith("read#"):
            before, after = _read_seq(write.before), _read_seq(write.after)
            self._judge.check(FORWARD, after >= before, lambda: f"{write.key} from {before} to {after}")
        elif item == "@send":
            self._tokens.add(write.by)

    def find(self, room: str, seq: int) -> Item | None:
        """Find an entry."""
        record = self.rooms.get(room, {}).get(seq)
        return record.item if record else None

    def stored_s(self, room: str, seq: int) -> float:
        """Tell when an entry was stored."""
        return self.rooms[room][seq].stored_s

    def has_expired(self, room: str, seq: int) -> bool:
        """Say whether an entry may be missing from a page."""
        record = self.rooms[room].get(seq)
        expires_at_s = record.expires_at_s if record else None
        return expires_at_s is not None and expires_at_s <= EPOCH_S + self._judge.now_s() + _SKEW_S

    def _see_entry(self, room: str, seq: int, write: Write) -> None:
        entries = self.rooms.setdefault(room, {})
        if write.after is None:
            self._judge.check(FOR_EVER, self._may_go(room, seq), lambda: f"{room} {seq} was deleted by {write.by}")
        elif write.before is None:
            self._see_new(room, seq, write.after, write.by)
        else:
            before, after = write.before, write.after
            same = all(before[name] == after[name] for name in _IDENTITY)
            self._judge.check(FOR_EVER, same, lambda: f"{room} {seq} was overwritten by {write.by}: {before} {after}")
        if write.after is not None:
            stored_s = entries[seq].stored_s if seq in entries else self._judge.now_s()
            entries[seq] = Record(write.after, stored_s, _read_expiry(write.after))

    def _see_new(self, room: str, seq: int, item: Item, by: str) -> None:
        head = self.head.get(room, 0)
        self._judge.check(DENSE, seq == head + 1, lambda: f"{room} got {seq} after {head}, by {by}")
        before = self.find(room, head)
        epoch = before["epoch"] if before else item["epoch"]
        self._judge.check(
            ONE_EPOCH, epoch == item["epoch"], lambda: f"{room} {seq} has {item['epoch']} after {epoch}, by {by}"
        )
        said = item["text"]["S"] if item["type"]["S"] == "message" else f"{item['user']['S']} {item['id']['S']}"
        for what in (f"{item['user']['S']} {item['id']['S']}", said):
            first = self._stored.setdefault((room, what), seq)
            # Nobody can tell whether what has expired was the same.
            is_first = first == seq or self.has_expired(room, first)
            self._judge.check(STORED_ONCE, is_first, f"{what} is {first} and {seq} of {room}, by {by}")
        is_clients = not by.startswith("publish")
        self._judge.check(COUNTED, not is_clients or by in self._tokens, lambda: f"{room} {seq} by {by}")
        self.head[room] = max(head, seq)

    def _may_go(self, room: str, seq: int) -> bool:
        return seq < self.head[room] and self.has_expired(room, seq)


def _read_seq(item: Mapping[str, Mapping[str, str]] | None) -> int:
    return int(item["seq"]["N"]) if item and "seq" in item else 0


def _read_expiry(item: Item) -> int | None:
    return int(item["expiresAt"]["N"]) if "expiresAt" in item else None
