"""What a cold start imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.handlers.environment import ENVIRONMENT

LAMBDA = Path(__file__).parents[3] / "lambda"


@pytest.mark.parametrize("name", ["connect", "disconnect", "message", "publish", "ticket"])
def test_no_handler_imports_the_sdk(name: str) -> None:
    command = [sys.executable, "-X", "importtime", "-c", f"import chat.handlers.{name}"]
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(LAMBDA)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "chat.aws.client" in imported
    assert not {module for module in imported if module.partition(".")[0] in {"boto3", "botocore"}}
    assert not imported & {"http.client", "urllib.request", "email.message"}
