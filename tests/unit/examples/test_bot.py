"""The bot of examples/bot: what it answers, once, and what it does when it can't."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError

from examples.bot.functions import bot


class FakeLambda:
    """Answers each invocation with the next of the replies; with an ack when there is none."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any] | Exception] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - as boto3 names them
        assert FunctionName == "Publish"
        self.published.append(json.loads(Payload))
        reply = self.replies.pop(0) if self.replies else {"type": "ack"}
        if isinstance(reply, Exception):
            raise reply
        failed = {"FunctionError": "Unhandled"} if "errorMessage" in reply else {}
        return {"StatusCode": 200, "Payload": BytesIO(json.dumps(reply).encode()), **failed}


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> FakeLambda:
    """Stands in for the chat: what the bot publishes goes there."""
    fake = FakeLambda()
    monkeypatch.setattr(bot, "connect", lambda: fake)
    monkeypatch.setenv("PUBLISH_FUNCTION", "Publish")
    return fake


def record(seq: int, text: str = "@bot hello", **changes: str) -> dict[str, Any]:
    entry = {
        "room": "lobby",
        "item": f"entry#{seq:012}",
        "epoch": "e1",
        "id": f"m{seq}",
        "user": "u-ada",
        "name": "Ada",
        "type": "message",
        "text": text,
        **changes,
    }
    image = {name: {"S": value} for name, value in entry.items()} | {"at": {"N": "1700000000000"}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": f"{seq:03}", "NewImage": image}}


def hear(*records: dict[str, Any]) -> list[str]:
    """Let the bot hear records, and return the numbers of those that it reports as failed."""
    answer = bot.handler({"Records": list(records)}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_message_that_calls_it_is_answered_in_its_room(chat: FakeLambda) -> None:
    assert hear(record(1)) == []
    (answer,) = chat.published
    assert answer.pop("id")
    assert answer == {"room": "lobby", "from": "bot", "name": "Bot", "text": "Ada, you said: hello"}


@pytest.mark.parametrize(
    "unheard",
    [
        record(1, "hello"),
        record(1, "hello, @bot "),
        record(1, "@bottle"),
        record(1, user="bot"),
        record(1, type="edited"),
        record(1, type="deleted"),
    ],
)
def test_it_answers_nothing_else(chat: FakeLambda, unheard: dict[str, Any]) -> None:
    assert hear(unheard) == []
    assert chat.published == []


def test_an_entry_without_a_text_is_passed_over(chat: FakeLambda) -> None:
    reaction = record(1, type="reacted")
    del reaction["dynamodb"]["NewImage"]["text"]
    assert hear(reaction, record(2)) == []
    assert len(chat.published) == 1


def test_a_message_heard_twice_is_answered_under_the_same_id(chat: FakeLambda) -> None:
    hear(record(1), record(1))
    first, second = chat.published
    assert first == second


def test_ids_tell_messages_apart_and_are_as_short_as_the_protocol_wants(chat: FakeLambda) -> None:
    hear(record(1), record(2), record(1, room="a" * 128), record(1, epoch="e2"))
    ids = {answer["id"] for answer in chat.published}
    assert len(ids) == 4
    assert all(len(answer_id) <= 64 for answer_id in ids)


@pytest.mark.parametrize(
    "failure",
    [
        {"type": "error", "code": "server.unavailable", "message": "later", "retryable": True},
        {"errorType": "RuntimeError", "errorMessage": "boom"},
        ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke"),
    ],
    ids=["retryable", "crashed", "throttled"],
)
def test_the_first_that_fails_and_what_follows_is_heard_again(
    chat: FakeLambda, failure: dict[str, Any] | Exception
) -> None:
    chat.replies = [{"type": "ack"}, failure]
    assert hear(record(1), record(2), record(3)) == ["002"]
    # The third waits for the second, since both may be of one room.
    assert len(chat.published) == 2


def test_what_is_refused_for_good_holds_nothing_up(chat: FakeLambda, caplog: pytest.LogCaptureFixture) -> None:
    chat.replies = [{"type": "error", "code": "field.out_of_range", "message": "too long", "retryable": False}]
    assert hear(record(1), record(2)) == []
    assert len(chat.published) == 2
    assert "field.out_of_range: too long" in caplog.text
