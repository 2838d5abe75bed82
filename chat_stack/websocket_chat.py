"""The construct: a whole chat, to be put into any stack."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chat_stack.api import OWN_ROUTES, create_api, create_stage
from chat_stack.auth import ChatAuth
from chat_stack.delivery import create_delivery_queue, create_given_up_queue, deliver_from
from chat_stack.functions import FunctionSettings, create_functions, write_environment
from chat_stack.metrics import ChatMetrics
from chat_stack.permissions import grant_connections, grant_invoke, grant_queue, grant_tables
from chat_stack.props import check_access, check_durations, check_numbers, check_origins, check_sizes, check_stage_name
from chat_stack.subscriptions import subscribe
from chat_stack.tables import create_connections_table, create_rooms_table
from chat_stack.ticket_api import create_ticket_api

METRICS_NAMESPACE = "ChatStack"


class WebSocketChat(ChatMetrics, Construct):
    """A chat over WebSockets: API Gateway, six functions, two tables, a queue.

    Attributes:
        api: the WebSocket API.
        stage: its one stage.
        connections_table: who is connected, and who is in which room.
        rooms_table: the rooms' logs, and who may do what in them.
        functions: the functions `connect`, `disconnect`, `message`, `ticket`, `publish` and `deliver`.
        delivery_queue: what is on its way to large rooms.
        given_up_queue: what could not be delivered, for a day.
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
        max_connections_per_user: int = 20,
        max_sends_per_second: int = 10,
        max_send_burst: int = 20,
        max_joins_per_second: int = 10,
        max_join_burst: int = 100,
        inline_limit: int = 200,
        max_shards: int = 32,
        deliver_concurrency: int = 4,
        posts_per_second: int = 8_000,
        posts_in_flight: int = 50,
        moderator_group: str | None = None,
        room_access: lambda_.IFunction | None = None,
        room_access_claim: str | None = None,
        message_review: lambda_.IFunction | None = None,
        review_fails_open: bool = False,
        hook_timeout: Duration | None = None,
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
            max_text_bytes: longest text of a message, from 1 to 16,384 bytes of JSON, and 512 less than a frame. 8 KB.
            max_room_name_length: longest name of a room, from 1 to 128 characters. 128.
            max_rooms_per_connection: most rooms that a connection may be in, from 1 to 100, as a `sync` names them all
                in one frame. 50.
            max_connections_per_user: most connections that a user may have at a time, from 1 to 100; one more closes
                the oldest. 20.
            max_sends_per_second: how often a user may send, edit, delete, react, and make and moderate rooms, in the
                long run, from 1 to 1,000 times. 10.
            max_send_burst: how often at once, from 1 to 1,000 times. 20.
            max_joins_per_second: how often a user may join a room in the long run, from 1 to 1,000 times. 10.
            max_join_burst: how often at once, from 1 to 1,000 times. 100: a client that comes back joins all its rooms.
            inline_limit: rooms of at most so many connections are pushed to by the function that stores the message,
                larger ones by way of a queue; from 1 to 1,000. 200.
            max_shards: most parts that a large room is cut into, each of which is pushed to on its own, from 1 to 256.
                It is cut into as many as it needs, at most 32.
            deliver_concurrency: how many invocations empty the queue at a time, from 2 to 100. 4.
            posts_per_second: how many frames they push to clients in a second, all together, from 100 to 100,000.
                8,000: below an account's default quota of 10,000 requests, which all its other requests share. One
                function pushes its part of that at most, by `deliver_concurrency`, be it for the queue or not.
            posts_in_flight: how many frames one function pushes at a time, over as many connections to API Gateway,
                from 1 to 500. 50: enough for 2,000 in a second at 20 ms each.
            moderator_group: the group whose users may moderate every room but direct ones, and ban from the whole chat.
                Nobody may but a room's owner.
            room_access: a function that decides what a user may do in a room. It gets `{"user": {"id", "name"},
                "claims", "room"}` and returns `{"access"}`: `none`, `read`, `write`, `moderate`, or null for the room's
                own rules. Without a function these hold everywhere.
            room_access_claim: a claim of the token that says so instead, as in `support-*: write, news: read`; the
                first pattern that fits the room counts. None does.
            message_review: a function that sees each text before it is stored. It gets `{"action", "user", "room",
                "text", "meta"}`, where the action is `send` or `edit`, and returns `{"decision": "allow"}`,
                `{"decision": "change", "text"}` or `{"decision": "refuse", "reason"}`. Texts are stored as they are.
            review_fails_open: whether a text is stored as it is when `message_review` does not answer. It is refused.
            hook_timeout: how long `room_access` or `message_review` is waited for, from 1 to 10 seconds. 3 seconds.
            log_retention: how long the logs of functions and of access are kept. A month.
            memory_size: of each function, from 128 to 10,240 MB. 512 MB, where a fan-out to a thousand takes 0.2 s.
            timeout: of each function, from 5 to 29 seconds. 29 seconds, after which API Gateway gives up.
            architecture: of the functions. ARM64, the cheaper one.
            throttling_rate_limit: most requests a second to the stage, from 1 to 100,000. 5,000: half of an
                account's default, since posts to clients count against the same quota.
            throttling_burst_limit: most requests at once, from 1 to 100,000. 2,500.

        Raises:
            ValueError: a prop is outside its range, or contradicts another.
        """
        super().__init__(scope, construct_id)
        connection_lifetime = connection_lifetime or Duration.minutes(130)
        timeout = timeout or Duration.seconds(29)
        hook_timeout = hook_timeout or Duration.seconds(3)
        limits = {
            "max_frame_bytes": max_frame_bytes,
            "max_text_bytes": max_text_bytes,
            "max_room_name_length": max_room_name_length,
            "max_rooms_per_connection": max_rooms_per_connection,
            "max_connections_per_user": max_connections_per_user,
            "max_sends_per_second": max_sends_per_second,
            "max_send_burst": max_send_burst,
            "max_joins_per_second": max_joins_per_second,
            "max_join_burst": max_join_burst,
        }
        check_stage_name(stage_name)
        check_origins(allowed_origins)
        check_numbers(**limits, memory_size=memory_size)
        check_sizes(max_frame_bytes=max_frame_bytes, max_text_bytes=max_text_bytes)
        check_numbers(inline_limit=inline_limit, max_shards=max_shards)
        check_numbers(deliver_concurrency=deliver_concurrency)
        check_numbers(posts_per_second=posts_per_second, posts_in_flight=posts_in_flight)
        check_numbers(throttling_rate_limit=throttling_rate_limit, throttling_burst_limit=throttling_burst_limit)
        check_durations(connection_lifetime=connection_lifetime, message_retention=message_retention)
        check_durations(timeout=timeout, hook_timeout=hook_timeout)
        check_access(
            auth.sign_in,
            moderator_group=moderator_group,
            room_access_claim=room_access_claim,
            asks=room_access is not None,
        )

        self.connections_table = create_connections_table(self, connections_removal_policy)
        self.rooms_table = create_rooms_table(self, rooms_removal_policy)
        environment = write_environment(
            connections_table=self.connections_table.table_name,
            rooms_table=self.rooms_table.table_name,
            metrics_namespace=METRICS_NAMESPACE,
            connection_lifetime=connection_lifetime,
            message_retention=message_retention,
            sign_in=auth.sign_in,
            allowed_origins=" ".join(allowed_origins),
            groups_claim=auth.groups_claim,
            moderator_group=moderator_group or "",
            room_access_claim=room_access_claim or "",
            hook_timeout=hook_timeout,
            inline_limit=inline_limit,
            max_shards=max_shards,
            posts_per_second=posts_per_second // deliver_concurrency,
            posts_in_flight=posts_in_flight,
            review_fails="open" if review_fails_open else "closed",
            **limits,
        )
        settings = FunctionSettings(
            memory_size, timeout, architecture or lambda_.Architecture.ARM_64, log_retention, environment
        )
        self.functions = create_functions(self, settings)
        self.given_up_queue = create_given_up_queue(self)
        self.delivery_queue = create_delivery_queue(self, timeout, self.given_up_queue)
        deliver_from(self.delivery_queue, self.functions.deliver, concurrency=deliver_concurrency)
        grant_queue(self.functions, self.delivery_queue)
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
        for function in self.functions:
            function.add_environment("DELIVERY_QUEUE_URL", self.delivery_queue.queue_url)
            function.add_environment("WEBSOCKET_URL", self.url)
            function.add_environment("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI", self.callback_url)
        grant_connections(self, self.functions, self.stage)
        self._ask("ROOM_ACCESS_FUNCTION", room_access)
        self._ask("MESSAGE_REVIEW_FUNCTION", message_review)

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

    def grant_publish(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to invoke the function `publish`, and so to say anything in any room, in anybody's name."""
        return grant_invoke(grantee, self.functions.publish)

    def on_message(
        self,
        handler: lambda_.IFunction,
        *,
        batch_size: int = 10,
        retry_attempts: int = 3,
        starting_position: lambda_.StartingPosition = lambda_.StartingPosition.LATEST,
    ) -> sqs.Queue:
        """Invoke your function with what is written in the rooms: messages, edits, deletions and reactions.

        It gets records of a DynamoDB stream, each at least once, and those of a room in order. It answers with
        `batchItemFailures`: what failed is tried again, and what follows waits. Two functions may subscribe to a chat;
        a DynamoDB stream throttles more readers than that.

        Args:
            handler: the function.
            batch_size: most records at once, from 1 to 10,000. 10.
            retry_attempts: how often a failed batch is tried again, in halves, from 0 to 10,000 times. 3.
            starting_position: where to begin. With what is written from now on; `TRIM_HORIZON` is a day ago, and misses
                nothing that is written while the subscription comes up.

        Returns:
            The dead-letter queue. It is told, and keeps for 14 days, where in the stream the records stand that were
            given up; the stream keeps them for a day.

        Raises:
            ValueError: a number is outside its range.
        """
        check_numbers(batch_size=batch_size, retry_attempts=retry_attempts)
        return subscribe(
            self,
            self.rooms_table,
            handler,
            batch_size=batch_size,
            retry_attempts=retry_attempts,
            starting_position=starting_position,
        )

    def _ask(self, variable: str, hook: lambda_.IFunction | None) -> None:
        if not hook:
            return
        # Not told to `publish`: a hook that publishes and that function would each need the other first.
        for function in self.functions:
            if function is not self.functions.publish:
                function.add_environment(variable, hook.function_arn)
        grant_invoke(self.functions.message, hook)
