"""The queue to large rooms: FIFO, so that a room's entries leave in order, and a function that empties it."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

# SQS hands out ten messages of FIFO queues at most: they leave as one frame where they are for one room and shard.
_BATCH = 10
# What fails this often is given up.
_ATTEMPTS = 5
_KEPT = Duration.hours(1)
# To be looked at, not to be delivered: the texts of messages are in there.
_GIVEN_UP_KEPT = Duration.days(1)


def create_given_up_queue(scope: Construct) -> sqs.Queue:
    """Create the dead-letter queue."""
    return sqs.Queue(
        scope,
        "GivenUp",
        fifo=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=_GIVEN_UP_KEPT,
    )


def create_delivery_queue(scope: Construct, timeout: Duration, given_up: sqs.Queue) -> sqs.Queue:
    """Create the queue.

    Args:
        scope: where it stands.
        timeout: of the function that empties it.
        given_up: its dead-letter queue.
    """
    return sqs.Queue(
        scope,
        "Deliveries",
        fifo=True,
        # Each room and shard is a group of its own; the queue as a whole has no order to keep.
        deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
        fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        # A push that comes an hour late is of no use: who missed it has read the log.
        retention_period=_KEPT,
        # As AWS recommends it: a throttled invocation must not use an attempt up.
        visibility_timeout=Duration.seconds(6 * timeout.to_seconds()),
        dead_letter_queue=sqs.DeadLetterQueue(queue=given_up, max_receive_count=_ATTEMPTS),
    )


def deliver_from(queue: sqs.Queue, function: lambda_.Function, *, concurrency: int) -> None:
    """Have a function empty the queue, in so many invocations at a time."""
    function.add_event_source(
        event_sources.SqsEventSource(
            queue, batch_size=_BATCH, max_concurrency=concurrency, report_batch_item_failures=True
        )
    )
