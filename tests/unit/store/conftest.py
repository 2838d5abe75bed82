"""Each test of this folder runs twice: on the fakes, and on DynamoDB."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from chat.aws.client import AwsClient
from chat.aws.connections import DynamoConnections
from chat.aws.cursors import DynamoCursors
from chat.aws.deadline import Deadline
from chat.aws.log import DynamoLog
from chat.aws.rates import DynamoRates
from chat.aws.standings import DynamoStandings
from chat.aws.table import Table
from chat.aws.tickets import DynamoTickets
from chat.domain.chat import Chat
from chat.domain.ports import Connections, Cursors, Rates, RoomLog, Standings, Tickets
from chat.protocol.limits import Limits
from tests.fakes.ports import (
    FakeConnections,
    FakeCursors,
    FakeDeliveries,
    FakeFanOut,
    FakeLog,
    FakeRates,
    FakeStandings,
    FakeSurroundings,
    FakeTickets,
)
from tests.unit.dynamodb import CREDENTIALS, create_tables


@dataclass
class Stores:
    """All stores of one backend. `tables` are the names in DynamoDB, None for the fakes."""

    tickets: Tickets
    connections: Connections
    log: RoomLog
    standings: Standings
    cursors: Cursors
    rates: Rates
    tables: tuple[str, str] | None = None

    def chat(self, *, retention_s: int | None = None) -> Chat:
        """A chat on these stores."""
        return Chat(
            tickets=self.tickets,
            connections=self.connections,
            log=self.log,
            standings=self.standings,
            cursors=self.cursors,
            rates=self.rates,
            fan_out=FakeFanOut(),
            deliveries=FakeDeliveries(),
            surroundings=FakeSurroundings(),
            limits=Limits(),
            retention_s=retention_s,
        )


@pytest.fixture(params=["fake", "dynamodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "fake":
        fake_log = FakeLog()
        yield Stores(
            tickets=FakeTickets(),
            connections=FakeConnections(),
            log=fake_log,
            standings=FakeStandings(fake_log),
            cursors=FakeCursors(),
            rates=FakeRates(),
        )
        return
    url = request.getfixturevalue("dynamodb_url")
    names = f"connections-{uuid.uuid4()}", f"rooms-{uuid.uuid4()}"
    await asyncio.to_thread(create_tables, url, *names)
    client = AwsClient.from_environment("dynamodb", {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": url})
    deadline = Deadline()
    deadline.start(60)
    connections, rooms = (Table(client, name, deadline) for name in names)
    yield Stores(
        tickets=DynamoTickets(connections),
        connections=DynamoConnections(connections),
        log=DynamoLog(rooms),
        standings=DynamoStandings(rooms),
        cursors=DynamoCursors(rooms),
        rates=DynamoRates(connections),
        tables=names,
    )
    await client.close()
