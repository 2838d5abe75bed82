"""The functions: one asset, one environment, and how each runs and logs."""

from __future__ import annotations

import pytest

from tests.infra.synthesis import Template, render

NAMES = ("Connect", "Disconnect", "Message", "Ticket", "Publish", "Deliver")


def test_there_are_six_of_one_asset(template: Template) -> None:
    assert template.resources("AWS::Lambda::Function").keys() == {f"Chat{name}" for name in NAMES}
    assert len(template.asset_hashes()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_handler(template: Template, name: str) -> None:
    assert template.resource(f"Chat{name}")["Properties"]["Handler"] == f"chat.handlers.{name.lower()}.handler"


@pytest.mark.parametrize("name", NAMES)
def test_environment(template: Template, name: str) -> None:
    variables = template.resource(f"Chat{name}")["Properties"]["Environment"]["Variables"]
    assert {key: render(value) for key, value in variables.items()} == {
        "CONNECTIONS_TABLE": "<ChatConnections>",
        "ROOMS_TABLE": "<ChatRooms>",
        "METRICS_NAMESPACE": "ChatStack",
        "CONNECTION_LIFETIME_S": "7800",
        "MAX_FRAME_BYTES": "32768",
        "MAX_TEXT_BYTES": "8192",
        "MAX_ROOM_NAME_LENGTH": "128",
        "MAX_ROOMS_PER_CONNECTION": "50",
        "MAX_CONNECTIONS_PER_USER": "20",
        "MAX_SENDS_PER_SECOND": "10",
        "MAX_SEND_BURST": "20",
        "MAX_JOINS_PER_SECOND": "10",
        "MAX_JOIN_BURST": "100",
        "INLINE_LIMIT": "200",
        "MAX_SHARDS": "32",
        "POSTS_PER_SECOND": "2000",
        "POSTS_IN_FLIGHT": "50",
        "DELIVERY_QUEUE_URL": "<ChatDeliveries>",
        "SIGN_IN": "jwt",
        "ALLOWED_ORIGINS": "",
        "GROUPS_CLAIM": "cognito:groups",
        "MODERATOR_GROUP": "",
        "ROOM_ACCESS_CLAIM": "",
        "HOOK_TIMEOUT_S": "3",
        "REVIEW_FAILS": "closed",
        "WEBSOCKET_URL": "wss://<ChatApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/chat",
        "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": (
            "https://<ChatApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/chat"
        ),
    }


@pytest.mark.parametrize("name", NAMES)
def test_runs_on_the_newest_python_on_arm(template: Template, name: str) -> None:
    function = template.resource(f"Chat{name}")["Properties"]
    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert (function["MemorySize"], function["Timeout"]) == (512, 29)
    assert function["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize("name", NAMES)
def test_logs_json_into_a_group_of_its_own(template: Template, name: str) -> None:
    logging = template.resource(f"Chat{name}")["Properties"]["LoggingConfig"]
    assert (logging["LogFormat"], render(logging["LogGroup"])) == ("JSON", f"<Chat{name}Logs>")


def test_every_log_is_deleted_after_a_month(template: Template) -> None:
    groups = template.resources("AWS::Logs::LogGroup")
    assert groups.keys() == {"ChatAccessLogs", "ChatTicketAccessLogs", *(f"Chat{name}Logs" for name in NAMES)}
    assert {group["RetentionInDays"] for group in groups.values()} == {30}
    assert {template.resource(name)["DeletionPolicy"] for name in groups} == {"Delete"}
