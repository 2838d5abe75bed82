"""`POST /ticket`: who is signed in gets a ticket, and connects with it."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

from chat.domain.chat import Caller
from chat.domain.identity import TICKET_LIFETIME_S, identify_claims, identify_guest, issue_ticket
from chat.domain.model import Identity
from chat.handlers.container import Container, Event, Result
from chat.protocol.errors import ChatError, FieldMissingError, UserBannedError
from chat.protocol.fields import read_string
from chat.protocol.frames import Frame, decode_frame
from chat.protocol.limits import NAME_LENGTH

container = Container()
_BODY_BYTES = 2 * 1024
_KEY_LENGTH = 128


def handler(event: Event, context: Any) -> dict[str, Any]:
    """Answer `{ticket, url, expires_in, user, name}`.

    400 where a guest's name or key is no such thing, 403 to a user who is banned.
    """
    return container.invoke(_issue, event, context)


async def _issue(caller: Caller, event: Event) -> Result:  # noqa: ARG001 - every handler's work has this shape
    try:
        identity = _identify(event)
        ticket = await issue_ticket(container.chat, identity)
    except ChatError as error:
        return Result(_respond(_read_status(error), {"code": error.code, "message": str(error)}), error.code)
    admission = {"ticket": ticket, "url": container.websocket_url, "expires_in": TICKET_LIFETIME_S}
    return Result(_respond(200, {**admission, "user": identity.user.id, "name": identity.user.name}), "issued")


def _identify(event: Event) -> Identity:
    if not container.lets_guests_in:
        # API Gateway has verified the token: signature, issuer, audience, expiry.
        return identify_claims(event["requestContext"]["authorizer"]["jwt"]["claims"], container.kept_claims)
    body = decode_frame(_read_body(event), _BODY_BYTES)
    name = read_string(body, "name", NAME_LENGTH)
    if name is None:
        raise FieldMissingError("name is missing")
    key = read_string(body, "key", _KEY_LENGTH) or container.chat.surroundings.secret()
    return Identity(identify_guest(name, key))


def _read_status(error: ChatError) -> int:
    if error.retryable:
        return 503
    return 403 if isinstance(error, UserBannedError) else 400


def _read_body(event: Event) -> str:
    body: str = event.get("body") or ""
    # API Gateway encodes what has no content type of text.
    return b64decode(body).decode("utf-8", "replace") if event.get("isBase64Encoded") else body


def _respond(status: int, body: Frame) -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
