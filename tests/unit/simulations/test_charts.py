"""Charts as SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from simulations.charts import Axis, Line, draw_chart

SVG = "{http://www.w3.org/2000/svg}"


def draw(*lines: Line, x: Axis | None = None, y: Axis | None = None) -> ET.Element:
    return ET.fromstring(draw_chart("A < B", x or Axis("x"), y or Axis("y"), lines))


def read_points(chart: ET.Element) -> list[list[float]]:
    lines = [line.attrib["points"] for line in chart.iter(f"{SVG}polyline")]
    return [[float(number) for number in re.split("[ ,]", line)] for line in lines]


def test_a_line_goes_from_corner_to_corner() -> None:
    chart = draw(Line("up", [(0, 0), (10, 100)]))
    assert read_points(chart) == [[76.0, 364.0, 570.0, 52.0]]
    texts = [text.text for text in chart.iter(f"{SVG}text")]
    assert texts[0] == "A < B"
    assert {"up", "x", "y", "0", "10", "100"} <= set(texts)


def test_powers_of_ten_are_evenly_spaced() -> None:
    chart = draw(Line("line", [(1, 1), (10, 10), (100, 100)]), x=Axis("x", is_logarithmic=True))
    ((x1, _, x2, _, x3, _),) = read_points(chart)
    assert x2 - x1 == x3 - x2


def test_names_do_not_cover_each_other() -> None:
    chart = draw(Line("one", [(0, 5), (1, 10)]), Line("two", [(0, 1), (1, 10)]))
    heights = [float(text.attrib["y"]) for text in chart.iter(f"{SVG}text") if text.text in {"one", "two"}]
    assert abs(heights[0] - heights[1]) >= 16


def test_a_flat_line_at_nothing_can_be_drawn() -> None:
    assert read_points(draw(Line("flat", [(0, 0), (0, 0)])))


def test_colours_follow_the_page() -> None:
    style = draw(Line("line", [(0, 1)])).findtext(f"{SVG}style")
    assert style is not None
    assert "prefers-color-scheme: dark" in style
