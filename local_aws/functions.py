"""The deployed functions: their names, and new code for them without a deployment."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_HANDLERS = "chat.handlers."


def find_functions(client: LambdaClient) -> dict[str, str]:
    """Return the physical name of each function, by its handler's module: connect, disconnect, message."""
    pages = client.get_paginator("list_functions").paginate()
    handlers = {each["Handler"]: each["FunctionName"] for page in pages for each in page["Functions"]}
    return {
        handler.removeprefix(_HANDLERS).partition(".")[0]: name
        for handler, name in handlers.items()
        if handler.startswith(_HANDLERS)
    }


def update_code(client: LambdaClient, names: Iterable[str], source: Path) -> None:
    """Give functions new code: what the CDK CLI would upload, without the seconds that synthesising takes."""
    archive = _pack(source)
    for name in names:
        client.update_function_code(FunctionName=name, ZipFile=archive)


def kill_processes(name: str, temporary: Path) -> int:
    """Kill the processes that run a function, as when a container crashes; MiniStack starts others.

    Args:
        name: the function's physical name.
        temporary: where MiniStack unpacked it.

    Returns:
        How many there were.
    """
    listing = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], capture_output=True, text=True, check=True)  # noqa: S607 - where it is differs
    unpacked = str(temporary / f"ministack-lambda-{name}-")
    pids = [int(line.split()[0]) for line in listing.stdout.splitlines() if unpacked in line]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(pids)


def _pack(source: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(source))
    return packed.getvalue()
