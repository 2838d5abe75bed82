"""Least privilege: what each function may do, to the letter."""

from __future__ import annotations

import pytest

from tests.infra.synthesis import Template, render
from tests.permissions import PERMISSIONS

STAGE = "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ChatApi>/chat"
CALLS = {name.capitalize(): calls for name, calls in PERMISSIONS.items()}


def _write(call: str) -> tuple[str, str]:
    """Write a call as a policy has it: the action and the resource."""
    operation, _, target = call.partition(" ")
    if target == "@connections":
        return "execute-api:ManageConnections", f"{STAGE}/{operation}/@connections/*"
    if target == "Deliveries":
        return f"sqs:{operation}", "<ChatDeliveries.Arn>"
    table, _, index = target.partition("/")
    return f"dynamodb:{operation}", f"<Chat{table}.Arn>" + (f"/index/{index}" if index else "")


# What Lambda itself does with the queue in the function's name.
EMPTYING = ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl", "GetQueueAttributes")


def _own(name: str) -> set[tuple[str, str]]:
    """Return what each function may do for its log, its traces and its event source."""
    log = f"<Chat{name}Logs.Arn>"
    emptied = {(f"sqs:{operation}", "<ChatDeliveries.Arn>") for operation in EMPTYING if name == "Deliver"}
    return emptied | {
        ("logs:CreateLogStream", log),
        ("logs:PutLogEvents", log),
        ("xray:PutTraceSegments", "*"),
        ("xray:PutTelemetryRecords", "*"),
    }


@pytest.mark.parametrize("name", CALLS)
def test_function_may_do_what_it_does_and_no_more(template: Template, name: str) -> None:
    assert render(template.resource(f"Chat{name}")["Properties"]["Role"]) == f"<Chat{name}Role.Arn>"
    assert template.allowed(f"Chat{name}Role") == set(map(_write, CALLS[name])) | _own(name)


@pytest.mark.parametrize("name", CALLS)
def test_role_is_lambdas_alone_and_has_nothing_but_its_policy(template: Template, name: str) -> None:
    role = template.resource(f"Chat{name}Role")["Properties"]
    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_there_are_no_other_roles(template: Template) -> None:
    assert template.resources("AWS::IAM::Role").keys() == {f"Chat{name}Role" for name in CALLS}
