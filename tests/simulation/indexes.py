"""A global secondary index of DynamoDB: it follows its table, late and in no order.

Source: Amazon DynamoDB Developer Guide, "Using Global Secondary Indexes": "propagated ... within a fraction of a
second, under normal conditions", eventually consistent reads alone; only items that have the index's keys stand in
it. One item's changes arrive in their order; those of different items do not. Every read asks one of two replicas, so
that a later one may show less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.expressions import Item, compare

# How long a change takes at most. The domain's second look at a user's connections rests on it:
# chat.domain.moderation.
LAG_MOST_S = 0.9

Key = tuple[Any, Any]


@dataclass(frozen=True)
class IndexSchema:
    """An index's keys, and what else stands in it."""

    name: str
    partition: str
    sort: str
    projected: tuple[str, ...] = ()


class Replica:
    """One replica of an index."""

    def __init__(self, schema: IndexSchema, base: tuple[str, str]) -> None:
        self._schema = schema
        self._base = base
        self._attributes = {schema.partition, schema.sort, *base, *schema.projected}
        self._versions: dict[Key, int] = {}
        self._places: dict[Key, tuple[Any, Any]] = {}
        self._partitions: dict[Any, dict[Any, Item]] = {}
        self._since_s: dict[Key, float] = {}

    def apply(self, key: Key, item: Item | None, version: int, now_s: float) -> None:
        """Take a change of an item over, unless a later one is there."""
        if self._versions.get(key, 0) >= version:
            return
        self._versions[key] = version
        before = self._places.pop(key, None)
        if before:
            del self._partitions[before[0]][before[1]]
        schema = self._schema
        if item is None or schema.partition not in item or schema.sort not in item:
            self._since_s.pop(key, None)
            return
        partition, place = compare(item[schema.partition]), (compare(item[schema.sort]), key)
        kept = {name: value for name, value in item.items() if name in self._attributes}
        self._partitions.setdefault(partition, {})[place] = kept
        self._places[key] = partition, place
        self._since_s.setdefault(key, now_s)

    def shows_since(self, key: Key) -> float | None:
        """Tell since when an item stands in it without a break; None where it does not."""
        return self._since_s.get(key)

    def list(self, partition: Any) -> Sequence[Item]:
        """List a partition's items, in the order of their keys."""
        items = self._partitions.get(partition, {})
        return [items[place] for place in sorted(items)]


class Index:
    """An index with its replicas."""

    def __init__(self, schema: IndexSchema, base: tuple[str, str]) -> None:
        self.schema = schema
        self.replicas = [Replica(schema, base) for _ in range(2)]

    def key_names(self) -> tuple[str, str]:
        """Name its keys."""
        return self.schema.partition, self.schema.sort

    def shows_since(self, key: Key) -> float | None:
        """Tell since when every read has shown an item; None where one may not."""
        times = [replica.shows_since(key) for replica in self.replicas]
        return None if None in times else max(time for time in times if time is not None)
