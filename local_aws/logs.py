"""The functions' log, for people: one line for each invocation, tracebacks and all else as they are."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

_POLL_S = 0.2
# Where MiniStack unpacked a function; a traceback is of more use with the path of the source.
_UNPACKED = re.compile(r"[^\s\"]*/ministack-lambda-[^/]+/code/")
_CRASHED = "crashed"


@contextmanager
def follow_log(log: Path, console: Console) -> Iterator[None]:
    """Show what is added to a log, as long as the context lasts."""
    ended = threading.Event()

    def show() -> None:
        for line in read_lines(log, ended):
            console.print(format_line(line), soft_wrap=True)

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def read_lines(log: Path, ended: threading.Event) -> Iterator[str]:
    """Read whole lines as they are added, until the event is set."""
    line = ""
    with log.open(errors="replace") as text:
        while True:
            line += text.readline()
            if line.endswith("\n"):
                yield line[:-1]
                line = ""
            elif ended.wait(_POLL_S):
                return


def format_line(line: str) -> Text:
    """Make a line of the functions' log readable.

    Args:
        line: the JSON line of an invocation (docs/local.md), or anything else.
    """
    try:
        fields = json.loads(line)
    except ValueError:
        return Text(_UNPACKED.sub("lambda/", line))
    if not isinstance(fields, dict) or not {"route", "outcome", "duration_ms"} <= fields.keys():
        return Text(line)
    outcome = str(fields["outcome"])
    return Text("  ").join(
        [
            Text(_read_time(fields), "dim"),
            Text(f"{fields['route']:<11}", "bold"),
            Text(f"{outcome:<16}", _choose_style(outcome)),
            Text(f"{fields['duration_ms']:7.1f} ms"),
            Text(f"{sum(fields.get('aws_calls', {}).values()):3} AWS calls"),
            Text(_describe(fields)),
            Text(str(fields.get("connection") or ""), "dim"),
        ]
    )


def _read_time(fields: Mapping[str, Any]) -> str:
    timestamp_ms = fields.get("_aws", {}).get("Timestamp")
    if timestamp_ms is None:
        return " " * 8
    return f"{datetime.fromtimestamp(timestamp_ms / 1000).astimezone():%H:%M:%S}"


def _choose_style(outcome: str) -> str:
    if outcome == _CRASHED:
        return "bold red"
    # An error's code, as in docs/protocol.md, is dotted.
    return "yellow" if "." in outcome else "green"


def _describe(fields: Mapping[str, Any]) -> str:
    """Name the room, and each of the invocation's metrics that counted something."""
    directives = fields.get("_aws", {}).get("CloudWatchMetrics", [])
    names = [metric["Name"] for directive in directives for metric in directive["Metrics"]]
    room = [f"room {fields['room']}"] if fields.get("room") else []
    return ", ".join(room + [f"{name} {fields[name]}" for name in names if fields.get(name)])
