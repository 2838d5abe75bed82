"""The construct and the functions import nothing of each other; the names that they share are held equal here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chat.aws.connections import ROOM_INDEX, USER_INDEX
from chat.aws.cursors import READER_INDEX
from chat.aws.log import ENTRY_PREFIX
from chat.handlers.container import Container
from chat.protocol.limits import Limits
from chat.protocol.parsing import ACTIONS
from chat_stack import subscriptions
from tests.infra.synthesis import Template
from tests.unit.dynamodb import create_tables

# What Lambda sets, or another host.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
}


class Noting(dict[str, str]):
    """An environment that notes which variables are read."""

    def __init__(self, variables: dict[str, str]) -> None:
        super().__init__(variables)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


@pytest.fixture
def variables(asking: Template) -> dict[str, str]:
    """A function's environment as it is deployed, with what CloudFormation fills in."""
    given = asking.resource("ChatMessage")["Properties"]["Environment"]["Variables"]
    filled = {name: value if isinstance(value, str) else "filled-in" for name, value in given.items()}
    return {**filled, "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "https://api.example.com/chat"}


@pytest.fixture
def container(variables: dict[str, str]) -> Iterator[tuple[Container, Noting]]:
    lambda_sets = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}
    environment = Noting({**variables, **lambda_sets})
    container = Container(environment)
    yield container, environment
    container.close()


def test_each_variable_that_is_set_is_read_and_the_other_way_round(
    container: tuple[Container, Noting], variables: dict[str, str]
) -> None:
    read = {name for name in container[1].read - CREDENTIALS if not name.startswith("AWS_ENDPOINT_URL")}
    assert read | {"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"} == set(variables)
    assert "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI" in container[1].read


def test_the_defaults_are_the_protocols(container: tuple[Container, Noting]) -> None:
    assert container[0].chat.limits == Limits()
    assert container[0].chat.retention_s == 30 * 24 * 3600


def test_each_action_has_its_route(template: Template) -> None:
    routes = {route["RouteKey"] for route in template.resources("AWS::ApiGatewayV2::Route").values()}
    assert routes == {"$connect", "$disconnect", "$default", "ping", "POST /ticket", *ACTIONS}


def test_the_functions_tests_run_on_the_tables_that_are_deployed(
    template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    created: dict[str, dict[str, Any]] = {}

    class Recorder:
        def create_table(self, **table: Any) -> None:
            created[table.pop("TableName")] = table

    monkeypatch.setattr("tests.unit.dynamodb.connect", lambda _: Recorder())
    create_tables("http://nowhere", "ChatConnections", "ChatRooms")
    deployed = template.resources("AWS::DynamoDB::Table")
    for name, table in created.items():
        for key in ("KeySchema", "BillingMode", "GlobalSecondaryIndexes"):
            assert table.get(key) == deployed[name].get(key), (name, key)


def test_the_indexes_that_the_functions_query_are_there(template: Template) -> None:
    names = {
        table: {index["IndexName"] for index in template.resource(table)["Properties"]["GlobalSecondaryIndexes"]}
        for table in ("ChatConnections", "ChatRooms")
    }
    assert names == {"ChatConnections": {ROOM_INDEX, USER_INDEX}, "ChatRooms": {READER_INDEX}}


def test_a_subscription_is_to_what_the_functions_write_as_entries() -> None:
    assert subscriptions.ENTRY_PREFIX == ENTRY_PREFIX
