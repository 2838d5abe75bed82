"""cdk-nag's AwsSolutions pack: nothing is found, and whatever was accepted says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_s3 as s3

from chat_stack import ChatAuth, ChatStack
from examples.bot.app import BotStack
from examples.own_route.app import OwnRouteStack
from examples.two_chats.app import TwoChatsStack
from tests.infra.findings import find_findings
from tests.infra.synthesis import read_template

# What the chat accepts; a finding more is a decision to take, not a line to add.
ACCEPTED = {
    "AwsSolutions-APIG4": "no authorizer on a route",
    "AwsSolutions-COG2": "a second factor is the user's choice",
    "AwsSolutions-COG3": "no threat protection, which is a paid plan",
    "AwsSolutions-COG8": "no Plus plan, likewise",
    "AwsSolutions-DDB3": "Connections without point-in-time recovery",
    "AwsSolutions-IAM4": "a managed policy, on the account's own log role alone",
    "AwsSolutions-IAM5": "a wildcard: X-Ray's, and the connection id",
}
# What the functions of the examples are called: with CDK's defaults, they are theirs.
THEIR_FUNCTIONS = ("Theirs/Leaver/", "Theirs/Bot/")


def _suppressions(assembly: Path, stack_name: str) -> list[dict[str, Any]]:
    return [
        rule
        for resource in read_template(assembly, stack_name).body["Resources"].values()
        for rule in resource.get("Metadata", {}).get("cdk_nag", {}).get("rules_to_suppress", [])
    ]


def test_the_stack_is_clean_and_says_why(tmp_path: Path) -> None:
    assert find_findings(lambda app: ChatStack(app, "ChatStack", cloudwatch_role=True), tmp_path) == []
    accepted = _suppressions(tmp_path, "ChatStack")
    assert {rule["id"].partition("[")[0].removeprefix("AwsSolutions::") for rule in accepted} == ACCEPTED.keys()
    assert all(len(rule["reason"].split()) > 5 for rule in accepted)


def test_a_stack_bound_to_an_account_is_clean(tmp_path: Path) -> None:
    env = Environment(account="111111111111", region="eu-west-1")
    assert find_findings(lambda app: ChatStack(app, "ChatStack", env=env), tmp_path) == []


def test_a_stack_for_guests_is_clean(tmp_path: Path) -> None:
    assert find_findings(lambda app: ChatStack(app, "ChatStack", auth=ChatAuth.guest()), tmp_path) == []


@pytest.mark.parametrize("stack", [TwoChatsStack, OwnRouteStack, BotStack])
def test_nothing_is_found_in_the_chats_of_others(stack: type[Stack], tmp_path: Path) -> None:
    findings = find_findings(lambda app: stack(app, "Theirs"), tmp_path)
    assert [path for _, path in findings if not path.startswith(THEIR_FUNCTIONS)] == []


def test_the_pack_does_find_things(tmp_path: Path) -> None:
    findings = find_findings(lambda app: s3.Bucket(Stack(app, "Stack"), "Bucket"), tmp_path)
    assert "AwsSolutions-S1" in {rule for rule, _ in findings}
