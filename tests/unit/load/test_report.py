"""The report, as its reader finds it; and the lines that the terminal shares with it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from chat_client.load.report import render_report
from chat_client.load.result import describe_result
from tests.unit.load.results import make_result


class Page(HTMLParser):
    """What stands on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_it_shows_the_verdict_the_latencies_and_the_charts() -> None:
    page = Page(render_report(make_result()))
    assert "Load: passed" in page.words
    for cell in ("Send to ack", "Send to shown", "1,234", "5,678.9"):
        assert cell in page.words
    assert page.tags.count("svg") == 7
    assert "20 clients, 5 in each of 4 rooms" in " ".join(page.words)


def test_it_needs_nothing_else() -> None:
    report = render_report(make_result())
    page = Page(report)
    assert page.links == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "url(" not in report
    assert "@import" not in report


def test_it_has_light_and_dark_colours_for_the_same_names() -> None:
    light, dark = re.findall(r":root \{(.*?)\}", render_report(make_result()), re.DOTALL)
    assert set(re.findall(r"--\w+", light)) == set(re.findall(r"--\w+", dark))


def test_a_failed_run_says_what_was_wrong() -> None:
    result = make_result()
    result["passed"] = False
    result["faults"]["refused"] = {"room.read_only": 2}
    page = Page(render_report(result))
    assert "Load: failed" in page.words
    assert "refused 2 times: room.read_only" in page.words


def test_a_result_that_was_read_from_its_json_gives_the_same_page() -> None:
    result = make_result()
    assert render_report(json.loads(json.dumps(result))) == render_report(result)


def test_what_others_wrote_is_escaped() -> None:
    result = make_result()
    result["url"] = "https://chat.example/<script>"
    result["lost_connections"] = {"<script>alert(1)</script>": 1}
    assert "script" not in Page(render_report(result)).tags


def test_a_run_without_anything_measured_has_a_report() -> None:
    result = make_result()
    result["samples"] = []
    for latency in ("ack", "delivery"):
        result["latency_ms"][latency] = {"count": 0, "p50": None, "p95": None, "p99": None, "max": None}
        result["shares"][latency] = []
    assert "-" in Page(render_report(result)).words


class TestLines:
    def test_a_good_run_takes_two(self) -> None:
        assert describe_result(make_result()) == [
            "80 sent, 80 acked, 400 of 400 shown; 3 connections cut, 3 reconnects",
            "lost 0, duplicated 0, out of order 0",
        ]

    @pytest.mark.parametrize(
        ("field", "value", "line"),
        [
            ("faults", {"absent": 2}, "2 clients did not get into their rooms"),
            ("faults", {"refused": {"rate.limited": 3}}, "refused 3 times: rate.limited"),
            ("lost_connections", {"HTTP 429": 4}, "connection lost 4 times: HTTP 429"),
            ("counts", {"resumed": 5}, "5 clients had missed a push at the end, and were made to connect again"),
        ],
    )
    def test_what_else_happened_has_its_own(self, field: str, value: dict[str, object], line: str) -> None:
        result = make_result()
        result[field].update(value)  # type: ignore[literal-required] # one of its keys
        assert line in describe_result(result)

    def test_a_late_generator_and_an_early_end_are_told(self) -> None:
        result = make_result()
        result["latency_ms"]["lag"]["p99"] = 101
        result["finished"] = False
        assert [line[:24] for line in describe_result(result)[2:]] == [
            "The generator itself was",
            "The run was ended early",
        ]
