"""The queue to large rooms, from the function that fills it to the one that empties it."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3
import pytest

from tests.unit.dynamodb import REGION
from tests.unit.handlers.conftest import Deploy, Functions


class Queue:
    """The queue, and the function behind it."""

    def __init__(self, endpoint: str, url: str, functions: Functions) -> None:
        self._client = boto3.client(
            "sqs", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
        )
        self._url = url
        self._functions = functions

    def receive(self) -> list[dict[str, Any]]:
        """Receive what waits, for good, as Lambda's event source writes it."""
        received = self._client.receive_message(
            QueueUrl=self._url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        ).get("Messages", [])
        for each in received:
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=each["ReceiptHandle"])
        return [
            {"messageId": each["MessageId"], "body": each["Body"], "attributes": each["Attributes"]}
            for each in received
        ]

    def deliver(self, records: list[dict[str, Any]]) -> list[str]:
        """Invoke the function; return the ids of the records that it could not deliver."""
        response = self._functions.invoke("deliver", {"Records": records})
        assert response.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


@pytest.fixture
def functions(deploy: Deploy) -> Functions:
    return deploy(INLINE_LIMIT="5")


@pytest.fixture
def queue(functions: Functions, dynamodb_url: str) -> Queue:
    return Queue(dynamodb_url, os.environ["DELIVERY_QUEUE_URL"], functions)


def crowd(functions: Functions, count: int) -> list[str]:
    """Let so many others into the lobby, one more than are pushed to at once."""
    names = [f"c{number}=" for number in range(count)]
    functions.enter("ada=", *names)
    for name in names:
        functions.management.frames[name].clear()
    functions.lines()
    return names


def test_a_large_room_costs_the_sender_six_calls_and_two_for_the_queue(functions: Functions, queue: Queue) -> None:
    names = crowd(functions, 5)
    assert functions.ask("ada=", "send", room="lobby", id="m1", text="hi")["type"] == "ack"
    line = functions.lines()[-1]
    calls = {"GetItem": 2, "BatchGetItem": 1, "UpdateItem": 1, "Query": 2, "PutItem": 1, "SendMessageBatch": 1}
    assert (line["aws_calls"], line["jobs"], line["deliveries"]) == (calls, 1, 0)
    assert queue.deliver(queue.receive()) == []
    assert [functions.pushed(name)[0]["text"] for name in names] == ["hi"] * 5
    line = functions.lines()[-1]
    assert (line["route"], line["outcome"], line["deliveries"]) == ("deliver", "delivered", 5)
    assert (line["api"], line["stage"]) == ("abcdef1234", "chat")
    # Four ranges are read, whatever is in them.
    assert line["aws_calls"] == {"Query": 4, "POST": 5}


def test_what_waits_together_is_one_post_for_each(functions: Functions, queue: Queue) -> None:
    names = crowd(functions, 5)
    for number in range(4):
        functions.ask("ada=", "send", room="lobby", id=f"m{number}", text=f"{number}", after=number)
    records = queue.receive()
    assert len({record["attributes"]["MessageGroupId"] for record in records}) == 1
    assert queue.deliver(records) == []
    for name in names:
        (batch,) = functions.pushed(name)
        assert [event["text"] for event in batch["events"]] == ["0", "1", "2", "3"]


def test_a_retried_send_is_queued_once(functions: Functions, queue: Queue) -> None:
    crowd(functions, 5)
    for _ in range(2):
        functions.ask("ada=", "send", room="lobby", id="m1", text="hi", after=0)
    assert len(queue.receive()) == 1


def test_posts_that_stay_throttled_are_queued_for_these_alone(functions: Functions, queue: Queue) -> None:
    functions.enter("ada=", "bob=", "eve=")
    functions.management.statuses["bob="] = [429]
    functions.remaining_ms = 3_500
    functions.ask("ada=", "send", room="lobby", id="m1", text="hi")
    (record,) = queue.receive()
    assert json.loads(record["body"])["connections"] == ["bob="]
    functions.management.statuses["bob="] = [200]
    assert queue.deliver([record]) == []
    assert [frame["text"] for frame in functions.pushed("bob=") if frame["type"] == "message"] == ["hi"]
    assert len([frame for frame in functions.pushed("eve=") if frame["type"] == "message"]) == 1


def test_what_fails_twice_goes_back_to_the_queue_with_all_of_its_group(functions: Functions, queue: Queue) -> None:
    crowd(functions, 2)
    functions.management.statuses["c0="] = [429]
    record = {"attributes": {"MessageGroupId": "g"}}
    job = {"room": "lobby", "shard": 0, "shards": 1, "id": "e:1", "frame": "{}", "sender": "", "connections": ["c0="]}
    first = {**record, "messageId": "1", "body": json.dumps(job)}
    second = {**record, "messageId": "2", "body": json.dumps({**job, "id": "e:2"})}
    other = {
        "messageId": "3",
        "attributes": {"MessageGroupId": "h"},
        "body": json.dumps({**job, "id": "e:3", "connections": ["c1="]}),
    }
    functions.remaining_ms = 3_500
    assert queue.deliver([first, second, other]) == ["1", "2"]
    assert functions.pushed("c1=") == [{}]


def test_a_connection_that_is_gone_holds_nobody_up(functions: Functions, queue: Queue) -> None:
    crowd(functions, 5)
    functions.management.statuses["c3="] = [410]
    functions.ask("ada=", "send", room="lobby", id="m1", text="hi")
    assert queue.deliver(queue.receive()) == []
    members = functions.ask("ada=", "members", room="lobby")["members"]
    assert sorted(member["name"] for member in members) == ["ada=", "c0=", "c1=", "c2=", "c4="]


def test_what_can_not_be_read_holds_up_no_other_room(
    functions: Functions, queue: Queue, capsys: pytest.CaptureFixture[str]
) -> None:
    names = crowd(functions, 5)
    functions.ask("ada=", "send", room="lobby", id="m1", text="hi")
    odd = {"messageId": "1", "attributes": {"MessageGroupId": "g"}, "body": "{}"}
    assert queue.deliver([odd, *queue.receive()]) == ["1"]
    assert [functions.pushed(name)[0]["text"] for name in names] == ["hi"] * 5
    written = capsys.readouterr()
    assert "KeyError: 'shard'" in written.err
    assert json.loads(written.out.splitlines()[-1])["outcome"] == "failed"


def test_who_can_not_be_reached_holds_up_nobody_in_the_shard(functions: Functions, queue: Queue) -> None:
    names = crowd(functions, 5)
    functions.management.statuses["c0="] = [429]
    functions.remaining_ms = 3_500
    functions.ask("ada=", "send", room="lobby", id="m1", text="1")
    assert queue.deliver(queue.receive()) == []
    functions.ask("ada=", "send", room="lobby", id="m2", text="2", after=1)
    again, whole = queue.receive()
    assert queue.deliver([again, whole]) == [again["messageId"]]
    assert json.loads(again["body"])["connections"] == ["c0="]
    assert [functions.pushed(name)[-1]["text"] for name in names[1:]] == ["2"] * 4


def test_a_direct_message_that_did_not_get_through_is_tried_again(functions: Functions, queue: Queue) -> None:
    functions.sign_in("ada=", "ada")
    bob = functions.sign_in("bob=", "bob")
    functions.management.statuses["bob="] = [429]
    functions.remaining_ms = 3_500
    functions.ask("ada=", "send", to=bob, id="m1", text="hi")
    functions.management.statuses["bob="] = [200]
    assert queue.deliver(queue.receive()) == []
    assert [frame["text"] for frame in functions.pushed("bob=")] == ["hi"]


def test_any_text_goes_through_the_queue_as_it_was_sent(functions: Functions, queue: Queue) -> None:
    names = crowd(functions, 5)
    text = "\x00\x1f\x7f\u2028\ufdd0\ufffe\uffff\U0001fffe é"
    functions.ask("ada=", "send", room="lobby", id="m1", text=text)
    (record,) = queue.receive()
    assert record["body"].isascii()
    assert queue.deliver([record]) == []
    assert functions.pushed(names[0])[0]["text"] == text
