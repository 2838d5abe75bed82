"""What decides which AWS is spoken to: the environment of child processes, and the clients of this one.

Nothing of the user's own AWS set-up gets through: no profile, no credentials, no endpoint. A local run can't touch an
account.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

REGION = "us-east-1"
# MiniStack's account for keys that name no other.
ACCOUNT = "000000000000"
_KEY = "test"
# Not `localhost`: SDKs then put the bucket in the host's name, and `bucket.localhost` resolves on some machines only.
HOST = "127.0.0.1"


def make_environment(endpoint: str, temporary: Path) -> dict[str, str]:
    """Make the environment of a child process.

    Args:
        endpoint: the URL of the local AWS.
        temporary: the directory for its temporary files.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    return {
        **inherited,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": _KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
        "NODE_NO_WARNINGS": "1",
        "NO_PROXY": HOST,
        "no_proxy": HOST,
        "TMPDIR": str(temporary),
    }


def make_session() -> boto3.Session:
    """Make a session whose clients read none of the user's settings."""
    nothing: tuple[Any, ...] = (None, None, None, None)
    ignored: dict[str, Any] = {
        "profile": nothing,
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    core = botocore.session.Session(session_vars=ignored)
    # A proxy can't reach this machine's loopback.
    core.set_default_client_config(Config(proxies={}))
    return boto3.Session(botocore_session=core, aws_access_key_id=_KEY, aws_secret_access_key=_KEY, region_name=REGION)
