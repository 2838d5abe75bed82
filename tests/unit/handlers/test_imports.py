"""What a cold start imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.dynamodb import CREDENTIALS

LAMBDA = Path(__file__).parents[3] / "lambda"
ENVIRONMENT = {
    **CREDENTIALS,
    "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "https://abcdef1234.execute-api.us-east-1.amazonaws.com/chat",
    "CONNECTIONS_TABLE": "c",
    "ROOMS_TABLE": "r",
    "CONNECTION_LIFETIME_S": "7800",
    "MAX_FRAME_BYTES": "32768",
    "MAX_TEXT_BYTES": "8192",
    "MAX_ROOM_NAME_LENGTH": "128",
    "MAX_ROOMS_PER_CONNECTION": "50",
    "METRICS_NAMESPACE": "ChatStack",
    "SIGN_IN": "guest",
    "ALLOWED_ORIGINS": "",
    "WEBSOCKET_URL": "wss://chat.example.com/chat",
}


@pytest.mark.parametrize("name", ["connect", "disconnect", "message", "ticket"])
def test_no_handler_imports_the_sdk(name: str) -> None:
    command = [sys.executable, "-X", "importtime", "-c", f"import chat.handlers.{name}"]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(LAMBDA)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "chat.aws.client" in imported
    assert not {module for module in imported if module.partition(".")[0] in {"boto3", "botocore"}}
    assert not imported & {"http.client", "urllib.request", "email.message"}
