"""The application's own server takes part: it publishes, and hears what is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rich.console import Console

from chat_client import GuestSignIn
from local_aws.local import ROOT, LocalAws
from local_aws.progress import Progress
from tests.e2e.conftest import Connect
from tests.e2e.sockets import Socket


@pytest.fixture(scope="module")
def with_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """The example with a bot."""
    app = ROOT / "examples" / "bot"
    with LocalAws(tmp_path_factory.mktemp("bot"), Progress(Console()), app=app) as local:
        yield local


def publish(deployed: LocalAws, **message: Any) -> dict[str, Any]:
    client = deployed.session.client("lambda", endpoint_url=deployed.endpoint)
    response = client.invoke(FunctionName=deployed.outputs["PublishFunctionName"], Payload=json.dumps(message))
    assert response.get("FunctionError") is None
    reply: dict[str, Any] = json.loads(response["Payload"].read())
    return reply


def test_what_the_server_publishes_is_stored_once_and_pushed(deployed: LocalAws, connect: Connect, room: str) -> None:
    ada = connect("ada")
    ada.ask("join", room=room)
    message = {"room": room, "text": "closing in an hour", "from": "system", "id": "n1", "name": "The shop"}
    first, again = publish(deployed, **message), publish(deployed, **message)
    assert first == again
    pushed = ada.pushed("message")
    assert (pushed["seq"], pushed["from"], pushed["name"]) == (first["seq"], "system", "The shop")
    assert len(ada.ask("history", room=room)["entries"]) == 1
    assert publish(deployed, **{**message, "text": ""})["code"] == "field.out_of_range"


def test_the_server_writes_to_a_user_directly(deployed: LocalAws, connect: Connect) -> None:
    ada = connect("ada")
    ack = publish(deployed, to=ada.user, text="your order is ready", **{"from": "shop", "id": ada.user[-8:]})
    pushed = ada.pushed("message")
    assert (pushed["room"], pushed["text"]) == (ack["room"], "your order is ready")


def test_a_bot_hears_and_answers(with_bot: LocalAws, room: str) -> None:
    ada = Socket(GuestSignIn(with_bot.urls["ticket"], "ada"), "ada")
    ada.ask("join", room=room)
    ada.ask("send", room=room, text="@bot hello", after=0)
    answer = ada.pushed("message")
    assert (answer["from"], answer["text"], answer["seq"]) == ("bot", "ada, you said: hello", 2)
    ada.close()
