"""Charts, as the elements of their SVG."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from chat_client.load.chart import Line, draw_chart


def parse(figure: str) -> ET.Element:
    return ET.fromstring(figure)


def read_texts(figure: str) -> list[str]:
    return [text.text or "" for text in parse(figure).iter("text")]


def find_paths(figure: str) -> list[str]:
    return [path.attrib["d"] for path in parse(figure).iter("path")]


def test_a_line_runs_from_corner_to_corner() -> None:
    figure = draw_chart("Rate", [Line("rate", [(0, 0), (10, 50)])])
    assert find_paths(figure) == ["M64.0 212.0h0L708.0 12.0"]


def test_axes_have_round_numbers() -> None:
    texts = read_texts(draw_chart("Rate", [Line("rate", [(0, 0), (23, 4321)])]))
    assert texts == ["0", "1,000", "2,000", "3,000", "4,000", "5,000", "0 s", "5 s", "10 s", "15 s", "20 s"]


@pytest.mark.parametrize("most", [0.003, 0.7, 1, 99, 100, 12345])
def test_no_value_stands_above_the_axis(most: float) -> None:
    texts = read_texts(draw_chart("Rate", [Line("rate", [(0, most)])]))
    levels = [float(text.replace(",", "")) for text in texts if "s" not in text]
    assert levels[-1] >= most
    assert 3 <= len(levels) <= 7


def test_a_missing_value_is_a_gap_and_a_lonely_one_a_dot() -> None:
    figure = draw_chart("Rate", [Line("rate", [(0, 1), (1, None), (2, 1), (3, None), (4, None)])])
    assert find_paths(figure) == ["M64.0 12.0h0M386.0 12.0h0"]


def test_nothing_is_an_empty_chart() -> None:
    figure = draw_chart("Rate", [Line("rate", []), Line("other", [])])
    assert find_paths(figure) == ["", ""]
    assert read_texts(figure)


def test_two_lines_have_a_legend_and_tips() -> None:
    figure = parse(draw_chart("Rate", [Line("a", [(1, 2), (2, None)]), Line("b", [(1, 3), (2, 4000.5)])]))
    assert [span.text for span in figure.iter("span")] == ["a", "b"]
    assert [title.text for title in figure.iter("title")] == ["1 s: a 2, b 3", "2 s: b 4,000.5"]
    assert not list(parse(draw_chart("Rate", [Line("a", [(1, 2)])])).iter("span"))


def test_lines_that_do_not_share_their_x_have_no_tips() -> None:
    figure = parse(draw_chart("Rate", [Line("a", [(1, 2)]), Line("b", [(2, 3)])]))
    assert not list(figure.iter("title"))


def test_ticks_may_be_given_and_those_outside_are_left_out() -> None:
    texts = read_texts(draw_chart("Rate", [Line("a", [(0, 1), (1, 1)])], x_ticks=[(0.5, "half"), (2, "beyond")]))
    assert "half" in texts
    assert "beyond" not in texts


def test_names_are_escaped() -> None:
    figure = parse(draw_chart("<b>&", [Line("<i>", [(1, 1)]), Line('"', [(1, 2)])]))
    assert "<b>&" in "".join(figure.itertext())
    assert not list(figure.iter("i"))
