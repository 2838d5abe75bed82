"""Hearing what is written in the rooms, and saying something there: the example with the bot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from chat_stack import ChatAuth, WebSocketChat
from tests.infra.synthesis import Template, add_function, render, synthesise


def _mapping(template: Template) -> dict[str, Any]:
    """Return the subscription's; the other one empties the chat's own queue."""
    mappings = template.resources("AWS::Lambda::EventSourceMapping").values()
    (mapping,) = (each for each in mappings if render(each["EventSourceArn"]) == "<ChatRooms.StreamArn>")
    return dict(mapping)


def _queue(template: Template) -> tuple[str, dict[str, Any]]:
    queues = template.resources("AWS::SQS::Queue").items()
    ((name, queue),) = ((name, queue) for name, queue in queues if "FifoQueue" not in queue)
    return name, queue


def test_the_function_reads_the_stream_of_the_rooms(bot: Template) -> None:
    mapping = _mapping(bot)
    assert render(mapping["FunctionName"]) == "<Bot>"
    assert render(mapping["EventSourceArn"]) == "<ChatRooms.StreamArn>"
    assert (mapping["BatchSize"], mapping["StartingPosition"]) == (10, "LATEST")


def test_it_hears_new_entries_and_nothing_else_of_the_table(bot: Template) -> None:
    (selected,) = _mapping(bot)["FilterCriteria"]["Filters"]
    assert json.loads(selected["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"item": {"S": [{"prefix": "entry#"}]}}},
    }


def test_a_batch_that_fails_is_halved_tried_again_and_given_up(bot: Template) -> None:
    mapping = _mapping(bot)
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["MaximumRetryAttempts"] == 3
    name, _ = _queue(bot)
    assert render(mapping["DestinationConfig"]["OnFailure"]["Destination"]) == f"<{name}.Arn>"


def test_what_was_given_up_is_kept_encrypted_for_two_weeks(bot: Template) -> None:
    name, queue = _queue(bot)
    assert queue == {"MessageRetentionPeriod": 14 * 24 * 3_600, "SqsManagedSseEnabled": True}
    policies = bot.resources("AWS::SQS::QueuePolicy").values()
    (policy,) = (each for each in policies if f"<{name}>" in map(render, each["Queues"]))
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert [render(queue) for queue in policy["Queues"]] == [f"<{name}>"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "sqs:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_function_may_read_the_stream_report_and_publish(bot: Template) -> None:
    name, _ = _queue(bot)
    stream, queue = "<ChatRooms.StreamArn>", f"<{name}.Arn>"
    assert bot.allowed("BotServiceRole") == {
        ("dynamodb:DescribeStream", stream),
        ("dynamodb:GetRecords", stream),
        ("dynamodb:GetShardIterator", stream),
        # AWS allows this one on * alone.
        ("dynamodb:ListStreams", "*"),
        ("sqs:SendMessage", queue),
        ("sqs:GetQueueAttributes", queue),
        ("sqs:GetQueueUrl", queue),
        ("lambda:InvokeFunction", "<ChatPublish.Arn>"),
    }


def test_the_bot_knows_whom_to_invoke_and_is_watched(bot: Template) -> None:
    variables = bot.resource("Bot")["Properties"]["Environment"]["Variables"]
    assert render(variables["PUBLISH_FUNCTION"]) == "<ChatPublish>"
    name, _ = _queue(bot)
    (dimension,) = bot.resource("GivenUp")["Properties"]["Dimensions"]
    assert render(dimension["Value"]) == f"<{name}.QueueName>"


def test_options_of_a_subscription(tmp_path: Path) -> None:
    def build(app: App) -> Stack:
        stack = Stack(app, "Stack")
        WebSocketChat(stack, "Chat", auth=ChatAuth.guest()).on_message(
            add_function(stack, "Indexer"),
            batch_size=100,
            retry_attempts=0,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        )
        return stack

    mapping = _mapping(synthesise(build, tmp_path))
    assert (mapping["BatchSize"], mapping["StartingPosition"]) == (100, "TRIM_HORIZON")
    assert mapping["MaximumRetryAttempts"] == 0


def test_several_functions_subscribe_each_with_a_queue(tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    queues = [chat.on_message(add_function(stack, name)) for name in ("Bot", "Indexer")]
    assert queues[0].node.path != queues[1].node.path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number between 1 and 10000, got 0"),
        ({"batch_size": 10_001}, "batch_size must be a whole number between 1 and 10000, got 10001"),
        ({"retry_attempts": -1}, "retry_attempts must be a whole number between 0 and 10000, got -1"),
    ],
)
def test_a_bad_option_is_refused(options: dict[str, int], message: str, tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    with pytest.raises(ValueError, match=re.escape(message)):
        chat.on_message(add_function(stack, "Bot"), **options)  # type: ignore[arg-type]  # numbers, all of them
