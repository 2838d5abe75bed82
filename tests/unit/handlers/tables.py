"""The tables of one deployment, read and written past the functions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chat.aws.client import AwsClient
from chat.aws.connections import DynamoConnections
from chat.aws.deadline import Deadline
from chat.aws.log import DynamoLog
from chat.aws.table import Table, from_item
from chat.domain.model import Entry, Member, Message, User
from tests.unit.dynamodb import connect
from tests.unit.handlers.events import CONNECTED_AT_MS


@dataclass(frozen=True)
class Tables:
    """The tables that an environment names."""

    environment: Mapping[str, str]

    def read_connections(self) -> list[dict[str, Any]]:
        """Read everything that stands in the Connections table."""
        return self._scan("CONNECTIONS_TABLE")

    def read_rooms(self) -> list[dict[str, Any]]:
        """Read everything that stands in the Rooms table."""
        return self._scan("ROOMS_TABLE")

    def put_members(self, room: str, count: int) -> None:
        """Put so many connections into a room, each of another user."""

        async def put(client: AwsClient, deadline: Deadline) -> None:
            connections = DynamoConnections(Table(client, self.environment["CONNECTIONS_TABLE"], deadline))
            expires_at_s = CONNECTED_AT_MS // 1000 + 7_800
            users = [User(f"other{number}", "Other") for number in range(count)]
            members = [Member(room, f"{user.id}=", user, expires_at_s) for user in users]
            await asyncio.gather(*map(connections.put_member, members))

        self._run(put)

    def put_entries(self, room: str, first: int, last: int) -> None:
        """Put messages of somebody else into a room's log, under the numbers from `first` to `last`."""

        async def put(client: AwsClient, deadline: Deadline) -> None:
            log = DynamoLog(Table(client, self.environment["ROOMS_TABLE"], deadline))
            epoch, user, text = f"{log.mark}.0", User("other", "Other"), Message("hi")
            entries = [
                Entry(room, seq, epoch, f"other{seq}", user, text, CONNECTED_AT_MS) for seq in range(first, last + 1)
            ]
            stored = await asyncio.gather(*(log.put(entry, {}) for entry in entries))
            assert all(stored)

        self._run(put)

    def _scan(self, variable: str) -> list[dict[str, Any]]:
        client = connect(self.environment["AWS_ENDPOINT_URL_DYNAMODB"])
        return [from_item(item) for item in client.scan(TableName=self.environment[variable])["Items"]]

    def _run(self, work: Callable[[AwsClient, Deadline], Awaitable[None]]) -> None:
        async def run() -> None:
            client = AwsClient.from_environment("dynamodb", self.environment)
            deadline = Deadline()
            deadline.start(60)
            await work(client, deadline)
            await client.close()

        asyncio.run(run())
