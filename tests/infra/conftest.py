"""What the synthesis tests share: a stack is synthesised once, since that takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3

from chat_stack import ChatAuth, ChatStack, WebsiteStack, WebSocketChat
from examples.bot.app import BotStack
from tests.infra.synthesis import Template, add_function, synthesise
from tests.infra.websites import add_website

CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/1"


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


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of the web app leaves, in small."""
    directory = tmp_path_factory.mktemp("dist")
    for name in ("index.html", "sw.js", "manifest.webmanifest", "icons/icon.png", "assets/app-1a.js", "config.json"):
        file = directory / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"built {name}")
    return directory


@pytest.fixture(scope="session")
def website(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The web app of `ChatStack` without any option; its assembly has both stacks."""

    def build(app: App) -> Stack:
        chat = ChatStack(app, "ChatStack")
        return WebsiteStack(app, "Website", chat=chat.chat, auth=chat.auth, website={"source": built_app})

    return synthesise(build, tmp_path_factory.mktemp("website"))


@pytest.fixture(scope="session")
def named(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A website for guests, under a name of its own, with logs."""

    def add_both(app: App) -> Stack:
        stack = Stack(app, "Stack")
        add_website(
            stack,
            built_app,
            domain_name="chat.example.com",
            certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE),
            hosted_zone=route53.HostedZone.from_hosted_zone_id(stack, "Zone", "Z1"),
            access_logs_bucket=s3.Bucket(
                stack, "Logs", object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED, enforce_ssl=True
            ),
        )
        return stack

    return synthesise(add_both, tmp_path_factory.mktemp("named"))
