"""The rows of connections: live ones keep theirs, dead ones lose theirs. And tickets: each opens one connection."""

from __future__ import annotations

from collections.abc import Mapping

from chat.aws.connections import OWN_ROW
from tests.simulation.dynamodb import EPOCH_S
from tests.simulation.functions import Invocation
from tests.simulation.gateway import Connection
from tests.simulation.tables import Table, Write
from tests.simulation.violations import Judge

KEPT = "a live connection keeps its rows"
CLEARED = "rows of a connection that is gone go away"
BOUNDED = "every row of Connections expires"
READ_LAST = "a join reads the log after its row is written"
TICKETS = "a ticket opens one connection"
_LONGEST_S = 7_800 + 120
# What is so young may not be open yet, and keeps its rows (chat/domain/audience.py). Clocks may be wrong.
_YOUNG_S = 60 + 22
# These never take anybody out of a room.
_HARMLESS = frozenset({"send", "edit", "delete", "react", "history", "sync", "members", "rooms", "read", "typing"})


class Rows:
    """The Connections table's rows.

    Args:
        judge: takes violations.
        table: Connections.
        connections: all there ever were.
        heads: the newest seq of each room.
    """

    def __init__(
        self, judge: Judge, table: Table, connections: dict[str, Connection], heads: Mapping[str, int]
    ) -> None:
        self._judge = judge
        self._table = table
        self._heads = heads
        self._heads_at_join: dict[str, int] = {}
        self._connections = connections
        self._tickets: dict[str, str] = {}
        self._put_s: dict[str, float] = {}
        self._gone: dict[Invocation, dict[str, float]] = {}

    def see_write(self, write: Write) -> None:
        """Check a write."""
        connection = self._connections.get(write.key[0])
        if write.after is not None:
            self._put_s[write.key[0]] = self._judge.now_s()
            if not write.key[1].startswith(OWN_ROW):
                # A first attempt may come late.
                self._heads_at_join.setdefault(write.by, self._heads.get(write.key[1], 0))
            lives_s = int(write.after["expiresAt"]["N"]) - EPOCH_S - self._judge.now_s()
            self._judge.check(BOUNDED, lives_s <= _LONGEST_S, lambda: f"{write.key} lives for {lives_s} s")
        elif connection and write.before is not None:
            harmless = write.by.split(" ")[-1] in _HARMLESS or write.by.startswith(("deliver", "publish"))
            self._judge.check(
                KEPT, not (harmless and connection.is_open), lambda: f"{write.key} was deleted by {write.by}"
            )

    def user_of(self, connection_id: str) -> str:
        """Tell whose a connection is."""
        return self._connections[connection_id].user

    def see_ticket(self, ticket: str, connection: Connection) -> None:
        """Check that a ticket is new."""
        self._judge.check(
            TICKETS, ticket not in self._tickets, lambda: f"{connection.id} and {self._tickets[ticket]} had one ticket"
        )
        self._tickets[ticket] = connection.id

    def see_joined(self, invocation: Invocation, head: int) -> None:
        """Check that a join's answer holds all that was there when its row was written: the rest is pushed."""
        least = self._heads_at_join.get(invocation.name, 0)
        self._judge.check(READ_LAST, head >= least, lambda: f"{invocation.name} answers {head}, and {least} was there")

    def see_gone(self, connection_id: str, invocation: Invocation) -> None:
        """Note that an invocation was told that a connection is gone."""
        self._gone.setdefault(invocation, {})[connection_id] = self._judge.now_s()

    def see_end(self, invocation: Invocation, *, is_good: bool) -> None:
        """Check that an invocation whom no fault struck has removed the rows of connections that it saw gone."""
        for connection_id, time_s in self._gone.pop(invocation, {}).items():
            is_own = invocation.name.startswith(f"{connection_id} disconnect")
            is_old = is_own or time_s - self._opened_s(connection_id) > _YOUNG_S
            if is_good and is_old and invocation.dice.faults == 0 and self._put_s.get(connection_id, 0) < time_s:
                self._judge.check(
                    CLEARED,
                    not self._list(connection_id),
                    f"{invocation.name} saw {connection_id} gone; its rows are still there",
                )

    def check_rest(self) -> None:
        """Check, once every connection has ended, that no row outlives it."""
        for connection in self._connections.values():
            for room in self._list(connection.id):
                item = self._table.get((connection.id, room)) or {}
                left_s = int(item["expiresAt"]["N"]) - EPOCH_S - self._judge.now_s()
                self._judge.check(CLEARED, left_s <= 0, f"{connection.id} {room} is still there")

    def _opened_s(self, connection_id: str) -> float:
        return self._connections[connection_id].opened_s

    def _list(self, connection_id: str) -> list[str]:
        partition = self._table.partitions.get(connection_id)
        return [item["room"]["S"] for item in partition.list()] if partition else []
