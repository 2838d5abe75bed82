"""What a cold start imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.handlers.environment import ENVIRONMENT

LAMBDA = Path(__file__).parents[3] / "lambda"


NAMES = sorted(path.stem for path in (LAMBDA / "chat" / "handlers").glob("[a-z]*.py") if path.stem != "container")


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter without a site's packages, as a function that has only its own code."""
    environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(LAMBDA)}
    command = [sys.executable, "-S", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)


def list_imports(module: str) -> set[str]:
    """List what is imported with a module, in a fresh interpreter."""
    ran = run_python("-X", "importtime", "-c", f"import {module}")
    return {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}


@pytest.mark.parametrize("name", NAMES)
def test_a_handler_imports_neither_the_sdk_nor_what_is_slow(name: str) -> None:
    imported = list_imports(f"chat.handlers.{name}")
    assert "chat.aws.client" in imported
    assert not {module for module in imported if module.partition(".")[0] in {"boto3", "botocore"}}
    # Some Pythons' asyncio imports one of them itself.
    slow = {"http.client", "urllib.request", "email.message", "dataclasses", "datetime", "pathlib"}
    assert not (imported - list_imports("asyncio")) & slow


@pytest.mark.parametrize("name", NAMES)
def test_garbage_is_looked_for_once_all_is_imported_and_not_in_that(name: str) -> None:
    count = "sum(each['collections'] for each in gc.get_stats())"
    code = f"import gc; before = {count}; import chat.handlers.{name}; found = {count} - before"
    ran = run_python("-c", f"{code}; print(gc.isenabled(), gc.get_freeze_count() > 10_000, found)")
    is_enabled, is_frozen, collections = ran.stdout.split()
    assert (is_enabled, is_frozen) == ("True", "True")
    # A few objects are made after that.
    assert int(collections) <= 2
