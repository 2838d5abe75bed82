"""`python -m chat_client.load` in a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat_client.tickets import TicketServer
from tests.unit.load.chat import ScriptedChat, wait_until

ROOT = Path(__file__).parents[3]
PATIENCE_S = 30
Start = Callable[..., Coroutine[Any, Any, Process]]


@pytest.fixture
async def start(chat: ScriptedChat, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the command against a chat, and ends it after the test."""
    processes: list[Process] = []
    with TicketServer(chat.url) as tickets:

        async def start_one(*arguments: str) -> Process:
            command = [sys.executable, "-m", "chat_client.load", "--url", tickets.url, "--ramp", "500", *arguments]
            environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "100"}
            processes.append(
                await asyncio.create_subprocess_exec(
                    *command, stdin=PIPE, stdout=PIPE, stderr=STDOUT, cwd=tmp_path, env=environment
                )
            )
            return processes[-1]

        yield start_one
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def finish(process: Process, status: int) -> str:
    """Wait for the end; take what was shown."""
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == status, output.decode()
    return output.decode()


async def test_a_short_run_passes_and_writes_its_result(start: Start, tmp_path: Path) -> None:
    process = await start(
        *["--clients", "4", "--rooms", "2", "--rate", "20", "--duration", "0.5", "--seed", "3"],
        *["--json", "r.json", "--html", "r.html"],
    )
    output = await finish(process, 0)
    assert output.splitlines()[0] == (
        "4 clients, 2 in each of 2 rooms; 20 messages a second, shown 40 times a second, for 0.5 s; seed 3"
    )
    assert output.splitlines()[-1] == "passed"
    result = json.loads((tmp_path / "r.json").read_text())
    assert (result["passed"], result["counts"]["shown"]) == (True, 20)
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")


async def test_ctrl_c_ends_it_early_and_reports(start: Start, chat: ScriptedChat, tmp_path: Path) -> None:
    process = await start("--clients", "4", "--duration", "600", "--json", "r.json")
    await wait_until(lambda: any(chat.logs.values()), PATIENCE_S)
    process.send_signal(signal.SIGINT)
    output = await finish(process, 0)
    assert "The run was ended early" in output
    assert json.loads((tmp_path / "r.json").read_text())["finished"] is False


async def test_a_second_ctrl_c_ends_it_at_once(start: Start, chat: ScriptedChat) -> None:
    process = await start("--clients", "4", "--rate", "20", "--duration", "600")
    await wait_until(lambda: any(chat.logs.values()), PATIENCE_S)
    # Nobody is answered any more, so that the run waits for acks.
    chat.is_deaf = True
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGINT)
    await asyncio.sleep(0.5)
    process.send_signal(signal.SIGINT)
    await finish(process, 130)


async def test_a_loss_is_status_1(start: Start, chat: ScriptedChat) -> None:
    chat.refuse = "message.refused"
    output = await finish(await start("--clients", "2", "--rate", "10", "--duration", "0.2"), 1)
    assert output.splitlines()[-1] == "FAILED"
    assert "refused 2 times: message.refused" in output


async def test_a_usage_error_is_status_2(start: Start) -> None:
    output = await finish(await start("--clients", "1", "--rate", "11"), 2)
    assert "each is one user" in output
