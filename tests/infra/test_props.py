"""The construct's props: each has its effect, and a bad one is refused at once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from chat_stack import ChatAuth, WebSocketChat
from tests.infra.synthesis import Template, synthesise

TUNED: dict[str, Any] = {
    "stage_name": "v1",
    "rooms_removal_policy": RemovalPolicy.DESTROY,
    "connections_removal_policy": RemovalPolicy.RETAIN,
    "message_retention": Duration.days(7),
    "connection_lifetime": Duration.hours(3),
    "max_frame_bytes": 16_384,
    "max_text_bytes": 1_000,
    "max_room_name_length": 64,
    "max_rooms_per_connection": 10,
    "max_connections_per_user": 5,
    "max_sends_per_second": 2,
    "max_send_burst": 4,
    "max_joins_per_second": 3,
    "max_join_burst": 30,
    "inline_limit": 50,
    "max_shards": 8,
    "deliver_concurrency": 2,
    "posts_per_second": 1_000,
    "posts_in_flight": 20,
    "moderator_group": "moderators",
    "room_access_claim": "chat:rooms",
    "review_fails_open": True,
    "hook_timeout": Duration.seconds(2),
    "auth": ChatAuth.jwt("https://login.example.com/", ["client-1", "client-2"], groups_claim="teams"),
    "allowed_origins": ["https://chat.example.com", "http://localhost:8080"],
    "log_retention": logs.RetentionDays.ONE_WEEK,
    "memory_size": 256,
    "timeout": Duration.seconds(10),
    "architecture": lambda_.Architecture.X86_64,
    "throttling_rate_limit": 100,
    "throttling_burst_limit": 50,
}


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A chat with every prop set to what is not its default."""

    def build(app: App) -> Stack:
        stack = Stack(app, "Tuned")
        WebSocketChat(stack, "Chat", **TUNED)
        return stack

    return synthesise(build, tmp_path_factory.mktemp("tuned"))


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(App(outdir=str(tmp_path)), "Stack")


def test_tuned_sets_every_prop() -> None:
    # Functions stand in a stack: test_hooks.py has them.
    others = {"self", "scope", "construct_id", "room_access", "message_review"}
    assert TUNED.keys() == inspect.signature(WebSocketChat.__init__).parameters.keys() - others


def test_props_reach_the_functions(tuned: Template) -> None:
    function = tuned.resource("ChatMessage")["Properties"]
    assert (function["MemorySize"], function["Timeout"], function["Architectures"]) == (256, 10, ["x86_64"])
    variables = function["Environment"]["Variables"]
    expected = {
        "CONNECTION_LIFETIME_S": "10800",
        "MAX_FRAME_BYTES": "16384",
        "MAX_TEXT_BYTES": "1000",
        "MAX_ROOM_NAME_LENGTH": "64",
        "MAX_ROOMS_PER_CONNECTION": "10",
        "MAX_CONNECTIONS_PER_USER": "5",
        "MAX_SENDS_PER_SECOND": "2",
        "MAX_SEND_BURST": "4",
        "MAX_JOINS_PER_SECOND": "3",
        "MAX_JOIN_BURST": "30",
        "INLINE_LIMIT": "50",
        "MAX_SHARDS": "8",
        "POSTS_PER_SECOND": "500",
        "POSTS_IN_FLIGHT": "20",
        "GROUPS_CLAIM": "teams",
        "MODERATOR_GROUP": "moderators",
        "ROOM_ACCESS_CLAIM": "chat:rooms",
        "REVIEW_FAILS": "open",
        "HOOK_TIMEOUT_S": "2",
        "MESSAGE_RETENTION_S": "604800",
        "SIGN_IN": "jwt",
        "ALLOWED_ORIGINS": "https://chat.example.com http://localhost:8080",
    }
    assert {name: variables[name] for name in expected} == expected


def test_props_reach_the_stage_the_tables_and_the_logs(tuned: Template) -> None:
    stage = tuned.resource("ChatStage")["Properties"]
    assert stage["StageName"] == "v1"
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 100
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 50
    assert tuned.resource("ChatRooms")["DeletionPolicy"] == "Delete"
    assert tuned.resource("ChatConnections")["DeletionPolicy"] == "Retain"
    assert {group["RetentionInDays"] for group in tuned.resources("AWS::Logs::LogGroup").values()} == {7}


def _list_bad_props() -> Iterator[tuple[dict[str, Any], str]]:
    ranges = {
        "inline_limit": (1, 1_000),
        "max_shards": (1, 256),
        "deliver_concurrency": (2, 100),
        "posts_per_second": (100, 100_000),
        "posts_in_flight": (1, 500),
        "max_frame_bytes": (1_024, 32_768),
        "max_text_bytes": (1, 16_384),
        "max_room_name_length": (1, 128),
        "max_rooms_per_connection": (1, 100),
        "max_connections_per_user": (1, 100),
        "max_sends_per_second": (1, 1_000),
        "max_send_burst": (1, 1_000),
        "max_joins_per_second": (1, 1_000),
        "max_join_burst": (1, 1_000),
        "memory_size": (128, 10_240),
        "throttling_rate_limit": (1, 100_000),
        "throttling_burst_limit": (1, 100_000),
    }
    for name, (lowest, highest) in ranges.items():
        for value in (lowest - 1, highest + 1, "10", 1.5):
            yield {name: value}, f"{name} must be a whole number between {lowest} and {highest}, got {value!r}"
    yield {"max_frame_bytes": 1_024}, "max_text_bytes must be at most 512, 512 less than max_frame_bytes, got 8192"
    for timeout in (Duration.seconds(4), Duration.seconds(30)):
        yield {"timeout": timeout}, f"between 5 seconds and 29 seconds, got {timeout.to_human_string()}"
    for hook_timeout in (Duration.seconds(0), Duration.seconds(11)):
        yield {"hook_timeout": hook_timeout}, f"between 1 second and 10 seconds, got {hook_timeout.to_human_string()}"
    for lifetime in (Duration.minutes(124), Duration.hours(25)):
        yield {"connection_lifetime": lifetime}, f"2 hours 5 minutes and 1 day, got {lifetime.to_human_string()}"
    yield {"message_retention": Duration.minutes(59)}, "message_retention must be between 1 hour and 36500 days, got 59"
    yield {"stage_name": "no spaces"}, "stage_name must be 1 to 128 of letters, digits, - and _, got 'no spaces'"
    yield {"stage_name": ""}, "got ''"
    for origin in ("chat.example.com", "https://chat.example.com/", "*", "https://Chat.example.com", "null"):
        yield {"allowed_origins": [origin]}, f"such as https://chat.example.com, got {origin!r}"
    for name in ("moderator_group", "room_access_claim"):
        for value in ("", "two words", "[one]"):
            yield {name: value}, f"{name} must be one word, without spaces, commas, brackets or quotes, got {value!r}"
        yield {name: "chat"}, f"{name} needs a token, which guests have not: leave it out, got 'chat'"
    yield {"allowed_origins": "https://a.example.com"}, "allowed_origins must be a list, got"


@pytest.mark.parametrize(("props", "message"), [pytest.param(*bad, id=bad[1]) for bad in _list_bad_props()])
def test_a_bad_prop_is_refused_with_its_range_and_value(stack: Stack, props: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        WebSocketChat(stack, "Chat", auth=ChatAuth.guest(), **props)


def test_a_prop_known_at_deployment_only_is_refused(stack: Stack) -> None:
    size = CfnParameter(stack, "Size", type="Number")
    tokens: dict[str, Any] = {
        "memory_size": size.value_as_number,
        "timeout": Duration.seconds(size.value_as_number),
        "stage_name": size.value_as_string,
    }
    for name, token in tokens.items():
        with pytest.raises(ValueError, match=f"{name} must be known when the app is synthesised, got a token"):
            WebSocketChat(stack, f"Chat-{name}", **{"auth": ChatAuth.guest(), name: token})


@pytest.mark.parametrize("value", [1, 16_384])
def test_the_ends_of_a_range_are_in_it(stack: Stack, value: int) -> None:
    WebSocketChat(stack, "Chat", auth=ChatAuth.guest(), max_text_bytes=value)
