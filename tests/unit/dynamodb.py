"""A DynamoDB on loopback, and tables as the construct makes them (tests/infra holds the two equal)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION}


def connect(endpoint: str) -> DynamoDBClient:
    """A boto3 client for a DynamoDB at that endpoint."""
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def create_tables(endpoint: str, connections: str, rooms: str) -> None:
    """Create a Connections and a Rooms table."""
    client = connect(endpoint)
    indexes: list[Any] = [
        _index("room-index", "roomShard", "memberKey", ["user", "name", "expiresAt"]),
        _index("user-index", "connectedUser", "connectionId", ["name", "expiresAt"]),
    ]
    client.create_table(
        TableName=connections,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_keys("connectionId", "room"),
        AttributeDefinitions=_strings("connectionId", "room", "roomShard", "memberKey", "connectedUser"),
        GlobalSecondaryIndexes=indexes,
    )
    client.create_table(
        TableName=rooms,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_keys("room", "item"),
        AttributeDefinitions=[
            *_strings("room", "item", "reader"),
            {"AttributeName": "touchedAt", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "reader-index",
                "KeySchema": _keys("reader", "touchedAt"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )


def create_queue(endpoint: str) -> str:
    """Create a queue of deliveries; return its URL."""
    client = boto3.client(
        "sqs", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )
    attributes: Any = {"FifoQueue": "true", "DeduplicationScope": "messageGroup"}
    queue_url: str = client.create_queue(QueueName=f"{uuid.uuid4()}.fifo", Attributes=attributes)["QueueUrl"]
    return queue_url


def _index(name: str, partition_key: str, sort_key: str, projected: list[str]) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": _keys(partition_key, sort_key),
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": projected},
    }


def _keys(partition_key: str, sort_key: str) -> Any:
    return [
        {"AttributeName": partition_key, "KeyType": "HASH"},
        {"AttributeName": sort_key, "KeyType": "RANGE"},
    ]


def _strings(*names: str) -> Any:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]
