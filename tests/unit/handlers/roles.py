"""The functions' roles: a call that the running function may not make fails the test, as AWS would refuse it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chat.aws.client import AwsClient
from tests.permissions import PERMISSIONS

_KINDS = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem", "Delete": "DeleteItem"}
_TABLES = {"connections": "Connections", "rooms": "Rooms"}


class Roles:
    """Watches the calls of the function that runs.

    Attributes:
        running: its name; empty for none.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.running = ""
        write = AwsClient._write

        def watched(client: AwsClient, request: Any, credentials: Any) -> bytes:
            self._check(client._service, request)
            return write(client, request, credentials)

        monkeypatch.setattr(AwsClient, "_write", watched)

    def _check(self, service: str, request: Any) -> None:
        # The application's own functions are granted where they are named.
        calls = [] if service == "lambda" else list(_list_calls(service, request))
        refused = set(calls) - PERMISSIONS.get(self.running, set(calls))
        assert not refused, f"{self.running} may not call {refused}"


def _list_calls(service: str, request: Any) -> Iterator[str]:
    if service == "apigatewaymanagementapi":
        yield f"{request.method} @connections"
        return
    if service == "sqs":
        # AWS has no permission of its own for the batch.
        yield f"{request.operation.removesuffix('Batch')} Deliveries"
        return
    parameters = json.loads(request.payload.body)
    if request.operation == "TransactWriteItems":
        for kind, write in (pair for item in parameters["TransactItems"] for pair in item.items()):
            yield f"{_KINDS[kind]} {_name(write['TableName'])}"
    elif request.operation == "BatchGetItem":
        for table in parameters["RequestItems"]:
            yield f"BatchGetItem {_name(table)}"
    else:
        index = f"/{parameters['IndexName']}" if "IndexName" in parameters else ""
        yield f"{request.operation} {_name(parameters['TableName'])}{index}"


def _name(table: str) -> str:
    """Return what the construct calls a table that a test has named `connections-...` or `rooms-...`."""
    return _TABLES[table.partition("-")[0]]
