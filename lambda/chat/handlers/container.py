"""What lives as long as the container: the event loop, the clients, the chat. And how an invocation runs in it."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from chat.aws.client import AwsClient, RequestBudget
from chat.aws.connections import DynamoConnections
from chat.aws.cursors import DynamoCursors
from chat.aws.deadline import Deadline
from chat.aws.fan_out import ConcurrentFanOut
from chat.aws.hooks import Hook, LambdaReview, LambdaRoomAccess
from chat.aws.journal import write_line
from chat.aws.log import DynamoLog
from chat.aws.queue import SqsDeliveries
from chat.aws.rates import DynamoRates
from chat.aws.standings import DynamoStandings
from chat.aws.surroundings import SystemSurroundings
from chat.aws.table import Table
from chat.aws.tickets import DynamoTickets
from chat.domain.access import ClaimAccess
from chat.domain.chat import Caller, Chat, Moderators, Tally
from chat.domain.ports import MessageReview, RoomAccess
from chat.protocol.errors import ChatError
from chat.protocol.limits import Limits, Rate

Event = dict[str, Any]

# Time to clean up and answer, once the work has been given up.
_MARGIN_S = 1.0


class Result(NamedTuple):
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
        kept_claims: the claims of a token that go with the ticket; None for all.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._loop = asyncio.new_event_loop()
        self._deadline = Deadline()
        self._namespace = environment["METRICS_NAMESPACE"]
        dynamodb = AwsClient.from_environment("dynamodb", environment)
        in_flight = int(environment["POSTS_IN_FLIGHT"])
        management = AwsClient.from_environment(
            "apigatewaymanagementapi", environment, max_connections=in_flight, budget=_read_budget(environment)
        )
        sqs = AwsClient.from_environment("sqs", environment)
        self._clients = [dynamodb, management, sqs]
        self.connection_lifetime_s = int(environment["CONNECTION_LIFETIME_S"])
        self.lets_guests_in = environment["SIGN_IN"] == "guest"
        self.allowed_origins = frozenset(environment["ALLOWED_ORIGINS"].split())
        self.websocket_url = environment["WEBSOCKET_URL"]
        self.kept_claims = _list_kept_claims(environment)
        connections = Table(dynamodb, environment["CONNECTIONS_TABLE"], self._deadline)
        rooms = Table(dynamodb, environment["ROOMS_TABLE"], self._deadline)
        retention = environment.get("MESSAGE_RETENTION_S")
        self.chat = Chat(
            tickets=DynamoTickets(connections),
            connections=DynamoConnections(connections),
            log=DynamoLog(rooms),
            standings=DynamoStandings(rooms),
            cursors=DynamoCursors(rooms),
            rates=DynamoRates(connections),
            fan_out=ConcurrentFanOut(management, self._deadline, concurrency=in_flight),
            deliveries=SqsDeliveries(sqs, environment["DELIVERY_QUEUE_URL"], self._deadline),
            surroundings=SystemSurroundings(),
            limits=_read_limits(environment),
            inline_limit=int(environment["INLINE_LIMIT"]),
            shards_most=int(environment["MAX_SHARDS"]),
            retention_s=int(retention) if retention else None,
            moderators=_read_moderators(environment),
            room_access=self._make_room_access(environment),
            message_review=self._make_review(environment),
        )

    def invoke(
        self, work: Callable[[Caller, Event], Awaitable[Result]], event: Event, context: Any, *, route: str = ""
    ) -> dict[str, Any]:
        """Run one invocation to its end, and log it.

        Args:
            work: what the function does.
            event: API Gateway's event.
            context: Lambda's context.
            route: what the log line says, where the event came by no route of API Gateway.

        Returns:
            The response to API Gateway.
        """
        started_s = time.perf_counter()
        request = self._describe_invocation(route, context) if route else event["requestContext"]
        # An HTTP API's event has no connection.
        caller = Caller(request.get("connectionId", ""), Tally())
        result = Result({}, "crashed")

        async def run() -> Result:
            self._deadline.start(context.get_remaining_time_in_millis() / 1000 - _MARGIN_S)
            try:
                return await work(caller, event)
            finally:
                await _end_leftovers()

        try:
            result = self._loop.run_until_complete(run())
        except ChatError as error:
            result = Result({}, error.code)
            raise
        finally:
            duration_ms = round((time.perf_counter() - started_s) * 1000, 1)
            self._log(request, caller, result, duration_ms)
        return result.response

    def close(self) -> None:
        """Close what the container holds."""
        for client in self._clients:
            self._loop.run_until_complete(client.close())
        self._loop.close()

    def _make_hook(self, arn: str, environment: Mapping[str, str]) -> Hook:
        timeout_s = float(environment["HOOK_TIMEOUT_S"])
        client = AwsClient.from_environment("lambda", environment, read_timeout_s=timeout_s)
        self._clients.append(client)
        return Hook(client, arn, self._deadline, timeout_s=timeout_s)

    def _make_room_access(self, environment: Mapping[str, str]) -> RoomAccess | None:
        arn, claim = environment.get("ROOM_ACCESS_FUNCTION"), environment["ROOM_ACCESS_CLAIM"]
        if arn:
            return LambdaRoomAccess(self._make_hook(arn, environment))
        return ClaimAccess(claim) if claim else None

    def _make_review(self, environment: Mapping[str, str]) -> MessageReview | None:
        arn, fails_open = environment.get("MESSAGE_REVIEW_FUNCTION"), environment["REVIEW_FAILS"] == "open"
        text_bytes = int(environment["MAX_TEXT_BYTES"])
        if not arn:
            return None
        return LambdaReview(self._make_hook(arn, environment), text_bytes=text_bytes, fails_open=fails_open)

    def _describe_invocation(self, route: str, context: Any) -> dict[str, Any]:
        """Describe an invocation that did not come through API Gateway, under this chat's API and stage."""
        url = urlsplit(self.websocket_url)
        return {
            "routeKey": route,
            "requestId": context.aws_request_id,
            "apiId": str(url.hostname).partition(".")[0],
            "stage": url.path.rpartition("/")[2],
        }

    def _log(self, request: Mapping[str, Any], caller: Caller, result: Result, duration_ms: float) -> None:
        calls: Counter[str] = Counter()
        for client in self._clients:
            calls += client.calls
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
        write_line(self._namespace, fields, vars(caller.tally))


async def _end_leftovers() -> None:
    """End what runs on after a request has failed: it would be frozen half-way, and thaw in another invocation."""
    leftovers = asyncio.all_tasks() - {asyncio.current_task()}
    for task in leftovers:
        task.cancel()
    await asyncio.gather(*leftovers, return_exceptions=True)


def _read_limits(environment: Mapping[str, str]) -> Limits:
    def read(name: str) -> int:
        return int(environment[name])

    return Limits(
        frame_bytes=read("MAX_FRAME_BYTES"),
        text_bytes=read("MAX_TEXT_BYTES"),
        room_name_length=read("MAX_ROOM_NAME_LENGTH"),
        rooms_per_connection=read("MAX_ROOMS_PER_CONNECTION"),
        connections_per_user=read("MAX_CONNECTIONS_PER_USER"),
        sends=Rate(read("MAX_SENDS_PER_SECOND"), read("MAX_SEND_BURST")),
        joins=Rate(read("MAX_JOINS_PER_SECOND"), read("MAX_JOIN_BURST")),
    )


def _read_budget(environment: Mapping[str, str]) -> RequestBudget:
    """Read this container's share of the account's requests; a tenth of a second's may leave at once."""
    posts_per_second = int(environment["POSTS_PER_SECOND"])
    return RequestBudget(posts_per_second, burst=posts_per_second / 10)


def _read_moderators(environment: Mapping[str, str]) -> Moderators | None:
    claim, group = environment["GROUPS_CLAIM"], environment["MODERATOR_GROUP"]
    return Moderators(claim, group) if claim and group else None


def _list_kept_claims(environment: Mapping[str, str]) -> frozenset[str] | None:
    """List the claims that somebody asks for later; None for all of them, which the application's function gets."""
    if environment.get("ROOM_ACCESS_FUNCTION"):
        return None
    groups = environment["GROUPS_CLAIM"] if environment["MODERATOR_GROUP"] else ""
    return frozenset(filter(None, (groups, environment["ROOM_ACCESS_CLAIM"])))


# What is imported by now stays: a collection need not look at it.
gc.freeze()
gc.enable()
