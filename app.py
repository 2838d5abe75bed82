"""The CDK app: one chat and, with website=true, its web app; with their options taken from CDK context.

    cdk deploy -c message_retention_days=30 -c memory_size=1024

| context                  | is                                                               | without it |
|--------------------------|------------------------------------------------------------------|------------|
| stack_name               | the stack's name                                                 | ChatStack  |
| auth                     | cognito, jwt or guest: how users sign in                         | cognito    |
| jwt_issuer               | with auth=jwt: the provider's URL                                |            |
| jwt_audience             | with auth=jwt: client ids, with spaces between them              |            |
| jwt_groups_claim         | with auth=jwt: the claim with a user's groups                    | groups     |
| self_sign_up             | with auth=cognito: true lets anybody register                    | false      |
| moderator_group          | the group of users who moderate every room                       | none       |
| room_access_claim        | the claim that says what a user may do in which rooms            | none       |
| allowed_origins          | the pages that may chat, with spaces between them                | none       |
| stage_name               | the last part of the URL                                         | chat       |
| message_retention_days   | days that messages are kept                                      | for ever   |
| memory_size              | MB of memory of each function                                    | 512        |
| architecture             | arm64 or x86_64                                                  | arm64      |
| rooms_removal_policy     | retain or destroy: the messages, when the stack goes             | retain     |
| throttling_rate_limit    | requests a second to the stage                                   | 5000       |
| throttling_burst_limit   | requests at once                                                 | 2500       |
| max_frame_bytes          | bytes of a client's frame                                        | 32768      |
| max_text_bytes           | bytes of a text                                                  | 8192       |
| max_room_name_length     | characters of a room's name                                      | 128        |
| max_rooms_per_connection | rooms that a connection is in at a time                          | 50         |
| max_connections_per_user | connections of a user at a time                                  | 20         |
| max_sends_per_second     | sends, edits and the like of a user, in the long run             | 10         |
| max_send_burst           | the same at once                                                 | 20         |
| max_joins_per_second     | joins of a user, in the long run                                 | 10         |
| max_join_burst           | joins at once                                                    | 100        |
| inline_limit             | connections in a room that is pushed to without the queue        | 200        |
| max_shards               | most parts that a large room is cut into                         | 32         |
| deliver_concurrency      | invocations that empty the queue at a time                       | 4          |
| posts_per_second         | frames that they push in a second, all together                  | 8000       |
| posts_in_flight          | frames that one function pushes at a time                        | 50         |
| cloudwatch_role          | true: let API Gateway write logs, for the account's whole region | false      |
| website                  | true: host the web app, in a stack of its own; `make web` first  | false      |
| domain_name              | with website: its name, such as chat.example.com                 | generated  |
| certificate_arn          | with domain_name: a certificate for it, in us-east-1             |            |
| hosted_zone_id           | with domain_name: the zone of Route 53 that it is added to       | none       |

`cloudwatch_role=true` is for an account whose API Gateway never wrote logs: without it, its first deployment fails and
says that the "CloudWatch Logs role ARN must be set in account settings". Later deployments don't need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from aws_cdk import App, Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_

from chat_stack import ChatAuth, ChatStack, WebsiteStack

T = TypeVar("T")

_ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
_REMOVAL_POLICIES = {"retain": RemovalPolicy.RETAIN, "destroy": RemovalPolicy.DESTROY}
_SWITCH = {"true": True, "false": False}
_LIMITS = (
    "max_frame_bytes",
    "max_text_bytes",
    "max_room_name_length",
    "max_rooms_per_connection",
    "max_connections_per_user",
    "max_sends_per_second",
    "max_send_burst",
    "max_joins_per_second",
    "max_join_burst",
    "inline_limit",
    "max_shards",
    "deliver_concurrency",
    "posts_per_second",
    "posts_in_flight",
)


def add_stack(app: App) -> ChatStack:
    """Add the chat's stack to the app, as its context has it.

    Raises:
        ValueError: names the option, what it may be, and what it is.
    """
    chat = {
        "allowed_origins": _read(app, "allowed_origins", str.split),
        "moderator_group": _read(app, "moderator_group", str),
        "room_access_claim": _read(app, "room_access_claim", str),
        "stage_name": _read(app, "stage_name", str),
        "message_retention": _read(app, "message_retention_days", _days),
        "memory_size": _read(app, "memory_size", _whole_number),
        "architecture": _read(app, "architecture", _one_of(_ARCHITECTURES)),
        "rooms_removal_policy": _read(app, "rooms_removal_policy", _one_of(_REMOVAL_POLICIES)),
        "throttling_rate_limit": _read(app, "throttling_rate_limit", _whole_number),
        "throttling_burst_limit": _read(app, "throttling_burst_limit", _whole_number),
        **{name: _read(app, name, _whole_number) for name in _LIMITS},
    }
    return ChatStack(
        app,
        _read(app, "stack_name", str) or "ChatStack",
        auth=_read_auth(app),
        cloudwatch_role=_read(app, "cloudwatch_role", _one_of(_SWITCH)) or False,
        chat={name: value for name, value in chat.items() if value is not None},
        description="A serverless chat over WebSockets.",
    )


def add_website(app: App, stack: ChatStack) -> WebsiteStack | None:
    """Add the web app of a chat, if the app's context asks for it.

    Raises:
        ValueError: names the option, what it may be, and what it is; or the app is not built.
    """
    if not _read(app, "website", _one_of(_SWITCH)):
        return None
    return WebsiteStack(
        app,
        f"{stack.stack_name}Website",
        chat=stack.chat,
        auth=stack.auth,
        domain_name=_read(app, "domain_name", str),
        certificate_arn=_read(app, "certificate_arn", str),
        hosted_zone_id=_read(app, "hosted_zone_id", str),
        website={"self_sign_up": _read(app, "self_sign_up", _one_of(_SWITCH)) or False},
        description="The web app of a chat.",
    )


def _read_auth(app: App) -> ChatAuth:
    kind = _read(app, "auth", _one_of({name: name for name in ("cognito", "jwt", "guest")})) or "cognito"
    if kind == "guest":
        return ChatAuth.guest()
    if kind == "jwt":
        return ChatAuth.jwt(
            _read(app, "jwt_issuer", str) or "",
            _read(app, "jwt_audience", str.split) or [],
            groups_claim=_read(app, "jwt_groups_claim", str) or "groups",
        )
    return ChatAuth.cognito(self_sign_up=_read(app, "self_sign_up", _one_of(_SWITCH)) or False)


def _read(app: App, name: str, convert: Callable[[str], T]) -> T | None:
    """Read an option: the command line gives strings, cdk.json whatever JSON has."""
    value: Any = app.node.try_get_context(name)
    if value is None:
        return None
    try:
        return convert(str(value))
    except ValueError as error:
        raise ValueError(f"context {name} must be {error}, got {value!r}") from None


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("a whole number")
    return int(text)


def _days(text: str) -> Duration:
    return Duration.days(_whole_number(text))


def _one_of(choices: dict[str, T]) -> Callable[[str], T]:
    def choose(text: str) -> T:
        if text.lower() not in choices:
            raise ValueError(" or ".join(choices))
        return choices[text.lower()]

    return choose


if __name__ == "__main__":
    app = App()
    try:
        add_website(app, add_stack(app))
    except ValueError as error:
        raise SystemExit(f"{error}") from None
    app.synth()
