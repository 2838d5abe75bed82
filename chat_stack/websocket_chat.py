"""The construct: a whole chat, to be put into any stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.api import OWN_ROUTES, create_api, create_stage
from chat_stack.auth import ChatAuth
from chat_stack.findings import acknowledge_wildcard
from chat_stack.functions import FunctionSettings, create_functions, grant_posts, grant_tables
from chat_stack.props import check_durations, check_numbers, check_origins, check_stage_name
from chat_stack.tables import create_connections_table, create_rooms_table
from chat_stack.ticket_api import create_ticket_api

METRICS_NAMESPACE = "ChatStack"


class WebSocketChat(Construct):
    """A chat over WebSockets: API Gateway, four functions, two tables.

    Attributes:
        api: the WebSocket API.
        stage: its one stage.
        connections_table: who is connected, and who is in which room.
        rooms_table: the rooms' logs.
        functions: the functions `connect`, `disconnect`, `message` and `ticket`.
        ticket_stage: the HTTP API's stage, where `POST /ticket` is.
    """

    def __init__(  # noqa: PLR0913 - flat keyword props are how a construct is configured
        self,
        scope: Construct,
        construct_id: str,
        *,
        auth: ChatAuth,
        allowed_origins: Sequence[str] = (),
        stage_name: str = "chat",
        rooms_removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        connections_removal_policy: RemovalPolicy = RemovalPolicy.DESTROY,
        message_retention: Duration | None = None,
        connection_lifetime: Duration | None = None,
        max_frame_bytes: int = 32 * 1024,
        max_text_bytes: int = 8 * 1024,
        max_room_name_length: int = 128,
        max_rooms_per_connection: int = 50,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        memory_size: int = 512,
        timeout: Duration | None = None,
        architecture: lambda_.Architecture | None = None,
        throttling_rate_limit: int = 5_000,
        throttling_burst_limit: int = 2_500,
    ) -> None:
        """Build the chat.

        Args:
            scope: the stack, or a construct in it.
            construct_id: its id there; two chats in one stack take two ids.
            auth: how users sign in: `ChatAuth.cognito()`, `.jwt(issuer, audience)` or `.guest()`.
            allowed_origins: the pages that may use the chat, such as `https://chat.example.com`. Without any, no page
                of another origin gets a ticket, and sockets are opened from anywhere with one.
            stage_name: the last part of the URL.
            rooms_removal_policy: what becomes of the messages when the chat is deleted. They are kept.
            connections_removal_policy: the same for the rows of connections. They are deleted.
            message_retention: how long a message is kept after the next one in its room was written, from one hour
                to a hundred years. Messages are kept for ever; a value costs a transaction for each send.
            connection_lifetime: when a connection's rows count as stale, from 125 minutes to a day. Ten minutes
                after API Gateway ends every connection, which is after two hours.
            max_frame_bytes: longest frame that a client may send, from 1,024 to 32,768 bytes. API Gateway's limit.
            max_text_bytes: longest text of a message, from 1 to 16,384 bytes of JSON. 8 KB.
            max_room_name_length: longest name of a room, from 1 to 128 characters. 128.
            max_rooms_per_connection: most rooms that a connection may be in, from 1 to 100, as a `sync` names them all
                in one frame. 50.
            log_retention: how long the logs of functions and of access are kept. A month.
            memory_size: of each function, from 128 to 10,240 MB. 512 MB, where a fan-out to a thousand takes 0.2 s.
            timeout: of each function, from 5 to 29 seconds. 29 seconds, after which API Gateway gives up.
            architecture: of the functions. ARM64, the cheaper one.
            throttling_rate_limit: most requests a second to the stage, from 1 to 100,000. 5,000: half of an
                account's default, since posts to clients count against the same quota.
            throttling_burst_limit: most requests at once, from 1 to 100,000. 2,500.

        Raises:
            ValueError: a prop is outside its range.
        """
        super().__init__(scope, construct_id)
        connection_lifetime = connection_lifetime or Duration.minutes(130)
        timeout = timeout or Duration.seconds(29)
        limits = {
            "max_frame_bytes": max_frame_bytes,
            "max_text_bytes": max_text_bytes,
            "max_room_name_length": max_room_name_length,
            "max_rooms_per_connection": max_rooms_per_connection,
        }
        check_stage_name(stage_name)
        check_origins(allowed_origins)
        check_numbers(**limits, memory_size=memory_size)
        check_numbers(throttling_rate_limit=throttling_rate_limit, throttling_burst_limit=throttling_burst_limit)
        check_durations(connection_lifetime=connection_lifetime, message_retention=message_retention, timeout=timeout)

        self.connections_table = create_connections_table(self, connections_removal_policy)
        self.rooms_table = create_rooms_table(self, rooms_removal_policy)
        environment = {
            **self._write_environment(limits, connection_lifetime, message_retention),
            "SIGN_IN": auth.sign_in,
            "ALLOWED_ORIGINS": " ".join(allowed_origins),
        }
        settings = FunctionSettings(
            memory_size, timeout, architecture or lambda_.Architecture.ARM_64, log_retention, environment
        )
        self.functions = create_functions(self, settings)
        self.api = create_api(self, self.functions)
        throttle = apigatewayv2.ThrottleSettings(rate_limit=throttling_rate_limit, burst_limit=throttling_burst_limit)
        self.stage = create_stage(self, self.api, stage_name=stage_name, log_retention=log_retention, throttle=throttle)
        self._routes = set(OWN_ROUTES)
        grant_tables(self.functions, self.connections_table, self.rooms_table)
        self.ticket_stage = create_ticket_api(
            self,
            self.functions.ticket,
            auth,
            allowed_origins=allowed_origins,
            log_retention=log_retention,
            throttle=throttle,
        )
        self._connect_functions_to_stage()

    @property
    def url(self) -> str:
        """Where clients connect: `wss://.../stage`."""
        return self.stage.url

    @property
    def ticket_url(self) -> str:
        """Where clients get a ticket: `https://.../ticket`."""
        return f"{self.ticket_stage.url}ticket"

    @property
    def callback_url(self) -> str:
        """Where @connections is: `https://.../stage`, the endpoint of AWS's `apigatewaymanagementapi`."""
        return self.stage.callback_url

    def add_route(
        self, route_key: str, handler: lambda_.IFunction, *, return_response: bool = True
    ) -> apigatewayv2.WebSocketRoute:
        """Add an action of your own: frames with this `action` go to your function.

        Args:
            route_key: the value of `action`.
            handler: the function.
            return_response: whether the `body` that it returns is sent to the client.

        Returns:
            The route.

        Raises:
            ValueError: the chat has that route already.
        """
        if route_key in self._routes:
            raise ValueError(
                f"route_key must not be one of the chat's routes {sorted(self._routes)}, got {route_key!r}"
            )
        integration = integrations.WebSocketLambdaIntegration("Integration", handler)
        route = self.api.add_route(route_key, integration=integration, return_response=return_response)
        self._routes.add(route_key)
        return route

    def grant_manage_connections(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to post to, look up and close this chat's connections, and no other chat's."""
        return self.stage.grant_management_api_access(grantee)

    def metric(self, metric_name: str, **options: Any) -> cloudwatch.Metric:
        """Return one of API Gateway's metrics for this chat.

        Args:
            metric_name: as AWS names it, `ConnectCount` for instance.
            **options: as `aws_cloudwatch.MetricOptions` has them; the average over five minutes without.
        """
        return self.stage.metric(metric_name, **options)

    def metric_connects(self, **options: Any) -> cloudwatch.Metric:
        """Connections opened; the sum over five minutes."""
        return self.metric("ConnectCount", **{"statistic": "Sum", **options})

    def metric_messages(self, **options: Any) -> cloudwatch.Metric:
        """Frames from and to clients; the sum over five minutes."""
        return self.metric("MessageCount", **{"statistic": "Sum", **options})

    def metric_integration_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests that a function failed; the sum over five minutes."""
        return self.metric("IntegrationError", **{"statistic": "Sum", **options})

    def metric_client_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests that API Gateway refused before any function ran; the sum over five minutes."""
        return self.metric("ClientError", **{"statistic": "Sum", **options})

    def metric_latency(self, **options: Any) -> cloudwatch.Metric:
        """Milliseconds from a request to its function's answer; the average over five minutes."""
        return self.metric("IntegrationLatency", **options)

    def _write_environment(
        self, limits: Mapping[str, int], connection_lifetime: Duration, message_retention: Duration | None
    ) -> dict[str, str]:
        environment = {
            "CONNECTIONS_TABLE": self.connections_table.table_name,
            "ROOMS_TABLE": self.rooms_table.table_name,
            "METRICS_NAMESPACE": METRICS_NAMESPACE,
            "CONNECTION_LIFETIME_S": _seconds(connection_lifetime),
            **{name.upper(): str(value) for name, value in limits.items()},
        }
        if message_retention:
            environment["MESSAGE_RETENTION_S"] = _seconds(message_retention)
        return environment

    def _connect_functions_to_stage(self) -> None:
        for function in self.functions:
            function.add_environment("WEBSOCKET_URL", self.url)
            function.add_environment("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", self.callback_url)
        posts_arn = Stack.of(self).format_arn(
            service="execute-api",
            resource=self.api.api_id,
            resource_name=f"{self.stage.stage_name}/POST/@connections/*",
        )
        grant_posts(self.functions, posts_arn)
        acknowledge_wildcard(self, posts_arn, "A connection's id is not known before the client connects.")


def _seconds(duration: Duration) -> str:
    return str(round(duration.to_seconds()))
