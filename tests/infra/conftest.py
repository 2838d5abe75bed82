"""What the synthesis tests share: a stack is synthesised once, since that takes seconds."""

from __future__ import annotations

import pytest
from aws_cdk import Duration

from chat_stack import ChatAuth, ChatStack
from tests.infra.synthesis import Template, synthesise


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
