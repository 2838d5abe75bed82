"""Each test of this folder runs twice: on the fakes, and on DynamoDB."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from chat.aws.client import AwsClient
from chat.aws.connections import DynamoConnections
from chat.aws.deadline import Deadline
from chat.aws.log import DynamoLog
from chat.aws.table import Table
from chat.aws.tickets import DynamoTickets
from chat.domain.chat import Chat
from chat.domain.ports import Connections, RoomLog, Tickets
from chat.protocol.limits import Limits
from tests.fakes.ports import FakeConnections, FakeFanOut, FakeLog, FakeSurroundings, FakeTickets
from tests.unit.dynamodb import CREDENTIALS, create_tables


@dataclass
class Stores:
    """Both stores of one backend. `tables` are the names in DynamoDB, None for the fakes."""

    tickets: Tickets
    connections: Connections
    log: RoomLog
    tables: tuple[str, str] | None = None

    def chat(self, *, retention_s: int | None = None) -> Chat:
        """A chat on these stores."""
        return Chat(self.tickets, self.connections, self.log, FakeFanOut(), FakeSurroundings(), Limits(), retention_s)


@pytest.fixture(params=["fake", "dynamodb"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeTickets(), FakeConnections(), FakeLog())
        return
    url = request.getfixturevalue("dynamodb_url")
    names = f"connections-{uuid.uuid4()}", f"rooms-{uuid.uuid4()}"
    await asyncio.to_thread(create_tables, url, *names)
    client = AwsClient.from_environment("dynamodb", {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": url})
    deadline = Deadline()
    deadline.start(60)
    connections, log = (Table(client, name, deadline) for name in names)
    yield Stores(DynamoTickets(connections), DynamoConnections(connections), DynamoLog(log), names)
    await client.close()
