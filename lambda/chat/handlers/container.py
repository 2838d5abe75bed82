"""What lives as long as the container: the event loop, the clients, the chat. And how an invocation runs in it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from chat.aws.client import AwsClient
from chat.aws.connections import DynamoConnections
from chat.aws.deadline import Deadline
from chat.aws.fan_out import InlineFanOut
from chat.aws.journal import write_line
from chat.aws.log import DynamoLog
from chat.aws.surroundings import SystemSurroundings
from chat.aws.table import Table
from chat.aws.tickets import DynamoTickets
from chat.domain.chat import Caller, Chat, Tally
from chat.protocol.limits import Limits

Event = dict[str, Any]

# Posts under way at a time: enough to fill one core, and far below the account's 10,000 a second.
_CONCURRENCY = 100
# Time to clean up and answer, once the work has been given up.
_MARGIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """A handler's response to API Gateway, and what the log line says of it."""

    response: dict[str, Any]
    outcome: str
    room: str | None = None


class Container:
    """The composition root. Built once, at import: what is missing in the environment stops the function there.

    Attributes:
        chat: the ports and the settings, for the domain.
        connection_lifetime_s: when a connection's rows count as stale, in seconds from its opening.
        lets_guests_in: whether nobody verifies who asks for a ticket.
        allowed_origins: the pages that may connect; any may where there is none.
        websocket_url: where a ticket leads.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._loop = asyncio.new_event_loop()
        self._deadline = Deadline()
        self._namespace = environment["METRICS_NAMESPACE"]
        dynamodb = AwsClient.from_environment("dynamodb", environment)
        management = AwsClient.from_environment("apigatewaymanagementapi", environment, max_connections=_CONCURRENCY)
        self._clients = (dynamodb, management)
        retention = environment.get("MESSAGE_RETENTION_S")
        self.connection_lifetime_s = int(environment["CONNECTION_LIFETIME_S"])
        self.lets_guests_in = environment["SIGN_IN"] == "guest"
        self.allowed_origins = frozenset(environment["ALLOWED_ORIGINS"].split())
        self.websocket_url = environment["WEBSOCKET_URL"]
        connections = Table(dynamodb, environment["CONNECTIONS_TABLE"], self._deadline)
        self.chat = Chat(
            tickets=DynamoTickets(connections),
            connections=DynamoConnections(connections),
            log=DynamoLog(Table(dynamodb, environment["ROOMS_TABLE"], self._deadline)),
            fan_out=InlineFanOut(management, self._deadline, concurrency=_CONCURRENCY),
            surroundings=SystemSurroundings(),
            limits=Limits(
                frame_bytes=int(environment["MAX_FRAME_BYTES"]),
                text_bytes=int(environment["MAX_TEXT_BYTES"]),
                room_name_length=int(environment["MAX_ROOM_NAME_LENGTH"]),
                rooms_per_connection=int(environment["MAX_ROOMS_PER_CONNECTION"]),
            ),
            retention_s=int(retention) if retention else None,
        )

    def invoke(self, work: Callable[[Caller, Event], Awaitable[Result]], event: Event, context: Any) -> dict[str, Any]:
        """Run one invocation to its end, and log it.

        Args:
            work: what the function does.
            event: API Gateway's event.
            context: Lambda's context.

        Returns:
            The response to API Gateway.
        """
        started_s = time.perf_counter()
        request = event["requestContext"]
        # An HTTP API's event has no connection.
        caller = Caller(request.get("connectionId", ""), Tally())
        result = Result({}, "crashed")

        async def run() -> Result:
            self._deadline.start(context.get_remaining_time_in_millis() / 1000 - _MARGIN_S)
            return await work(caller, event)

        try:
            result = self._loop.run_until_complete(run())
        finally:
            duration_ms = round((time.perf_counter() - started_s) * 1000, 1)
            self._log(request, caller, result, duration_ms)
        return result.response

    def close(self) -> None:
        """Close what the container holds."""
        for client in self._clients:
            self._loop.run_until_complete(client.close())
        self._loop.close()

    def _log(self, request: Mapping[str, Any], caller: Caller, result: Result, duration_ms: float) -> None:
        calls = {name: count for client in self._clients for name, count in client.calls.items()}
        for client in self._clients:
            client.calls.clear()
        fields = {
            "route": request["routeKey"],
            "connection": caller.connection_id or None,
            "room": result.room,
            "outcome": result.outcome,
            "duration_ms": duration_ms,
            "aws_calls": calls,
            "request": request["requestId"],
            "api": request["apiId"],
            "stage": request["stage"],
        }
        write_line(self._namespace, fields, asdict(caller.tally))
