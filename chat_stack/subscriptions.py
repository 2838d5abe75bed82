"""What is written in the rooms, handed on to a function of the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Duration, Names
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from chat_stack.findings import acknowledge

# How the sort key of an entry begins. Cursors, members and the like are nobody else's business.
ENTRY_PREFIX = "entry#"


def subscribe(
    scope: Construct,
    rooms: dynamodb.Table,
    handler: lambda_.IFunction,
    *,
    batch_size: int,
    retry_attempts: int,
    starting_position: lambda_.StartingPosition,
) -> sqs.Queue:
    """Invoke a function with each new entry of the rooms' logs, in the order of each room.

    Returns:
        Where batches go that the function could not handle.
    """
    failures = _create_queue(scope, f"{Names.node_unique_id(handler.node)}Failures")
    handler.add_event_source(
        event_sources.DynamoEventSource(
            rooms,
            starting_position=starting_position,
            batch_size=batch_size,
            retry_attempts=retry_attempts,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            filters=[_select_entries()],
            on_failure=event_sources.SqsDlq(failures),
        )
    )
    return failures


def _select_entries() -> Mapping[str, Any]:
    # Entries that change or expire are written or removed: only new ones are inserted.
    return lambda_.FilterCriteria.filter(
        {
            "eventName": lambda_.FilterRule.is_equal("INSERT"),
            "dynamodb": {"Keys": {"item": {"S": lambda_.FilterRule.begins_with(ENTRY_PREFIX)}}},
        }
    )


def _create_queue(scope: Construct, construct_id: str) -> sqs.Queue:
    queue = sqs.Queue(
        scope,
        construct_id,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    acknowledge(queue, "AwsSolutions-SQS3", "It is a dead-letter queue itself: Lambda sends failed batches to it.")
    return queue
