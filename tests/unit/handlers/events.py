"""Events exactly as API Gateway sends them: docs of its proxy integration, and captures that were published."""

from __future__ import annotations

import itertools
from typing import Any

_NUMBERS = itertools.count(1)

CONNECTED_AT_MS = 4_000_000_000_000


def connect_event(
    connection_id: str, query: dict[str, str] | None = None, connected_at_ms: int = CONNECTED_AT_MS
) -> dict[str, Any]:
    """A CONNECT event: headers, no body, and a query only where there is one."""
    headers = {
        "Host": "abcdef1234.execute-api.eu-west-1.amazonaws.com",
        "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
        "Sec-WebSocket-Version": "13",
        "User-Agent": "websocket-client",
        "X-Forwarded-For": "192.0.2.1",
    }
    event = {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": _context(connection_id, "$connect", "CONNECT") | {"connectedAt": connected_at_ms},
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
        event["multiValueQueryStringParameters"] = {name: [value] for name, value in query.items()}
    return event


def message_event(connection_id: str, body: str, route_key: str = "$default") -> dict[str, Any]:
    """A MESSAGE event: the body as it is, no headers, no query."""
    context = _context(connection_id, route_key, "MESSAGE") | {"messageId": f"BFaT{next(_NUMBERS):07}AMCKug="}
    return {"requestContext": context, "body": body, "isBase64Encoded": False}


def disconnect_event(connection_id: str) -> dict[str, Any]:
    """A DISCONNECT event: no body, no query; the reason may be empty."""
    context = _context(connection_id, "$disconnect", "DISCONNECT")
    return {
        "headers": {"Host": "abcdef1234.execute-api.eu-west-1.amazonaws.com", "x-api-key": ""},
        "multiValueHeaders": {"Host": ["abcdef1234.execute-api.eu-west-1.amazonaws.com"], "x-api-key": [""]},
        "requestContext": context | {"disconnectStatusCode": 1005, "disconnectReason": ""},
        "isBase64Encoded": False,
    }


def ticket_event(body: str | None, claims: dict[str, str] | None = None) -> dict[str, Any]:
    """An HTTP API's event, payload format 2.0; with claims where a JWT authorizer let it through."""
    context: dict[str, Any] = {
        "accountId": "123456789012",
        "apiId": "hijklm5678",
        "domainName": "hijklm5678.execute-api.eu-west-1.amazonaws.com",
        "domainPrefix": "hijklm5678",
        "http": {
            "method": "POST",
            "path": "/ticket",
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "curl/8.5.0",
        },
        "requestId": f"IL7Cx{next(_NUMBERS):07}=",
        "routeKey": "POST /ticket",
        "stage": "$default",
        "time": "24/Nov/2026:10:00:00 +0000",
        "timeEpoch": CONNECTED_AT_MS,
    }
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    event = {
        "version": "2.0",
        "routeKey": "POST /ticket",
        "rawPath": "/ticket",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "hijklm5678.execute-api.eu-west-1.amazonaws.com"},
        "requestContext": context,
        "isBase64Encoded": False,
    }
    return event if body is None else {**event, "body": body}


def _context(connection_id: str, route_key: str, event_type: str) -> dict[str, Any]:
    request_id = f"BFaU{next(_NUMBERS):07}MCKug="
    return {
        "routeKey": route_key,
        "eventType": event_type,
        "extendedRequestId": request_id,
        "requestTime": "02/Oct/2096:07:06:40 +0000",
        "messageDirection": "IN",
        "stage": "chat",
        "connectedAt": CONNECTED_AT_MS,
        "requestTimeEpoch": CONNECTED_AT_MS + 1,
        "identity": {"userAgent": "websocket-client", "sourceIp": "192.0.2.1"},
        "requestId": request_id,
        "domainName": "abcdef1234.execute-api.eu-west-1.amazonaws.com",
        "connectionId": connection_id,
        "apiId": "abcdef1234",
    }
