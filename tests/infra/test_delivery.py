"""The queue to large rooms: in order, encrypted, and nothing lost without a trace."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.synthesis import Template, render

QUEUE = "ChatDeliveries"
GIVEN_UP = "ChatGivenUp"


@pytest.fixture
def queue(template: Template) -> Any:
    return template.resource(QUEUE)["Properties"]


def test_order_is_kept_for_each_room_and_shard(queue: Any) -> None:
    assert queue["FifoQueue"] is True
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    # Each job has an id of its own.
    assert "ContentBasedDeduplication" not in queue


def test_the_function_has_time_before_a_job_is_handed_out_again(template: Template, queue: Any) -> None:
    timeout_s = template.resource("ChatDeliver")["Properties"]["Timeout"]
    assert queue["VisibilityTimeout"] == 6 * timeout_s


def test_what_fails_five_times_is_kept_for_a_day(template: Template, queue: Any) -> None:
    redrive = queue["RedrivePolicy"]
    assert (render(redrive["deadLetterTargetArn"]), redrive["maxReceiveCount"]) == (f"<{GIVEN_UP}.Arn>", 5)
    given_up = template.resource(GIVEN_UP)["Properties"]
    assert (given_up["FifoQueue"], given_up["MessageRetentionPeriod"]) == (True, 24 * 3_600)


@pytest.mark.parametrize("name", [QUEUE, GIVEN_UP])
def test_queues_are_encrypted_and_refuse_plain_http(template: Template, name: str) -> None:
    assert template.resource(name)["Properties"]["SqsManagedSseEnabled"] is True
    statements = [
        statement
        for policy in template.resources("AWS::SQS::QueuePolicy").values()
        if f"<{name}>" in map(render, policy["Queues"])
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert [(each["Effect"], each["Condition"]) for each in statements] == [
        ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    ]


def test_the_function_takes_ten_jobs_and_reports_those_that_failed(template: Template) -> None:
    (source,) = template.resources("AWS::Lambda::EventSourceMapping").values()
    assert (render(source["EventSourceArn"]), render(source["FunctionName"])) == (f"<{QUEUE}.Arn>", "<ChatDeliver>")
    assert (source["BatchSize"], source["FunctionResponseTypes"]) == (10, ["ReportBatchItemFailures"])
    assert source["ScalingConfig"] == {"MaximumConcurrency": 4}


def test_invocations_together_stay_below_the_accounts_quota(template: Template) -> None:
    variables = template.resource("ChatDeliver")["Properties"]["Environment"]["Variables"]
    assert int(variables["POSTS_PER_SECOND"]) * 4 == 8_000
