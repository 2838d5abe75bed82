"""Line charts as SVG: axes, a grid, the names of the lines at the right. Readable on light and on dark pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 190, 52, 56
_LINES = 5
_NAME_HEIGHT = 20
_STYLE = """
  svg { --page: #ffffff; --ink: #1f2328; --soft: #59636e; --grid: #d8dee4;
    --s0: #0969da; --s1: #bc4c00; --s2: #1a7f37; --s3: #8250df; --s4: #cf222e; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #0d1117; --ink: #e6edf3; --soft: #9198a1; --grid: #30363d;
      --s0: #58a6ff; --s1: #f0883e; --s2: #3fb950; --s3: #bc8cff; --s4: #ff7b72; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--soft); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .grid { stroke: var(--grid); }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
"""
# Lines differ by their dashes as well: not everybody sees all colours.
_DASHES = ("none", "8 4", "2 4", "12 4 2 4", "4 2")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and what it is called."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: what it measures, and whether each step is a multiple of the one before."""

    label: str
    is_logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class _Scale:
    ticks: Sequence[float]
    place: Callable[[float], float]


def draw_chart(title: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """Draw a chart.

    Args:
        title: what it shows, in one line.
        x: the axis below.
        y: the axis at the left.
        lines: at least one, at most five, each with at least one point.

    Returns:
        The SVG document.
    """
    points = [point for line in lines for point in line.points]
    across = _scale(x, [point[0] for point in points], _LEFT, _WIDTH - _RIGHT)
    up = _scale(y, [point[1] for point in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="var(--page)"/>',
        f'<text class="title" x="{_LEFT}" y="26">{escape(title)}</text>',
        *_draw_axes(x, y, across, up),
        *_draw_lines(lines, across, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(axis: Axis, values: Sequence[float], begin: float, end: float) -> _Scale:
    if axis.is_logarithmic:
        low, high = floor(log10(min(values))), ceil(log10(max(values)))
        high = max(high, low + 1)
        ticks = [10.0**exponent for exponent in range(low, high + 1)]
        return _Scale(ticks, lambda value: begin + (log10(value) - low) / (high - low) * (end - begin))
    step = _choose_step(max(values) / _LINES)
    top = max(1, ceil(max(values) / step)) * step
    ticks = [step * index for index in range(round(top / step) + 1)]
    return _Scale(ticks, lambda value: begin + value / top * (end - begin))


def _choose_step(least: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten."""
    if least <= 0:
        return 1.0
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _draw_axes(x: Axis, y: Axis, across: _Scale, up: _Scale) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for tick in up.ticks:
        at = up.place(tick)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_write(tick)}</text>')
    for tick in across.ticks:
        at = across.place(tick)
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{bottom}" y2="{bottom + 5}"/>')
        parts.append(f'<text x="{at:.1f}" y="{bottom + 20}" text-anchor="middle">{_write(tick)}</text>')
    parts.append(f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 12}" text-anchor="middle">{escape(x.label)}</text>')
    parts.append(f'<text x="{_LEFT}" y="44">{escape(y.label)}</text>')
    return parts


def _draw_lines(lines: Sequence[Line], across: _Scale, up: _Scale) -> list[str]:
    parts = []
    for index, line in enumerate(lines):
        path = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in line.points)
        stroke = f'stroke="var(--s{index})" stroke-dasharray="{_DASHES[index]}"'
        name_x, name_y = _WIDTH - _RIGHT + 14, _TOP + 8 + index * _NAME_HEIGHT
        parts.append(f'<polyline class="line" points="{path}" {stroke}/>')
        parts.append(f'<path class="line" d="M{name_x},{name_y} h26" {stroke}/>')
        parts.append(f'<text x="{name_x + 32}" y="{name_y + 4}">{escape(line.name)}</text>')
    return parts


def _write(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 or value == 0 else f"{value:g}"
