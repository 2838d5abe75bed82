"""The function behind `quit`."""

from __future__ import annotations

from typing import Any

import boto3

# Its endpoint comes from AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI.
connections = boto3.client("apigatewaymanagementapi")


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Close the connection of whoever asks; the chat's own `$disconnect` then cleans up."""
    connections.delete_connection(ConnectionId=event["requestContext"]["connectionId"])
    return {"statusCode": 200}
