"""The three handlers in this process, on a DynamoDB and an @connections on loopback."""

from __future__ import annotations

import importlib
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from tests.unit.dynamodb import connect as connect_to_dynamodb
from tests.unit.dynamodb import create_tables
from tests.unit.handlers.environment import ENVIRONMENT
from tests.unit.handlers.events import connect_event, disconnect_event, message_event, ticket_event
from tests.unit.handlers.management import FakeManagement


class Context:
    """What a handler uses of Lambda's context."""

    def __init__(self, remaining_ms: int) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


@dataclass
class Functions:
    """The deployed functions, as it were."""

    connect_module: ModuleType
    disconnect_module: ModuleType
    message_module: ModuleType
    ticket_module: ModuleType
    management: FakeManagement
    capsys: pytest.CaptureFixture[str]
    remaining_ms: int = 29_000

    def connect(self, connection_id: str, **query: str) -> dict[str, Any]:
        return self._call(self.connect_module, connect_event(connection_id, query or None))

    def issue(self, **body: Any) -> dict[str, Any]:
        """Ask for a ticket as a guest; return the HTTP response, its body parsed."""
        response = self._call(self.ticket_module, ticket_event(json.dumps(body)))
        return {**response, "body": json.loads(response["body"])}

    def sign_in(self, connection_id: str, name: str) -> None:
        """Connect as a guest of that name."""
        ticket = self.issue(name=name, key=name)["body"]["ticket"]
        assert self.connect(connection_id, ticket=ticket)["statusCode"] == 200

    def disconnect(self, connection_id: str) -> dict[str, Any]:
        return self._call(self.disconnect_module, disconnect_event(connection_id))

    def send_frame(self, connection_id: str, body: str, route_key: str = "$default") -> dict[str, Any]:
        """Send a text frame; return the reply, which came back as a response's body."""
        response = self._call(self.message_module, message_event(connection_id, body, route_key))
        assert set(response) == {"statusCode", "body"}
        reply: dict[str, Any] = json.loads(response["body"])
        return reply

    def ask(self, connection_id: str, action: str, **fields: Any) -> dict[str, Any]:
        return self.send_frame(connection_id, json.dumps({"action": action, **fields}), action)

    def enter(self, *connection_ids: str, room: str = "lobby") -> None:
        """Connect and join; each user is named as its connection."""
        for connection_id in connection_ids:
            self.sign_in(connection_id, connection_id)
            assert self.ask(connection_id, "join", room=room)["type"] == "joined"

    def pushed(self, connection_id: str) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.management.frames[connection_id]]

    def lines(self) -> list[dict[str, Any]]:
        """The log lines since the last call."""
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]

    def _call(self, module: ModuleType, event: dict[str, Any]) -> dict[str, Any]:
        response: dict[str, Any] = module.handler(event, Context(self.remaining_ms))
        return response


@pytest.fixture
def management() -> Iterator[FakeManagement]:
    fake = FakeManagement()
    yield fake
    fake.close()


@pytest.fixture
def connections_items(functions: Functions, dynamodb_url: str) -> Callable[[], list[dict[str, Any]]]:
    """Reads everything that stands in the Connections table."""
    client = connect_to_dynamodb(dynamodb_url)
    table = os.environ["CONNECTIONS_TABLE"]

    def scan() -> list[dict[str, Any]]:
        return client.scan(TableName=table)["Items"]

    return scan


@pytest.fixture
def functions(
    dynamodb_url: str, management: FakeManagement, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Functions]:
    connections, rooms = f"connections-{uuid.uuid4()}", f"rooms-{uuid.uuid4()}"
    create_tables(dynamodb_url, connections, rooms)
    environment = {
        **ENVIRONMENT,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url,
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": management.url,
        "CONNECTIONS_TABLE": connections,
        "ROOMS_TABLE": rooms,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    modules = [_start_container(name) for name in ("connect", "disconnect", "message", "ticket")]
    connect, disconnect, message, ticket = modules
    yield Functions(connect, disconnect, message, ticket, management, capsys)
    for module in modules:
        module.container.close()


def _start_container(name: str) -> ModuleType:
    # A module that an earlier test has imported was built for that test's tables.
    sys.modules.pop(f"chat.handlers.{name}", None)
    return importlib.import_module(f"chat.handlers.{name}")
