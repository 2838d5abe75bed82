"""A bar chart as SVG, one bar below the other, on a logarithmic scale; readable on light and on dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP, _HEIGHT = 760, 250, 80, 56, 26, 16
_STYLE = """
  svg { --page: #ffffff; --ink: #1f2328; --soft: #59636e; --bar: #8c959f; --ours: #0969da; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #0d1117; --ink: #e6edf3; --soft: #9198a1; --bar: #6e7681; --ours: #58a6ff; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--soft); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .value { fill: var(--ink); }
"""


class Bar(NamedTuple):
    """A bar; ours stand out."""

    name: str
    value: float
    is_ours: bool = False


def draw_bars(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """Draw a chart.

    Args:
        title: what it shows, in one line.
        unit: of the values.
        bars: at least one, their values above 0.

    Returns:
        An SVG document.
    """
    lowest = floor(log10(min(bar.value for bar in bars)))
    highest = max(ceil(log10(max(bar.value for bar in bars))), lowest + 1)
    height = _TOP + _STEP * len(bars) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{height}" fill="var(--page)"/>',
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text x="16" y="44">{escape(unit)}; each step to the right is a factor, not a sum</text>',
    ]
    for number, bar in enumerate(bars):
        length = (log10(bar.value) - lowest) / (highest - lowest) * (_WIDTH - _LEFT - _RIGHT)
        top = _TOP + _STEP * number
        fill = "var(--ours)" if bar.is_ours else "var(--bar)"
        value = f"{bar.value:,.0f}" if bar.value >= 100 else f"{bar.value:.3g}"
        parts += [
            f'<text x="{_LEFT - 10}" y="{top + 13}" text-anchor="end">{escape(bar.name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{max(length, 1):.1f}" height="{_HEIGHT}" rx="2" fill="{fill}"/>',
            f'<text class="value" x="{_LEFT + length + 8:.1f}" y="{top + 13}">{value}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])
