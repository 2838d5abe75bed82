"""Least privilege: what each function may do, to the letter."""

from __future__ import annotations

import pytest

from tests.infra.synthesis import Template, render

CONNECTIONS = "<ChatConnections.Arn>"
ROOM_INDEX = "<ChatConnections.Arn>/index/room-index"
USER_INDEX = "<ChatConnections.Arn>/index/user-index"
ROOMS = "<ChatRooms.Arn>"
READER_INDEX = "<ChatRooms.Arn>/index/reader-index"
STAGE = "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ChatApi>/chat"
POST = f"{STAGE}/POST/@connections/*"
DELETE = f"{STAGE}/DELETE/@connections/*"

CALLS = {
    "Ticket": {("dynamodb:PutItem", CONNECTIONS), ("dynamodb:GetItem", ROOMS)},
    "Connect": {
        ("dynamodb:PutItem", CONNECTIONS),
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:Query", USER_INDEX),
        ("dynamodb:GetItem", ROOMS),
        ("execute-api:ManageConnections", POST),
        ("execute-api:ManageConnections", DELETE),
    },
    "Disconnect": {
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("execute-api:ManageConnections", POST),
    },
    "Message": {
        ("dynamodb:GetItem", CONNECTIONS),
        ("dynamodb:PutItem", CONNECTIONS),
        ("dynamodb:UpdateItem", CONNECTIONS),
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:Query", USER_INDEX),
        ("dynamodb:GetItem", ROOMS),
        ("dynamodb:BatchGetItem", ROOMS),
        ("dynamodb:PutItem", ROOMS),
        ("dynamodb:UpdateItem", ROOMS),
        ("dynamodb:ConditionCheckItem", ROOMS),
        ("dynamodb:Query", ROOMS),
        ("dynamodb:Query", READER_INDEX),
        ("execute-api:ManageConnections", POST),
        ("execute-api:ManageConnections", DELETE),
    },
    "Publish": {
        ("dynamodb:DeleteItem", CONNECTIONS),
        ("dynamodb:Query", CONNECTIONS),
        ("dynamodb:Query", ROOM_INDEX),
        ("dynamodb:Query", USER_INDEX),
        ("dynamodb:GetItem", ROOMS),
        ("dynamodb:PutItem", ROOMS),
        ("dynamodb:UpdateItem", ROOMS),
        ("dynamodb:Query", ROOMS),
        ("execute-api:ManageConnections", POST),
    },
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
    assert template.allowed(f"Chat{name}Role") == CALLS[name] | _own(name)


@pytest.mark.parametrize("name", CALLS)
def test_role_is_lambdas_alone_and_has_nothing_but_its_policy(template: Template, name: str) -> None:
    role = template.resource(f"Chat{name}Role")["Properties"]
    assert "ManagedPolicyArns" not in role
    assert "Policies" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_there_are_no_other_roles(template: Template) -> None:
    assert template.resources("AWS::IAM::Role").keys() == {f"Chat{name}Role" for name in CALLS}
