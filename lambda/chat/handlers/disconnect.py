"""`$disconnect`: a socket was closed. Best effort: it may come twice, late or never."""

from __future__ import annotations

from typing import Any

from chat.domain.chat import Caller
from chat.domain.membership import disconnect
from chat.handlers.container import Container, Event, Result

container = Container()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Remove what there is of the connection, and tell its rooms."""
    return container.invoke(_disconnect, event, context)


async def _disconnect(caller: Caller, event: Event) -> Result:  # noqa: ARG001 - every handler's work has this shape
    await disconnect(container.chat, caller)
    return Result({"statusCode": 200}, "disconnected")
