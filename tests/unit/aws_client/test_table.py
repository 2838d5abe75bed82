"""A table whose DynamoDB is throttled: what is asked again, and what the user is told."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chat.aws import table as table_module
from chat.aws.client import AwsError
from chat.aws.table import Table
from chat.protocol.errors import UnavailableError
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeDeadline, FakeTime
from tests.unit.aws_client.servers import ScriptedServer, answer_with, reply, serve

WRITES: list[Mapping[str, Any]] = [{"Put": {"Item": {}}}, {"Update": {"Key": {}}}]


def make_table(connect: Connect, server: ScriptedServer, fake_time: FakeTime) -> Table:
    return Table(connect(server.url, "dynamodb"), "t", FakeDeadline(fake_time))


def make_item(number: int) -> dict[str, Any]:
    return {"id": {"N": str(number)}}


def cancelled(*codes: str) -> bytes:
    reasons = [{"Code": code} for code in codes]
    body = {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "CancellationReasons": reasons}
    return reply(400, json.dumps(body).encode())


def got(found: list[int], left: list[int] | None = None) -> bytes:
    """A reply of BatchGetItem, which has not got to the keys that are left."""
    body: dict[str, Any] = {"Responses": {"t": [make_item(number) for number in found]}, "UnprocessedKeys": {}}
    if left:
        body["UnprocessedKeys"] = {"t": {"Keys": [make_item(number) for number in left], "ConsistentRead": True}}
    return reply(200, json.dumps(body).encode())


def read_keys(server: ScriptedServer) -> list[list[int]]:
    requests = [json.loads(request.body)["RequestItems"]["t"] for request in server.requests]
    assert all(request["ConsistentRead"] for request in requests)
    return [[int(key["id"]["N"]) for key in request["Keys"]] for request in requests]


async def test_a_transaction_names_the_table_in_each_write(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200, b"{}"))) as server:
        assert await make_table(connect, server, fake_time).transact(WRITES)
    (request,) = server.requests
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.TransactWriteItems"
    named = [{"Put": {"Item": {}, "TableName": "t"}}, {"Update": {"Key": {}, "TableName": "t"}}]
    assert json.loads(request.body) == {"TransactItems": named}


@pytest.mark.parametrize(
    "lost",
    [
        cancelled("ConditionalCheckFailed", "None"),
        cancelled("None", "TransactionConflict"),
        cancelled("ConditionalCheckFailed", "TransactionConflict"),
        reply(400, b'{"__type":"x#TransactionConflictException"}'),
    ],
    ids=repr,
)
async def test_a_transaction_that_lost_a_race_says_so(connect: Connect, fake_time: FakeTime, lost: bytes) -> None:
    async with serve(answer_with(lost)) as server:
        assert not await make_table(connect, server, fake_time).transact(WRITES)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "codes",
    [
        ("ThrottlingError", "None"),
        ("None", "ProvisionedThroughputExceeded"),
        ("RequestLimitExceeded", "RequestLimitExceeded"),
        ("ConditionalCheckFailed", "ThrottlingError"),
    ],
)
async def test_a_throttled_transaction_may_be_sent_again(
    connect: Connect, fake_time: FakeTime, codes: tuple[str, str]
) -> None:
    async with serve(answer_with(cancelled(*codes))) as server:
        with pytest.raises(UnavailableError, match="send the same frame again") as raised:
            await make_table(connect, server, fake_time).transact(WRITES)
    assert raised.value.retryable


@pytest.mark.parametrize("codes", [("ValidationError", "None"), ("ValidationError", "ThrottlingError"), ("None",), ()])
async def test_a_transaction_that_was_cancelled_for_another_reason_is_an_error(
    connect: Connect, fake_time: FakeTime, codes: tuple[str, ...]
) -> None:
    async with serve(answer_with(cancelled(*codes))) as server:
        with pytest.raises(AwsError, match="TransactionCanceledException"):
            await make_table(connect, server, fake_time).transact(WRITES)


async def test_keys_that_were_not_processed_are_asked_for_again(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(got([1], [2, 3]), got([], [2, 3]), got([3], [2]), got([]))) as server:
        keys = [{"id": number} for number in (1, 2, 3)]
        rows = await make_table(connect, server, fake_time).batch_get(keys, consistent=True)
    assert rows == [{"id": 1}, {"id": 3}]
    assert read_keys(server) == [[1, 2, 3], [2, 3], [2, 3], [2]]


async def test_keys_that_stay_unprocessed_end_in_an_error(
    connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "_BATCH_BACKOFF_S", 0)
    async with serve(answer_with(got([1], [2]), got([], [2]))) as server:
        with pytest.raises(UnavailableError, match="send the same frame again"):
            await make_table(connect, server, fake_time).batch_get([{"id": 1}, {"id": 2}], consistent=True)
    assert 1 < len(server.requests) < 10
    assert set(map(tuple, read_keys(server)[1:])) == {(2,)}


async def test_more_than_100_keys_are_read_in_parts(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(got([1]), got([2]), got([3]))) as server:
        keys = [{"id": number} for number in range(250)]
        rows = await make_table(connect, server, fake_time).batch_get(keys, consistent=True)
    assert rows == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert read_keys(server) == [list(range(100)), list(range(100, 200)), list(range(200, 250))]


async def test_without_keys_nothing_is_read(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(got([]))) as server:
        assert await make_table(connect, server, fake_time).batch_get([], consistent=True) == []
    assert server.requests == []


async def test_a_table_that_does_not_answer_is_unavailable(connect: Connect, fake_time: FakeTime) -> None:
    skipped_s = fake_time.skipped_s
    async with serve(answer_with(reply(500))) as server:
        with pytest.raises(UnavailableError, match="PutItem was not answered in time"):
            await make_table(connect, server, fake_time).call("PutItem", Item={})
    assert len(server.requests) > 1
    assert fake_time.skipped_s - skipped_s <= 8
