"""Calls to a DynamoDB in memory, which parses and checks them as AWS does."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from chat.aws.client import AwsClient, AwsError
from tests.unit.dynamodb import CREDENTIALS, create_tables

ITEM = {"connectionId": {"S": "c"}, "room": {"S": "r"}, "connectedAt": {"N": "1"}}
KEY = {"connectionId": {"S": "c"}, "room": {"S": "r"}}


@pytest.fixture
async def client(dynamodb_url: str) -> AsyncIterator[AwsClient]:
    client = AwsClient.from_environment("dynamodb", {**CREDENTIALS, "AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url})
    yield client
    await client.close()


@pytest.fixture
async def table(dynamodb_url: str) -> str:
    name = f"connections-{uuid.uuid4()}"
    await asyncio.to_thread(create_tables, dynamodb_url, name, f"rooms-{uuid.uuid4()}")
    return name


@pytest.fixture
async def deadline() -> float:
    return asyncio.get_running_loop().time() + 10


async def test_what_is_put_can_be_read(client: AwsClient, table: str, deadline: float) -> None:
    assert await client.call("PutItem", {"TableName": table, "Item": ITEM}, deadline=deadline) == {}

    got = await client.call("GetItem", {"TableName": table, "Key": KEY}, deadline=deadline)
    queried = await client.call(
        "Query",
        {
            "TableName": table,
            "KeyConditionExpression": "connectionId = :id",
            "ExpressionAttributeValues": {":id": {"S": "c"}},
        },
        deadline=deadline,
    )

    assert got["Item"] == ITEM
    assert queried["Items"] == [ITEM]
    assert client.calls == {"PutItem": 1, "GetItem": 1, "Query": 1}


async def test_a_condition_that_fails_is_an_error_with_the_item(client: AwsClient, table: str, deadline: float) -> None:
    put = {
        "TableName": table,
        "Item": ITEM,
        "ConditionExpression": "attribute_not_exists(connectionId)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    await client.call("PutItem", put, deadline=deadline)

    with pytest.raises(AwsError) as caught:
        await client.call("PutItem", put, deadline=deadline)

    assert caught.value.code == "ConditionalCheckFailedException"
    assert caught.value.body["Item"] == ITEM
    assert client.calls == {"PutItem": 2}
