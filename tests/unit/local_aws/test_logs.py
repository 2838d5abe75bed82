"""The functions' log, made readable."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from local_aws.logs import format_line, read_lines


def make_line(**fields: Any) -> str:
    metrics = [{"Name": "messages", "Unit": "Count"}, {"Name": "gone", "Unit": "Count"}]
    line = {
        "route": "send",
        "connection": "c1",
        "room": "lobby",
        "outcome": "ack",
        "duration_ms": 12.34,
        "aws_calls": {"Query": 2, "PutItem": 1},
        "messages": 1,
        "gone": 0,
        "_aws": {"Timestamp": 1_700_000_000_000, "CloudWatchMetrics": [{"Metrics": metrics}]},
    }
    return json.dumps({**line, **fields})


def test_an_invocation_is_one_readable_line() -> None:
    time, route, outcome, *rest = format_line(make_line()).plain.split()
    assert time.count(":") == 2
    assert (route, outcome) == ("send", "ack")
    assert " ".join(rest) == "12.3 ms 3 AWS calls room lobby, messages 1 c1"


def test_a_line_without_room_metrics_or_time_is_readable_too() -> None:
    line = json.dumps({"route": "$connect", "outcome": "refused", "duration_ms": 1})
    assert format_line(line).plain.split() == ["$connect", "refused", "1.0", "ms", "0", "AWS", "calls"]


@pytest.mark.parametrize(
    ("outcome", "style"), [("ack", "green"), ("room.not_joined", "yellow"), ("crashed", "bold red")]
)
def test_the_colour_tells_what_went_wrong(outcome: str, style: str) -> None:
    styles = {str(span.style) for span in format_line(make_line(outcome=outcome)).spans}
    assert style in styles


@pytest.mark.parametrize("line", ["", "ValueError: [red]no[/red]", "{", "[1]", '"route"', '{"route": "send"}'])
def test_any_other_line_stays_as_it_is(line: str) -> None:
    assert format_line(line).plain == line


def test_a_traceback_names_the_source() -> None:
    line = '  File "/x/tmp/ministack-lambda-ChatStack-Message-a1/code/chat/handlers/message.py", line 3, in handler'
    assert format_line(line).plain == '  File "lambda/chat/handlers/message.py", line 3, in handler'


def test_a_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "functions.log"
    log.write_text("one\ntw")
    ended = threading.Event()
    lines = read_lines(log, ended)
    assert next(lines) == "one"
    with log.open("a") as text:
        text.write("o\nthr")
    assert next(lines) == "two"
    ended.set()
    assert list(lines) == []
