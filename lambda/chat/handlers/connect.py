"""`$connect`: a client opens a socket."""

from __future__ import annotations

from typing import Any

from chat.domain.chat import Caller
from chat.domain.identity import NameSignIn
from chat.domain.model import Connection
from chat.handlers.container import Container, Event, Result

container = Container()
sign_in = NameSignIn()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Let a client in with 200, or answer its handshake with 401."""
    return container.invoke(_connect, event, context)


async def _connect(caller: Caller, event: Event) -> Result:
    user = await sign_in.identify(event.get("queryStringParameters") or {})
    if user is None:
        return Result({"statusCode": 401}, "refused")
    connected_at_ms = event["requestContext"]["connectedAt"]
    expires_at_s = connected_at_ms // 1000 + container.connection_lifetime_s
    connection = Connection(caller.connection_id, user, connected_at_ms, expires_at_s)
    await container.chat.connections.put_connection(connection)
    return Result({"statusCode": 200}, "connected")
