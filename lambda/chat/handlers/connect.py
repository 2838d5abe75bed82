"""`$connect`: a client opens a socket, with a ticket."""

from __future__ import annotations

from typing import Any

from chat.domain.chat import Caller
from chat.domain.identity import redeem_ticket
from chat.domain.membership import connect
from chat.domain.model import Connection
from chat.handlers.container import Container, Event, Result
from chat.protocol.errors import UserBannedError

container = Container()


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Let a client in with 200, or answer its handshake.

    401 without a good ticket, 403 to a user who is banned or from a foreign page.
    """
    return container.invoke(_connect, event, context)


async def _connect(caller: Caller, event: Event) -> Result:
    if not _is_origin_allowed(event):
        return Result({"statusCode": 403}, "origin.refused")
    ticket = (event.get("queryStringParameters") or {}).get("ticket")
    identity = await redeem_ticket(container.chat, ticket) if ticket else None
    if identity is None:
        return Result({"statusCode": 401}, "ticket.refused")
    connected_at_ms = event["requestContext"]["connectedAt"]
    expires_at_s = connected_at_ms // 1000 + container.connection_lifetime_s
    connection = Connection(caller.connection_id, identity.user, connected_at_ms, expires_at_s, identity.claims)
    try:
        await connect(container.chat, caller, connection)
    except UserBannedError as error:
        return Result({"statusCode": 403}, error.code)
    return Result({"statusCode": 200}, "connected")


def _is_origin_allowed(event: Event) -> bool:
    """Only browsers send an Origin, and no page can make them send another."""
    headers = event.get("headers") or {}
    origins = [value for name, value in headers.items() if name.lower() == "origin"]
    return not container.allowed_origins or container.allowed_origins.issuperset(origins)
