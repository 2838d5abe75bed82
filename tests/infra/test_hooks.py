"""The application's own say: functions that decide about rooms and texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from chat_stack import ChatAuth, WebSocketChat
from tests.infra.synthesis import Template, add_function, render, synthesise

VARIABLES = {"ROOM_ACCESS_FUNCTION", "MESSAGE_REVIEW_FUNCTION"}


def _environment(template: Template, name: str) -> dict[str, str]:
    variables = template.resource(name)["Properties"]["Environment"]["Variables"]
    return {key: render(variables[key]) for key in VARIABLES & variables.keys()}


def _invoked(template: Template, role: str) -> set[str]:
    return {resource for action, resource in template.allowed(role) if action.startswith("lambda:")}


@pytest.mark.parametrize("name", ["Connect", "Disconnect", "Message", "Ticket"])
def test_the_functions_know_of_both(asking: Template, name: str) -> None:
    assert _environment(asking, f"Chat{name}") == {
        "ROOM_ACCESS_FUNCTION": "<Access.Arn>",
        "MESSAGE_REVIEW_FUNCTION": "<Review.Arn>",
    }


def test_publish_needs_neither_so_that_both_may_publish(asking: Template) -> None:
    assert _environment(asking, "ChatPublish") == {}
    for name in ("Access", "Review"):
        assert ("lambda:InvokeFunction", "<ChatPublish.Arn>") in asking.allowed(f"{name}ServiceRole")


def test_the_message_function_alone_asks(asking: Template) -> None:
    assert _invoked(asking, "ChatMessageRole") == {"<Access.Arn>", "<Review.Arn>"}
    for name in ("Connect", "Disconnect", "Ticket", "Publish"):
        assert _invoked(asking, f"Chat{name}Role") == set()


def test_without_functions_nobody_is_asked(guests: Template) -> None:
    assert _environment(guests, "ChatMessage") == {}
    assert _invoked(guests, "ChatMessageRole") == set()


def test_an_alias_is_asked_and_nothing_beside_it(tmp_path: Path) -> None:
    def build(app: App) -> Stack:
        stack = Stack(app, "Stack")
        alias = lambda_.Alias(stack, "Live", alias_name="live", version=add_function(stack, "Access").current_version)
        WebSocketChat(stack, "Chat", auth=ChatAuth.guest(), room_access=alias)
        return stack

    assert _invoked(synthesise(build, tmp_path), "ChatMessageRole") == {"<Live>"}


def test_a_function_and_a_claim_do_not_both_decide(tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    access = add_function(stack, "Access")
    with pytest.raises(ValueError, match=re.escape("give room_access or room_access_claim, not both")):
        WebSocketChat(stack, "Chat", auth=ChatAuth.cognito(), room_access=access, room_access_claim="rooms")
