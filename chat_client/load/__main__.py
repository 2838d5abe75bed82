"""The command line: `python -m chat_client.load`."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

from rich.console import Console

from chat_client.load.display import Display, show_result
from chat_client.load.generator import Generator
from chat_client.load.options import Options, parse_options
from chat_client.load.process import TooFewFilesError, allow_connections, share_tls
from chat_client.load.report import render_report
from chat_client.load.result import Result, build_result

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the load that the command line asks for, and report.

    Returns:
        The exit status: 0, 1 where something was wrong with what the clients saw, 2 where the run was not possible, 130
        after a second Ctrl-C.
    """
    options = parse_options(arguments)
    console = Console()
    try:
        allow_connections(options.plan.clients)
    except TooFewFilesError as error:
        console.print(str(error), highlight=False, markup=False)
        return 2
    if options.warning:
        console.print(options.warning, style="yellow", highlight=False, markup=False)
    if options.url.startswith("https:"):
        share_tls()
    console.print(options.plan.describe(), highlight=False)
    try:
        result = asyncio.run(_run(options, console))
    except KeyboardInterrupt:
        return _INTERRUPTED
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    if options.html:
        options.html.write_text(render_report(result))
    show_result(console, result)
    return 0 if result["passed"] else 1


async def _run(options: Options, console: Console) -> Result:
    generator = Generator(options.plan, options.sign_ins)
    started_at = datetime.now(UTC)
    following = asyncio.create_task(Display(console, generator).follow())
    with _first_interrupt(asyncio.get_running_loop(), generator.stop):
        await generator.run()
    following.cancel()
    await asyncio.wait([following])
    return build_result(generator, url=options.url, started_at=started_at)


@contextmanager
def _first_interrupt(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> Iterator[None]:
    """Have the first Ctrl-C stop the run; a second one is as usual."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        # Not what was there before: a shell has what runs in the background ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(stop)

    usual = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


if __name__ == "__main__":
    sys.exit(main())
