"""What lives on in a container from one invocation to the next, and what may not."""

from __future__ import annotations

import asyncio
import time

import pytest

from chat.domain.chat import Caller
from chat.domain.model import Identity, User
from chat.handlers.container import Event, Result
from chat.protocol.errors import UnavailableError
from tests.unit.handlers.conftest import Context, Deploy, Functions
from tests.unit.handlers.events import message_event

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:rooms"


def test_what_runs_on_after_a_failure_ends_with_its_invocation(functions: Functions) -> None:
    ended: list[str] = []

    async def fail() -> None:
        raise UnavailableError("no answer")

    async def go_on() -> None:
        try:
            await asyncio.sleep(0.05)
            ended.append("completed")
        finally:
            ended.append("ended")

    async def work(caller: Caller, event: Event) -> Result:
        await asyncio.gather(go_on(), fail())
        raise AssertionError

    container = functions.modules["message"].container
    with pytest.raises(UnavailableError):
        container.invoke(work, message_event("ada=", "{}"), Context(29_000))
    assert ended == ["ended"]
    time.sleep(0.1)
    functions.enter("ada=")
    assert ended == ["ended"]


def test_a_request_that_was_cut_off_leaves_the_clients_as_they_were(deploy: Deploy) -> None:
    functions = deploy(ROOM_ACCESS_FUNCTION=FUNCTION)
    functions.application.reply({"access": "write"})
    functions.sign_in("ada=", "ada")
    functions.application.delay_s = 5
    functions.lines()
    chat = functions.modules["message"].container.chat

    async def work(caller: Caller, event: Event) -> Result:
        async def fail() -> None:
            await asyncio.sleep(0.05)
            raise UnavailableError("no answer")

        await asyncio.gather(chat.room_access.decide(Identity(User("ada", "Ada")), "lobby"), fail())
        raise AssertionError

    with pytest.raises(UnavailableError):
        functions.modules["message"].container.invoke(work, message_event("ada=", "{}"), Context(29_000))
    assert functions.lines()[-1]["duration_ms"] < 1_000
    functions.application.delay_s = 0
    assert functions.ask("ada=", "join", room="lobby")["type"] == "joined"
    assert functions.lines()[-1]["aws_calls"]["POST"] == 1
