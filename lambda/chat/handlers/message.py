"""Every frame of a client: `$default` and the actions' routes."""

from __future__ import annotations

from typing import Any

from chat.domain.chat import Caller
from chat.domain.requests import answer
from chat.handlers.container import Container, Event, Result
from chat.protocol.frames import encode_frame

container = Container()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Answer a frame; the returned body goes to its sender."""
    return container.invoke(_answer, event, context)


async def _answer(caller: Caller, event: Event) -> Result:
    reply = await answer(container.chat, caller, event.get("body") or "")
    if reply is None:
        return Result({"statusCode": 200}, "typing")
    response = {"statusCode": 200, "body": encode_frame(reply).decode()}
    return Result(response, outcome=str(reply.get("code", reply["type"])), room=reply.get("room"))
