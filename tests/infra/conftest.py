"""What the synthesis tests share: a stack is synthesised once, since that takes seconds."""

from __future__ import annotations

import pytest
from aws_cdk import App, Duration, Stack

from chat_stack import ChatAuth, ChatStack, WebSocketChat
from examples.bot.app import BotStack
from tests.infra.synthesis import Template, add_function, synthesise


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """`ChatStack` as it is without any option."""
    return synthesise(lambda app: ChatStack(app, "ChatStack"), tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="session")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """`ChatStack` without Cognito, which is not everywhere."""
    auth = ChatAuth.guest()
    return synthesise(lambda app: ChatStack(app, "ChatStack", auth=auth), tmp_path_factory.mktemp("guests"))


@pytest.fixture(scope="session")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """`ChatStack` with messages that expire."""
    chat = {"message_retention": Duration.days(30)}
    return synthesise(lambda app: ChatStack(app, "ChatStack", chat=chat), tmp_path_factory.mktemp("forgetful"))


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A chat that asks a function about rooms and another one about texts; both publish as well. Messages expire."""

    def build(app: App) -> Stack:
        stack = Stack(app, "Stack")
        access, review = add_function(stack, "Access"), add_function(stack, "Review")
        chat = WebSocketChat(
            stack,
            "Chat",
            auth=ChatAuth.guest(),
            room_access=access,
            message_review=review,
            message_retention=Duration.days(30),
        )
        for function in (access, review):
            chat.grant_publish(function)
            function.add_environment("PUBLISH_FUNCTION", chat.functions.publish.function_name)
        return stack

    return synthesise(build, tmp_path_factory.mktemp("asking"))


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The example with a bot: a chat that is subscribed to."""
    return synthesise(lambda app: BotStack(app, "Bot"), tmp_path_factory.mktemp("bot"))
