"""The functions: one asset, one environment, and for each a role of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from chat_stack.findings import acknowledge_wildcard

_RUNTIME = lambda_.Runtime.PYTHON_3_14
# Compiled files would change the asset's hash from one machine to the next.
_EXCLUDED = ["__pycache__", "*.pyc"]


@dataclass(frozen=True)
class ChatFunctions:
    """The functions: four behind the routes of the APIs, `publish` for the application, `deliver` behind the queue."""

    connect: lambda_.Function
    disconnect: lambda_.Function
    message: lambda_.Function
    ticket: lambda_.Function
    publish: lambda_.Function
    deliver: lambda_.Function

    def __iter__(self) -> Iterator[lambda_.Function]:
        """Go over all of them."""
        return iter((self.connect, self.disconnect, self.message, self.ticket, self.publish, self.deliver))


@dataclass(frozen=True)
class FunctionSettings:
    """What all functions have in common."""

    memory_size: int
    timeout: Duration
    architecture: lambda_.Architecture
    log_retention: logs.RetentionDays
    environment: Mapping[str, str]


def create_functions(scope: Construct, settings: FunctionSettings) -> ChatFunctions:
    """Create the functions; what each may do is granted afterwards."""
    return ChatFunctions(
        connect=_create_function(scope, "Connect", "Lets a client in.", settings),
        disconnect=_create_function(scope, "Disconnect", "Cleans up after a client.", settings),
        message=_create_function(scope, "Message", "Answers the frames of clients.", settings),
        ticket=_create_function(scope, "Ticket", "Gives signed-in users a ticket to connect with.", settings),
        publish=_create_function(scope, "Publish", "Sends what the application says.", settings),
        deliver=_create_function(scope, "Deliver", "Pushes to large rooms.", settings),
    )


def write_environment(**props: str | int | Duration | None) -> dict[str, str]:
    """Write props as the environment that the functions read: durations in seconds, and none where there is none."""
    environment = {}
    for name, value in props.items():
        if isinstance(value, Duration):
            environment[f"{name.upper()}_S"] = str(round(value.to_seconds()))
        elif value is not None:
            environment[name.upper()] = str(value)
    return environment


def _create_function(scope: Construct, name: str, description: str, settings: FunctionSettings) -> lambda_.Function:
    log_group = logs.LogGroup(
        scope, f"{name}Logs", retention=settings.log_retention, removal_policy=RemovalPolicy.DESTROY
    )
    # A role of our own: the default one may write to every log group of the account.
    role = iam.Role(scope, f"{name}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    function = lambda_.Function(
        scope,
        name,
        description=description,
        runtime=_RUNTIME,
        handler=f"chat.handlers.{name.lower()}.handler",
        code=lambda_.Code.from_asset(str(_find_source()), exclude=_EXCLUDED),
        role=role,
        log_group=log_group,
        logging_format=lambda_.LoggingFormat.JSON,
        tracing=lambda_.Tracing.ACTIVE,
        memory_size=settings.memory_size,
        timeout=settings.timeout,
        architecture=settings.architecture,
        environment=settings.environment,
    )
    acknowledge_wildcard(role, "*", "X-Ray has no resources to name: AWS allows * alone.")
    return function


def _find_source() -> Path:
    """Return the functions' source: inside the package in a wheel, beside it in the repository."""
    package = Path(__file__).parent
    packed = package / "lambda"
    return packed if packed.is_dir() else package.parent / "lambda"
