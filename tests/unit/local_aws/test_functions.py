"""New code for the deployed functions."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, cast

from local_aws.functions import find_functions, kill_processes, update_code


class FakeLambda:
    """Two functions of the chat, and one of somebody else's."""

    def __init__(self) -> None:
        self.updates: dict[str, bytes] = {}

    def get_paginator(self, operation: str) -> FakeLambda:
        assert operation == "list_functions"
        return self

    def paginate(self) -> list[dict[str, Any]]:
        handlers = {
            "c-1": "chat.handlers.connect.handler",
            "m-1": "chat.handlers.message.handler",
            "x": "index.handler",
        }
        return [{"Functions": [{"FunctionName": name, "Handler": handler}]} for name, handler in handlers.items()]

    def update_function_code(self, **request: Any) -> None:
        self.updates[request["FunctionName"]] = request["ZipFile"]


def test_functions_are_found_by_their_handlers() -> None:
    assert find_functions(cast("Any", FakeLambda())) == {"connect": "c-1", "message": "m-1"}


def test_the_code_is_the_source_without_compiled_files(tmp_path: Path) -> None:
    (tmp_path / "chat" / "__pycache__").mkdir(parents=True)
    (tmp_path / "chat" / "__init__.py").write_text("A = 1\n")
    (tmp_path / "chat" / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"\0")
    client = FakeLambda()
    update_code(cast("Any", client), ["c-1", "m-1"], tmp_path)
    assert set(client.updates) == {"c-1", "m-1"}
    with zipfile.ZipFile(io.BytesIO(client.updates["m-1"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"chat/__init__.py": b"A = 1\n"}


def test_only_the_processes_of_one_function_of_one_run_are_killed(tmp_path: Path) -> None:
    scripts = ["one/ministack-lambda-m-1-abc/_worker.py", "one/ministack-lambda-x-1-abc/_worker.py"]
    processes = []
    for script in [*scripts, "two/ministack-lambda-m-1-abc/_worker.py"]:
        (tmp_path / script).parent.mkdir(parents=True)
        (tmp_path / script).write_text("input()")
        processes.append(subprocess.Popen([sys.executable, str(tmp_path / script)], stdin=subprocess.PIPE))
    assert kill_processes("m-1", tmp_path / "one") == 1
    assert processes[0].wait(5) == -signal.SIGKILL
    assert [process.poll() for process in processes[1:]] == [None, None]
    for process in processes:
        process.kill()
        process.communicate()
    assert kill_processes("m-1", tmp_path / "one") == 0
