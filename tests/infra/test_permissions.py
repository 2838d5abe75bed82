"""Least privilege: what each function may do, to the letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.infra.synthesis import Template, render

CONNECTIONS = "<ChatConnections.Arn>"
ROOM_INDEX = "<ChatConnections.Arn>/index/room-index"
ROOMS = "<ChatRooms.Arn>"
POST = "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ChatApi>/chat/POST/@connections/*"

CALLS = {
    "Connect": {("dynamodb:PutItem", CONNECTIONS), ("dynamodb:DeleteItem", CONNECTIONS)},
    "Ticket": {("dynamodb:PutItem", CONNECTIONS)},
    "Disconnect": {
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("execute-api:ManageConnections", POST),
    },
    "Message": {
        ("dynamodb:GetItem", CONNECTIONS),
        ("dynamodb:PutItem", CONNECTIONS),
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:Query", ROOMS),
        ("dynamodb:PutItem", ROOMS),
        ("dynamodb:UpdateItem", ROOMS),
        ("execute-api:ManageConnections", POST),
    },
}


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _allowed(template: Template, role: str) -> set[tuple[str, str]]:
    """Return each action and resource that the policies of a role allow."""
    statements = [
        statement
        for policy in template.resources("AWS::IAM::Policy").values()
        if f"<{role}>" in map(render, policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return {
        (action, render(resource))
        for statement in statements
        for action in _list(statement["Action"])
        for resource in _list(statement["Resource"])
    }


def _own(name: str) -> set[tuple[str, str]]:
    """Return what each function may do for its log and its traces."""
    log = f"<Chat{name}Logs.Arn>"
    return {
        ("logs:CreateLogStream", log),
        ("logs:PutLogEvents", log),
        ("xray:PutTraceSegments", "*"),
        ("xray:PutTelemetryRecords", "*"),
    }


@pytest.mark.parametrize("name", CALLS)
def test_function_may_do_what_it_does_and_no_more(template: Template, name: str) -> None:
    assert render(template.resource(f"Chat{name}")["Properties"]["Role"]) == f"<Chat{name}Role.Arn>"
    assert _allowed(template, f"Chat{name}Role") == CALLS[name] | _own(name)


@pytest.mark.parametrize("name", CALLS)
def test_role_is_lambdas_alone_and_has_nothing_but_its_policy(template: Template, name: str) -> None:
    role = template.resource(f"Chat{name}Role")["Properties"]
    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_there_are_no_other_roles(template: Template) -> None:
    assert template.resources("AWS::IAM::Role").keys() == {f"Chat{name}Role" for name in CALLS}
