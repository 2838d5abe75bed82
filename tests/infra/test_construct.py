"""The construct in somebody else's stack: two of them, routes and grants of one's own, metrics."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from chat_stack import ChatAuth, WebSocketChat
from examples.own_route.app import OwnRouteStack
from examples.two_chats.app import TwoChatsStack
from tests.infra.synthesis import Template, render, synthesise


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(App(outdir=str(tmp_path)), "Stack")


@pytest.fixture(scope="module")
def two_chats(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return synthesise(lambda app: TwoChatsStack(app, "TwoChats"), tmp_path_factory.mktemp("two_chats"))


@pytest.fixture(scope="module")
def own_route(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return synthesise(lambda app: OwnRouteStack(app, "OwnRoute"), tmp_path_factory.mktemp("own_route"))


def test_two_chats_in_a_stack_share_their_code_alone(two_chats: Template) -> None:
    of_each = {
        name: {logical_id for logical_id in two_chats.body["Resources"] if logical_id.startswith(name)}
        for name in ("Customers", "Staff")
    }
    assert of_each["Customers"] | of_each["Staff"] == two_chats.body["Resources"].keys()
    for name, other in (("Customers", "Staff"), ("Staff", "Customers")):
        for logical_id in of_each[name]:
            assert f"'{other}" not in str(two_chats.body["Resources"][logical_id]["Properties"]), logical_id
    assert len(two_chats.resources("AWS::Lambda::Function")) == 12
    assert len(two_chats.asset_hashes()) == 1


def test_own_route_leads_to_its_function(own_route: Template) -> None:
    routes = {route["RouteKey"]: route for route in own_route.resources("AWS::ApiGatewayV2::Route").values()}
    target = render(routes["quit"]["Target"]).removeprefix("integrations/").strip("<>")
    integration = own_route.resources("AWS::ApiGatewayV2::Integration")[target]
    assert "<Leaver.Arn>" in render(integration["IntegrationUri"])
    assert "RouteResponseSelectionExpression" not in routes["quit"]


def test_own_route_answers_where_it_is_told_to(stack: Stack, tmp_path: Path) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    route = chat.add_route("time", chat.functions.message)
    assert route.node.try_find_child("Response") is not None
    assert chat.add_route("quit", chat.functions.message, return_response=False).node.try_find_child("Response") is None


@pytest.mark.parametrize("route_key", ["send", "ping", "$connect", "mine"])
def test_a_route_that_is_there_is_refused(stack: Stack, route_key: str) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    chat.add_route("mine", chat.functions.message)
    with pytest.raises(ValueError, match=re.escape(f"got {route_key!r}")):
        chat.add_route(route_key, chat.functions.message)


def test_grant_covers_this_stages_connections_alone(own_route: Template) -> None:
    (policy,) = [body for name, body in own_route.resources("AWS::IAM::Policy").items() if name.startswith("Leaver")]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:ManageConnections"
    assert render(statement["Resource"]).endswith(":<AWS::AccountId>:<ChatApi>/chat/*/@connections/*")


def test_grant_is_a_grant(stack: Stack) -> None:
    user = iam.User(stack, "User")
    assert WebSocketChat(stack, "Chat", auth=ChatAuth.guest()).grant_manage_connections(user).success


METRICS: list[tuple[Callable[[WebSocketChat], cloudwatch.Metric], str, str]] = [
    (WebSocketChat.metric_connects, "ConnectCount", "Sum"),
    (WebSocketChat.metric_messages, "MessageCount", "Sum"),
    (WebSocketChat.metric_integration_errors, "IntegrationError", "Sum"),
    (WebSocketChat.metric_client_errors, "ClientError", "Sum"),
    (WebSocketChat.metric_latency, "IntegrationLatency", "Average"),
]


@pytest.mark.parametrize(("read", "name", "statistic"), METRICS, ids=[name for _, name, _ in METRICS])
def test_metric_is_of_this_stage(
    stack: Stack, read: Callable[[WebSocketChat], cloudwatch.Metric], name: str, statistic: str
) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    metric = read(chat)
    assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/ApiGateway", name, statistic)
    assert stack.resolve(metric.dimensions) == {"ApiId": stack.resolve(chat.api.api_id), "Stage": "chat"}


def test_what_was_given_up_is_counted_in_its_queue(stack: Stack) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    metric = chat.metric_given_up()
    assert (metric.namespace, metric.metric_name) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert stack.resolve(metric.dimensions) == {"QueueName": stack.resolve(chat.given_up_queue.queue_name)}


def test_metric_takes_options(stack: Stack) -> None:
    metric = WebSocketChat(stack, "Chat", auth=ChatAuth.guest()).metric_connects(
        statistic="Maximum", period=Duration.minutes(1)
    )
    assert metric.statistic == "Maximum"
    assert metric.period.to_seconds() == 60


def test_urls(stack: Stack) -> None:
    chat = WebSocketChat(stack, "Chat", auth=ChatAuth.guest())
    host = r"<ChatApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    assert render(stack.resolve(chat.url)) == f"wss://{host}/chat"
    ticket_host = "<ChatTicketApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    assert render(stack.resolve(chat.ticket_url)) == f"https://{ticket_host}/ticket"
    assert render(stack.resolve(chat.callback_url)) == f"https://{host}/chat"
