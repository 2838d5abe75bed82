"""Charts of lines, as SVG that takes its colours from the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 28
_TICKS = 5

Point = tuple[float, float | None]
Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart.

    Attributes:
        name: for the legend.
        points: x and y, in rising order of x; where y is None the line has a gap.
    """

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values stand on the picture: from `left` to `right`, and from 0 to `top`."""

    left: float
    right: float
    top: float

    def place_x(self, x: float) -> float:
        share = (x - self.left) / ((self.right - self.left) or 1)
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def place_y(self, y: float) -> float:
        return round(_HEIGHT - _BOTTOM - y / self.top * (_HEIGHT - _TOP - _BOTTOM), 1)


def draw_chart(title: str, lines: Sequence[Line], *, x_unit: str = "s", x_ticks: Sequence[Tick] | None = None) -> str:
    """Draw lines over one axis, with a legend.

    Args:
        title: what it shows, and in which unit.
        lines: two at most, so that nobody mixes up their colours.
        x_unit: of the horizontal axis.
        x_ticks: what to write there; round numbers where it is left out.
    """
    xs = [x for line in lines for x, _ in line.points] or [0, 1]
    ys = [y for line in lines for _, y in line.points if y is not None]
    y_ticks = _choose_ticks(0, max([*ys, 1e-9]))
    frame = _Frame(min(xs), max(xs), y_ticks[-1])
    if x_ticks is None:
        x_ticks = [(x, f"{x:g} {x_unit}") for x in _choose_ticks(frame.left, frame.right) if x <= frame.right]
    keys = [f'<span class="key line{nth}">{escape(line.name)}</span>' for nth, line in enumerate(lines)]
    legend = "".join(keys) if len(keys) > 1 else ""
    parts = [
        *(_draw_level(frame, y) for y in y_ticks),
        *(_write_tick(frame, x, label) for x, label in x_ticks),
        *(_draw_line(frame, line, nth) for nth, line in enumerate(lines)),
        *_draw_tips(frame, lines, x_unit),
    ]
    return (
        f"<figure><figcaption>{escape(title)} {legend}</figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg></figure>'
    )


def _choose_ticks(least: float, most: float) -> list[float]:
    """Choose round numbers at even distances: from the last one at or below `least` to the first at or above `most`."""
    span = (most - least) or 1
    magnitude = 10.0 ** math.floor(math.log10(span / _TICKS))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if span / (magnitude * factor) <= _TICKS)
    first, last = math.floor(least / step), math.ceil(most / step)
    # Twelve digits hide what multiplying by a tenth leaves behind.
    return [float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1)]


def _draw_level(frame: _Frame, y: float) -> str:
    height = frame.place_y(y)
    return (
        f'<line class="level" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{height}" y2="{height}"/>'
        f'<text x="{_LEFT - 8}" y="{height + 4}" text-anchor="end">{y:,g}</text>'
    )


def _write_tick(frame: _Frame, x: float, label: str) -> str:
    if not frame.left <= x <= frame.right:
        return ""
    return f'<text x="{frame.place_x(x)}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(label)}</text>'


def _draw_line(frame: _Frame, line: Line, nth: int) -> str:
    """Draw a line as one path; a point between two gaps becomes a dot."""
    steps, pen_is_down = [], False
    for x, y in line.points:
        if y is not None:
            steps.append(f"{'L' if pen_is_down else 'M'}{frame.place_x(x)} {frame.place_y(y)}")
            if not pen_is_down:
                steps.append("h0")
        pen_is_down = y is not None
    return f'<path class="line line{nth}" d="{"".join(steps)}"/>'


def _draw_tips(frame: _Frame, lines: Sequence[Line], x_unit: str) -> list[str]:
    """Draw what a mouse finds: where all lines have the same x, their values there."""
    xs = [x for x, _ in lines[0].points]
    if any([x for x, _ in line.points] != xs for line in lines):
        return []
    tips = []
    for index, x in enumerate(xs):
        values = [(line.name, line.points[index][1]) for line in lines]
        words = ", ".join(f"{name} {y:,g}" for name, y in values if y is not None)
        start = frame.place_x(xs[max(0, index - 1)])
        tips.append(
            f'<rect class="tip" x="{start}" y="{_TOP}" width="{max(1, frame.place_x(x) - start):.1f}" '
            f'height="{_HEIGHT - _TOP - _BOTTOM}"><title>{escape(f"{x:g} {x_unit}: {words}")}</title></rect>'
        )
    return tips
