"""The CDK app: one chat, with its options taken from CDK context.

    cdk deploy -c message_retention_days=30 -c memory_size=1024

| context                      | is                                                       | without it      |
|------------------------------|----------------------------------------------------------|-----------------|
| stack_name                   | the stack's name                                         | ChatStack       |
| stage_name                   | the last part of the URL                                 | chat            |
| message_retention_days       | days that messages are kept                              | for ever        |
| memory_size                  | MB of memory of each function                            | 512             |
| architecture                 | arm64 or x86_64                                          | arm64           |
| rooms_removal_policy         | retain or destroy: the messages, when the stack goes     | retain          |
| throttling_rate_limit        | requests a second to the stage                           | 5000            |
| throttling_burst_limit       | requests at once                                         | 2500            |
| cloudwatch_role              | true: let API Gateway write logs, account-wide           | false           |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from aws_cdk import App, Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_

from chat_stack import ChatStack

T = TypeVar("T")

_ARCHITECTURES = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}
_REMOVAL_POLICIES = {"retain": RemovalPolicy.RETAIN, "destroy": RemovalPolicy.DESTROY}
_FLAGS = {"true": True, "false": False}


def main() -> None:
    """Synthesise the app."""
    app = App()
    chat = {
        "stage_name": _read(app, "stage_name", str),
        "message_retention": _read(app, "message_retention_days", lambda text: Duration.days(int(text))),
        "memory_size": _read(app, "memory_size", int),
        "architecture": _choose(app, "architecture", _ARCHITECTURES),
        "rooms_removal_policy": _choose(app, "rooms_removal_policy", _REMOVAL_POLICIES),
        "throttling_rate_limit": _read(app, "throttling_rate_limit", int),
        "throttling_burst_limit": _read(app, "throttling_burst_limit", int),
    }
    ChatStack(
        app,
        _read(app, "stack_name", str) or "ChatStack",
        cloudwatch_role=bool(_choose(app, "cloudwatch_role", _FLAGS)),
        chat={name: value for name, value in chat.items() if value is not None},
        description="A serverless chat over WebSockets.",
    )
    app.synth()


def _read(app: App, name: str, convert: Callable[[str], T]) -> T | None:
    value: Any = app.node.try_get_context(name)
    if value is None:
        return None
    try:
        return convert(str(value))
    except ValueError:
        raise SystemExit(f"context {name} must be a whole number, got {value!r}") from None


def _choose(app: App, name: str, choices: Mapping[str, T]) -> T | None:
    value: Any = app.node.try_get_context(name)
    if value is None:
        return None
    try:
        return choices[str(value).lower()]
    except KeyError:
        raise SystemExit(f"context {name} must be one of {', '.join(choices)}, got {value!r}") from None


if __name__ == "__main__":
    main()
