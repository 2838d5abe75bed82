"""The functions in this process, on a DynamoDB, an @connections and a Lambda endpoint on loopback."""

from __future__ import annotations

import importlib
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest

from chat.aws.surroundings import SystemSurroundings
from tests.unit.dynamodb import create_queue, create_tables
from tests.unit.handlers.application import FakeApplication
from tests.unit.handlers.environment import ENVIRONMENT
from tests.unit.handlers.events import (
    CONNECTED_AT_MS,
    connect_event,
    disconnect_event,
    message_event,
    ticket_event,
)
from tests.unit.handlers.management import FakeManagement
from tests.unit.handlers.roles import Roles
from tests.unit.handlers.tables import Tables

FUNCTIONS = ("connect", "deliver", "disconnect", "message", "publish", "ticket")


class Context:
    """What a handler uses of Lambda's context."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

    def __init__(self, remaining_ms: int) -> None:
        self.remaining_ms = remaining_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


@dataclass
class Functions:
    """The deployed functions, as it were."""

    modules: dict[str, ModuleType]
    management: FakeManagement
    application: FakeApplication
    tables: Tables
    roles: Roles
    capsys: pytest.CaptureFixture[str]
    remaining_ms: int = 29_000
    connected_at_ms: int = CONNECTED_AT_MS

    def invoke(self, function: str, event: Any) -> Any:
        """Invoke a function with an event; return its response."""
        self.roles.running = function
        return self.modules[function].handler(event, Context(self.remaining_ms))

    def connect(self, connection_id: str, **query: str) -> dict[str, Any]:
        event = connect_event(connection_id, query or None, self.connected_at_ms)
        response: dict[str, Any] = self.invoke("connect", event)
        return response

    def issue(self, claims: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
        """Ask for a ticket, as a guest or with a verified token; return the HTTP response, its body parsed."""
        response = self.invoke("ticket", ticket_event(json.dumps(body), claims))
        return {**response, "body": json.loads(response["body"])}

    def sign_in(self, connection_id: str, name: str, claims: dict[str, str] | None = None) -> str:
        """Connect as a guest of that name, or with a token; return the user's id."""
        admission = self.issue(claims, name=name, key=name)["body"]
        assert self.connect(connection_id, ticket=admission["ticket"])["statusCode"] == 200
        return str(admission["user"])

    def disconnect(self, connection_id: str) -> dict[str, Any]:
        response: dict[str, Any] = self.invoke("disconnect", disconnect_event(connection_id))
        return response

    def publish(self, **request: Any) -> dict[str, Any]:
        response: dict[str, Any] = self.invoke("publish", request)
        return response

    def send_frame(self, connection_id: str, body: str, route_key: str = "$default") -> dict[str, Any]:
        """Send a text frame; return the reply, which came back as a response's body."""
        response = self.invoke("message", message_event(connection_id, body, route_key))
        assert set(response) == {"statusCode", "body"}
        reply: dict[str, Any] = json.loads(response["body"])
        return reply

    def ask(self, connection_id: str, action: str, **fields: Any) -> dict[str, Any]:
        return self.send_frame(connection_id, json.dumps({"action": action, **fields}), action)

    def type_in(self, connection_id: str, room: str) -> None:
        """Send what is not answered."""
        body = json.dumps({"action": "typing", "room": room})
        assert self.invoke("message", message_event(connection_id, body, "typing")) == {"statusCode": 200}

    def enter(self, *connection_ids: str, room: str = "lobby") -> list[str]:
        """Connect and join; each user is named as its connection. Return the users' ids."""
        users = []
        for connection_id in connection_ids:
            users.append(self.sign_in(connection_id, connection_id))
            assert self.ask(connection_id, "join", room=room)["type"] == "joined"
        return users

    def pushed(self, connection_id: str) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.management.frames[connection_id]]

    def lines(self) -> list[dict[str, Any]]:
        """The log lines since the last call."""
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]


Deploy = Callable[..., Functions]


@pytest.fixture
def management() -> Iterator[FakeManagement]:
    with closing(FakeManagement()) as fake:
        yield fake


@pytest.fixture
def application() -> Iterator[FakeApplication]:
    with closing(FakeApplication()) as fake:
        yield fake


@pytest.fixture
def deploy(
    dynamodb_url: str,
    management: FakeManagement,
    application: FakeApplication,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Deploy]:
    """Starts the functions on new tables, with the variables that a test wants to be others."""
    roles = Roles(monkeypatch)
    with ExitStack() as stack:

        def start(**variables: str) -> Functions:
            connections, rooms = f"connections-{uuid.uuid4()}", f"rooms-{uuid.uuid4()}"
            create_tables(dynamodb_url, connections, rooms)
            environment = {
                **ENVIRONMENT,
                "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url,
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": management.url,
                "AWS_ENDPOINT_URL_LAMBDA": application.url,
                "AWS_ENDPOINT_URL_SQS": dynamodb_url,
                "DELIVERY_QUEUE_URL": create_queue(dynamodb_url),
                "CONNECTIONS_TABLE": connections,
                "ROOMS_TABLE": rooms,
                **variables,
            }
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            modules = {name: _start_container(name) for name in FUNCTIONS}
            for module in modules.values():
                stack.callback(module.container.close)
            return Functions(modules, management, application, Tables(environment), roles, capsys)

        yield start


@pytest.fixture
def functions(deploy: Deploy) -> Functions:
    """The functions of a chat for guests, with the limits as they are by default."""
    return deploy()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what an index may show later."""

    async def sleep(surroundings: SystemSurroundings, seconds: float) -> None:
        pass

    monkeypatch.setattr(SystemSurroundings, "sleep", sleep)


@dataclass
class Clock:
    """The functions' time, which stands still until a test moves it."""

    now_ms: int


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(time.time_ns() // 1_000_000)
    monkeypatch.setattr(SystemSurroundings, "now_ms", lambda surroundings: clock.now_ms)
    return clock


def _start_container(name: str) -> ModuleType:
    # A module that an earlier test has imported was built for that test's tables.
    sys.modules.pop(f"chat.handlers.{name}", None)
    return importlib.import_module(f"chat.handlers.{name}")
