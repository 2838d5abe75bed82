"""One run: a chat with its users, put together by the seed, from the first ticket to the rest after the last fault."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from chat.aws.connections import ROOM_INDEX, USER_INDEX
from chat.aws.cursors import READER_INDEX
from chat.domain import delivery
from tests.simulation.bridge import Bridge
from tests.simulation.bucket import Bucket
from tests.simulation.chance import RATES, Chance, Dice, Fault
from tests.simulation.containers import (
    CONNECTIONS,
    GROUPS_CLAIM,
    MODERATORS,
    ROOMS,
    SimulatedContainer,
    load_works,
)
from tests.simulation.devices import Device
from tests.simulation.dynamodb import Database
from tests.simulation.functions import Lambda
from tests.simulation.gateway import Connection, Gateway
from tests.simulation.indexes import LAG_MOST_S, IndexSchema
from tests.simulation.ledger import Ledger
from tests.simulation.loop import VirtualLoop
from tests.simulation.network import SimulatedClient
from tests.simulation.observer import Observer
from tests.simulation.pushes import Pushes
from tests.simulation.python_device import PythonDevice
from tests.simulation.rights import Rights
from tests.simulation.rows import Rows
from tests.simulation.sdk_device import SdkDevice
from tests.simulation.sqs import Queue
from tests.simulation.tables import Table
from tests.simulation.violations import Judge, Violation
from tests.simulation.workload import Crowd

# Longer than a client waits for its next `sync` after the last fault, than SQS tries a message, and than API Gateway
# calls a dead connection open.
_REST_S = 45 * 60.0
_ROWS_S = 2.5 * 3_600
# Longer than API Gateway keeps a connection.
_NIGHT_S = 2.2 * 3_600
# How many connections make a shard large, small, and too large to be posted to: as it is, or so few that a room of
# some friends is cut and put together all the time.
_SHARD_SIZES: Sequence[Mapping[str, int]] = (
    {},
    {"SHARD_MOST": 1, "SHARD_LEAST": 1, "OVERFULL": 1_000},
    {"SHARD_MOST": 2, "SHARD_LEAST": 2, "OVERFULL": 2},
)
BOUNDED = "nothing grows without bound"


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    seed: int
    violation: Violation | None
    faults: tuple[Fault, ...]
    checks: Counter[str]
    invocations: int
    entries: int
    lines: tuple[str, ...]


class World:
    """Everything there is, in one run.

    Args:
        seed: decides everything.
        allowed: the only faults that may strike; None for all.
        rates: how often they do, in relation to their usual rates.
        traces: whether to write a timeline.
        bridge: where about half of the devices have their client, the SDK's; None where all have the Python client.
    """

    def __init__(
        self,
        seed: int,
        *,
        allowed: Collection[Fault] | None = None,
        rates: float = 1.0,
        traces: bool = False,
        bridge: Bridge | None = None,
    ) -> None:
        # For the jitter in chat.aws, which takes no dice.
        random.seed(seed)
        self.loop = VirtualLoop()  # type: ignore[abstract]  # what asyncio itself calls is there
        plan = Chance(seed, RATES, frozenset(), []).dice("plan")
        self.chance = Chance(seed, _mix(plan, rates), allowed, [])
        self.judge = Judge(self.loop.time, self._stop)
        self._bridge = bridge
        self._settings = _settle(plan)
        connections, rooms = _create_tables()
        self.database = Database(
            self.loop, self.chance.dice("database"), [connections, rooms], page_items=plan.choose((5, 30, 1_000))
        )
        names = ["ada", "bob", "eve", "joe"][: plan.choose((2, 3, 3, 4))]
        self.functions = Lambda(self.loop, self.chance, self._make_container, load_works())
        self.queue = Queue(self.loop, self.functions, self.chance.dice("queue"))
        self.ledger = Ledger(self.judge)
        bucket = Bucket(self.loop, *plan.choose(((1_000, 1_000), (1_000, 1_000), (40, 40))))
        rights = Rights(self.judge, rooms, names, names[:1], grace_s=LAG_MOST_S)
        # The gateway and those who look on know each other.
        open_connections: dict[str, Connection] = {}
        pushes = Pushes(self.judge, connections, open_connections)
        rows = Rows(self.judge, connections, open_connections, self.ledger.head)
        self.observer = Observer(self.judge, self.ledger, rights, pushes, rows, traces=traces)
        self.gateway = Gateway(self.loop, self.chance, self.functions, bucket, self.observer, open_connections)
        self.chance.on_fault = self.observer.see_fault
        self.database.on_write = self.observer.see_write
        self.queue.on_put = self.observer.see_job
        self.functions.on_start = self.observer.see_start
        self.functions.on_end = self.observer.see_end
        day_s, night_s = plan.uniform(60, 200), plan.choose((0, 0, _NIGHT_S))
        self._length_s = day_s + night_s
        night = day_s / 2, day_s / 2 + night_s
        devices = [self._make_device(name, number) for name in names for number in range(plan.choose((1, 1, 2)))]
        self.crowd = Crowd(self.loop, devices, self.observer, self.functions, self.ledger, plan.uniform(2, 8), night)
        self._names = names
        self._shard_sizes = plan.choose(_SHARD_SIZES)

    def run(self) -> Outcome:
        """Run it to its end, or to the first broken promise."""
        with patch.dict(vars(delivery), self._shard_sizes):
            return self._run()

    def _run(self) -> Outcome:
        self.crowd.start({name: self.chance.dice(f"{name}'s mind") for name in self._names})
        self.loop.run_until(self._length_s)
        self.chance.is_healed = True
        self.crowd.finish()
        self.observer.note(lambda: "== no more faults")
        self.loop.run_until(self._length_s + _REST_S)
        if self.judge.violation is None:
            self._check_rest()
        if self.judge.violation is None:
            for device in self.crowd.devices:
                device.go_offline()
            self.loop.run_until(self.loop.time() + _ROWS_S)
            self.observer.rows.check_rest()
        self._close()
        return Outcome(
            self.chance.seed,
            self.judge.violation,
            tuple(self.chance.struck),
            self.judge.checks,
            self.functions.invocations,
            sum(map(len, self.ledger.rooms.values())),
            tuple(self.observer.lines or ()),
        )

    def _check_rest(self) -> None:
        for device in self.crowd.devices:
            self.observer.views.check_complete(device)
        self.observer.pushes.check_queue(self.queue.list_messages(), self.queue.dead_letters)
        before = self.functions.invocations
        self.judge.check(BOUNDED, not self.functions.running, lambda: f"{[*self.functions.running]} still run")
        self.loop.run_until(self.loop.time() + 1_800)
        calls = self.functions.invocations - before
        most = sum(device.quiet_calls for device in self.crowd.devices)
        self.judge.check(BOUNDED, calls <= most, lambda: f"{calls} invocations in a quiet half-hour, {most} at most")

    def _make_container(self, dice: Dice) -> SimulatedContainer:
        clients = {
            "dynamodb": SimulatedClient(self.loop, handle=self.database.handle),
            "apigatewaymanagementapi": SimulatedClient(self.loop, post=self.gateway.post),
            "sqs": SimulatedClient(self.loop, handle=self.queue.handle),
        }
        return SimulatedContainer(self.loop, clients, self._settings, dice)

    def _make_device(self, user: str, number: int) -> Device:
        claims = {GROUPS_CLAIM: MODERATORS} if user == "ada" else {}
        dice = self.chance.dice(f"{user}-{number}")
        world = self.loop, self.gateway, self.observer, dice, user, claims
        if self._bridge and dice.random() < 0.6:
            return SdkDevice(self._bridge, *world)
        return PythonDevice(*world)

    def _stop(self) -> None:
        self.loop.is_stopped = True

    def _close(self) -> None:
        self.loop.close(self.functions.discard)


def _mix(plan: Dice, factor: float) -> Mapping[str, float]:
    """Choose which faults there are in this run, and how often: one that is rare beside the others shows more alone."""
    return {kind: rate * factor * plan.choose((0, 1, 1, 4)) for kind, rate in RATES.items()}


def _settle(plan: Dice) -> Mapping[str, str]:
    """Choose how the chat is deployed: its environment variables."""
    per_second, burst = plan.choose((("10", "20"), ("1", "4")))
    retention_s = plan.choose((None, None, "30"))
    return {
        "MAX_SENDS_PER_SECOND": per_second,
        "MAX_SEND_BURST": burst,
        **({"MESSAGE_RETENTION_S": retention_s} if retention_s else {}),
        "MAX_CONNECTIONS_PER_USER": plan.choose(("20", "20", "2")),
        "MAX_ROOMS_PER_CONNECTION": plan.choose(("50", "50", "50", "50", "1")),
        "INLINE_LIMIT": plan.choose(("200", "200", "1", "0")),
    }


def _create_tables() -> tuple[Table, Table]:
    """Create both tables, as chat_stack/tables.py does."""
    projected = ("user", "name", "expiresAt")
    connections = Table(
        CONNECTIONS,
        "connectionId",
        "room",
        [
            IndexSchema(ROOM_INDEX, "roomShard", "memberKey", projected),
            IndexSchema(USER_INDEX, "connectedUser", "connectionId", ("name", "expiresAt")),
        ],
    )
    return connections, Table(ROOMS, "room", "item", [IndexSchema(READER_INDEX, "reader", "touchedAt")])
