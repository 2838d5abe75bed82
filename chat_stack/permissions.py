"""What each function may do: the calls that it makes, on exactly what it makes them on."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chat_stack.findings import acknowledge_wildcard
from chat_stack.functions import ChatFunctions
from chat_stack.tables import READER_INDEX, ROOM_INDEX, USER_INDEX


def grant_tables(functions: ChatFunctions, connections: dynamodb.Table, rooms: dynamodb.Table) -> None:
    """Allow each function the calls that it makes on the tables."""
    room_index, user_index = (f"{connections.table_arn}/index/{name}" for name in (ROOM_INDEX, USER_INDEX))
    reader_index = f"{rooms.table_arn}/index/{READER_INDEX}"

    _grant(functions.ticket, ["PutItem"], [connections.table_arn])
    _grant(functions.ticket, ["GetItem"], [rooms.table_arn])

    _grant(functions.connect, ["PutItem", "DeleteItem"], [connections.table_arn])
    _grant(functions.connect, ["Query"], [connections.table_arn, room_index, user_index])
    _grant(functions.connect, ["GetItem"], [rooms.table_arn])

    _grant(functions.disconnect, ["DeleteItem"], [connections.table_arn])
    _grant(functions.disconnect, ["Query"], [connections.table_arn, room_index])

    _grant(functions.message, ["GetItem", "PutItem", "UpdateItem", "DeleteItem"], [connections.table_arn])
    _grant(functions.message, ["Query"], [connections.table_arn, room_index, user_index])
    _grant(functions.message, ["GetItem", "BatchGetItem", "ConditionCheckItem"], [rooms.table_arn])
    _grant(functions.message, ["PutItem", "UpdateItem"], [rooms.table_arn])
    _grant(functions.message, ["Query"], [rooms.table_arn, reader_index])

    _grant(functions.publish, ["DeleteItem"], [connections.table_arn])
    _grant(functions.publish, ["Query"], [connections.table_arn, room_index, user_index])
    _grant(functions.publish, ["GetItem", "PutItem", "UpdateItem", "Query"], [rooms.table_arn])

    _grant(functions.deliver, ["DeleteItem"], [connections.table_arn])
    _grant(functions.deliver, ["Query"], [connections.table_arn, room_index, user_index])
    _grant(functions.deliver, ["UpdateItem"], [rooms.table_arn])


def grant_queue(functions: ChatFunctions, queue: sqs.IQueue) -> None:
    """Allow the functions that push entries to queue what they can't push themselves."""
    for function in (functions.message, functions.publish, functions.deliver):
        iam.Grant.add_to_principal(grantee=function, actions=["sqs:SendMessage"], resource_arns=[queue.queue_arn])


def grant_connections(scope: Construct, functions: ChatFunctions, stage: apigatewayv2.WebSocketStage) -> None:
    """Allow the functions that push frames to post to connections, and those that end some to delete them."""
    for method, granted in (
        (
            "POST",
            (functions.connect, functions.disconnect, functions.message, functions.publish, functions.deliver),
        ),
        ("DELETE", (functions.connect, functions.message)),
    ):
        arn = Stack.of(scope).format_arn(
            service="execute-api",
            resource=stage.api.api_id,
            resource_name=f"{stage.stage_name}/{method}/@connections/*",
        )
        for function in granted:
            iam.Grant.add_to_principal(grantee=function, actions=["execute-api:ManageConnections"], resource_arns=[arn])
        acknowledge_wildcard(scope, arn, "A connection's id is not known before the client connects.")


def grant_invoke(grantee: iam.IGrantable, function: lambda_.IFunction) -> iam.Grant:
    """Allow somebody to invoke a function as it is given here, and none of its other versions."""
    return iam.Grant.add_to_principal(
        grantee=grantee, actions=["lambda:InvokeFunction"], resource_arns=[function.function_arn]
    )


def _grant(function: lambda_.Function, operations: Sequence[str], arns: Sequence[str]) -> None:
    actions = [f"dynamodb:{operation}" for operation in operations]
    iam.Grant.add_to_principal(grantee=function, actions=actions, resource_arns=arns)
