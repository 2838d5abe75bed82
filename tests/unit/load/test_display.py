"""What the terminal shows while a run goes on, and at its end."""

from __future__ import annotations

import asyncio
from io import StringIO

import pytest
from rich.console import Console

from chat_client.load.display import Display, show_result
from chat_client.load.generator import Generator
from chat_client.load.plan import Plan
from tests.unit.load.chat import ScriptedChat, wait_until
from tests.unit.load.conftest import make_generator
from tests.unit.load.results import make_result


@pytest.fixture
def generator(chat: ScriptedChat) -> Generator:
    return make_generator(chat, Plan("r", clients=4, rooms=1, rate=40, duration_s=0.3, ramp=500))


async def follow(generator: Generator, *, is_terminal: bool) -> str:
    screen = StringIO()
    following = asyncio.create_task(
        Display(Console(file=screen, force_terminal=is_terminal, width=100), generator).follow()
    )
    await asyncio.sleep(0)
    await generator.run()
    await wait_until(lambda: "16 acked" in screen.getvalue() or "12 acked" in screen.getvalue())
    following.cancel()
    await asyncio.wait([following])
    return screen.getvalue()


async def test_a_terminal_shows_where_the_run_is(generator: Generator) -> None:
    shown = await follow(generator, is_terminal=True)
    assert "connecting" in shown
    assert "4 connected" in shown
    assert "48 of 48 shown" in shown
    assert "ack p99" in shown


async def test_elsewhere_each_phase_is_a_line(generator: Generator) -> None:
    lines = (await follow(generator, is_terminal=False)).splitlines()
    assert lines[0] == "connecting: 0 connected · 0 sent · 0 acked · 0 of 0 shown · 0 reconnects"
    assert lines[-1].startswith("catching up: ")
    assert "\x1b" not in "".join(lines)


def test_the_result_is_a_table_and_a_verdict() -> None:
    screen = StringIO()
    result = make_result()
    show_result(Console(file=screen, width=100), result)
    assert "5678.9" in screen.getvalue()
    assert screen.getvalue().splitlines()[-1] == "passed"
    result["passed"] = False
    result["faults"]["refused"] = {"[bold]": 1}
    show_result(Console(file=screen, width=100), result)
    assert screen.getvalue().splitlines()[-1] == "FAILED"
    assert "refused 1 times: [bold]" in screen.getvalue()
