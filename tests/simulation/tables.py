"""A table of DynamoDB: its items by partition, in the order of their sort keys; and what they were a moment ago.

Source: Amazon DynamoDB Developer Guide, "Core components" and "Read consistency".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.expressions import Item
from tests.simulation.indexes import Index, IndexSchema, Key

# Enough to know what an item was half a second ago.
_KEPT_VERSIONS = 8


@dataclass(frozen=True, slots=True)
class Write:
    """What has become of an item. `before` and `after` are None where there is none."""

    table: str
    key: tuple[str, str]
    before: Item | None
    after: Item | None
    by: str


class Partition:
    """The items of one partition, in the order of their sort keys."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self._order: list[str] = []

    def set(self, sort: str, item: Item | None) -> None:
        """Write an item, or delete it."""
        if item is None:
            if self.items.pop(sort, None) is not None:
                del self._order[bisect_left(self._order, sort)]
            return
        if sort not in self.items:
            insort(self._order, sort)
        self.items[sort] = item

    def list(self, first: str = "", last: str | None = None) -> Sequence[Item]:
        """List the items from one sort key to another."""
        end = len(self._order) if last is None else bisect_right(self._order, last)
        return [self.items[sort] for sort in self._order[bisect_left(self._order, first) : end]]


class Table:
    """One table's items, their late versions, and its indexes."""

    def __init__(self, name: str, partition: str, sort: str, indexes: Sequence[IndexSchema]) -> None:
        self.name = name
        self.keys = partition, sort
        self.indexes = {schema.name: Index(schema, self.keys) for schema in indexes}
        self.partitions: dict[str, Partition] = {}
        self.locked: set[Key] = set()
        self.expiries: dict[tuple[str, str], int] = {}
        self._versions: dict[Key, list[tuple[float, Item | None]]] = {}

    def key_of(self, item: Item) -> tuple[str, str]:
        """Read an item's key."""
        return item[self.keys[0]]["S"], item[self.keys[1]]["S"]

    def get(self, key: tuple[str, str]) -> Item | None:
        """Read the present item."""
        partition = self.partitions.get(key[0])
        return partition.items.get(key[1]) if partition else None

    def get_at(self, key: tuple[str, str], time_s: float) -> Item | None:
        """Read an item as it was."""
        found = None
        for written_s, item in self._versions.get(key, []):
            if written_s <= time_s:
                found = item
        return found

    def set(self, key: tuple[str, str], item: Item | None, now_s: float) -> None:
        """Write an item, or delete it."""
        self.partitions.setdefault(key[0], Partition()).set(key[1], item)
        if item is not None and "expiresAt" in item:
            self.expiries[key] = int(item["expiresAt"]["N"])
        else:
            self.expiries.pop(key, None)
        versions = self._versions.setdefault(key, [])
        versions.append((now_s, item))
        del versions[:-_KEPT_VERSIONS]
