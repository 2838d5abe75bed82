"""The queue of what is to be delivered: how jobs are cut into calls, and what SQS does not take."""

import json
from typing import Any

import pytest

from chat.aws import queue as queue_module
from chat.aws.queue import SqsDeliveries, read_job
from chat.domain.model import Job, Shard
from chat.protocol.errors import UnavailableError
from tests.unit.aws_client.conftest import Connect
from tests.unit.aws_client.fakes import FakeDeadline, FakeTime
from tests.unit.aws_client.servers import Request, ScriptedServer, answer_with, reply, serve

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/Deliveries.fifo"


def job(number: int, frame: str = "{}") -> Job:
    return Job("lobby", Shard(number % 4, 4), f"e:{number}", frame, "ada=", ("bob=",))


def make_queue(connect: Connect, server: ScriptedServer, fake_time: FakeTime) -> SqsDeliveries:
    return SqsDeliveries(connect(server.url, "sqs"), URL, FakeDeadline(fake_time))


def refused(*numbers: int, is_ours: bool = False) -> bytes:
    """A reply of SendMessageBatch which does not take these entries."""
    failed = [{"Id": f"{number}", "Code": "X", "SenderFault": is_ours} for number in numbers]
    return reply(200, json.dumps({"Successful": [], "Failed": failed}).encode())


def read_entries(request: Request) -> list[dict[str, Any]]:
    asked = json.loads(request.body)
    assert asked["QueueUrl"] == URL
    entries: list[dict[str, Any]] = asked["Entries"]
    return entries


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "_BACKOFF_S", 0.0)


async def test_jobs_are_read_as_they_were_put(connect: Connect, fake_time: FakeTime) -> None:
    jobs = [job(number, f'{{"text":"{number} \u20ac\uffff"}}') for number in range(25)]
    async with serve(answer_with(reply(200, b"{}"))) as server:
        await make_queue(connect, server, fake_time).put(jobs)
    calls = sorted(
        (read_entries(request) for request in server.requests), key=lambda entries: entries[0]["MessageBody"]
    )
    assert sorted(len(entries) for entries in calls) == [5, 10, 10]
    put = [read_job(entry["MessageBody"]) for entries in calls for entry in entries]
    assert sorted(put, key=lambda each: int(each.id[2:])) == [each._replace(connections=["bob="]) for each in jobs]
    assert all(entry["MessageBody"].isascii() for entries in calls for entry in entries)


async def test_no_call_is_larger_than_sqs_takes(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(reply(200, b"{}"))) as server:
        await make_queue(connect, server, fake_time).put([job(number, "\u20ac" * 8_000) for number in range(10)])
    assert len(server.requests) > 1
    assert max(len(request.body) for request in server.requests) < 256 * 1024


async def test_what_was_not_taken_is_sent_again_and_nothing_else(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(refused(1, 3), refused(3), reply(200, b"{}"))) as server:
        await make_queue(connect, server, fake_time).put([job(number) for number in range(4)])
    sent = [[entry["Id"] for entry in read_entries(request)] for request in server.requests]
    assert sent == [["0", "1", "2", "3"], ["1", "3"], ["3"]]


async def test_what_is_never_taken_is_an_error(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(refused(0))) as server:
        with pytest.raises(UnavailableError, match="send the same frame again"):
            await make_queue(connect, server, fake_time).put([job(0)])
    assert len(server.requests) == 5


async def test_what_can_never_be_taken_is_not_sent_again(connect: Connect, fake_time: FakeTime) -> None:
    async with serve(answer_with(refused(0, is_ours=True))) as server:
        with pytest.raises(UnavailableError):
            await make_queue(connect, server, fake_time).put([job(0)])
    assert len(server.requests) == 1


async def test_one_group_for_a_room_s_shard_and_one_for_those_who_were_missed(
    connect: Connect, fake_time: FakeTime
) -> None:
    alike = [job(0)._replace(connections=()), job(4)._replace(connections=())]
    others = [job(1)._replace(connections=()), job(0), alike[0]._replace(room="hall")]
    async with serve(answer_with(reply(200, b"{}"))) as server:
        await make_queue(connect, server, fake_time).put([*alike, *others])
    (request,) = server.requests
    groups = [entry["MessageGroupId"] for entry in read_entries(request)]
    assert groups[0] == groups[1]
    assert len(set(groups)) == 4
    assert len({entry["MessageDeduplicationId"] for entry in read_entries(request)}) == 5
