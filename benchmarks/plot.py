"""A line plot as SVG: a logarithmic axis to the right, a linear one upwards, a legend beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 60, 230, 40, 50
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#8c564b")
"""Told apart with any kind of eyes (Okabe and Ito)."""
STYLE = "text{font:12px sans-serif;fill:#333}.title{font-size:14px}.grid{stroke:#ddd}.line{fill:none;stroke-width:2}"

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a value stands in the picture."""

    xs: Sequence[float]
    top: float

    def x(self, value: float) -> float:
        low, high = log10(self.xs[0]), log10(self.xs[-1])
        share = (log10(value) - low) / (high - low) if high > low else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)


def svg(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """The document. Every line has at least one point; values across are above 0, those upwards not below."""
    frame = Frame(
        sorted({x for points in lines.values() for x, _ in points}),
        _ceiling(max(y for points in lines.values() for _, y in points)),
    )
    drawn = [_line(frame, number, name, points) for number, (name, points) in enumerate(lines.items())]
    middle = LEFT + (WIDTH - LEFT - RIGHT) // 2
    words = [
        f'<text class="title" x="{LEFT}" y="22">{escape(title)}</text>',
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(16 {HEIGHT // 2}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    back = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", back, *_axes(frame), *drawn, *words, "</svg>", ""])


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... that is not below."""
    for power in range(-2, 7):
        for digit in (1, 2, 5):
            if digit * 10.0**power >= value:
                return digit * 10.0**power
    return float(ceil(value))


def _axes(frame: Frame) -> list[str]:
    right, ground = WIDTH - RIGHT, HEIGHT - BOTTOM
    found = []
    for fifth in range(6):
        value = frame.top * fifth / 5
        y = frame.y(value)
        found.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}"/>')
        found.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    for value in frame.xs:
        x = frame.x(value)
        found.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{ground}"/>')
        found.append(f'<text x="{x}" y="{ground + 18}" text-anchor="middle">{short(value)}</text>')
    return found


def _line(frame: Frame, number: int, name: str, points: Points) -> str:
    colour = COLOURS[number % len(COLOURS)]
    places = [(frame.x(x), frame.y(y)) for x, y in sorted(points)]
    path = " ".join(f"{x},{y}" for x, y in places)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in places)
    left, height = WIDTH - RIGHT + 16, TOP + 10 + 20 * number
    legend = (
        f'<line x1="{left}" x2="{left + 18}" y1="{height}" y2="{height}" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{left + 24}" y="{height + 4}">{escape(name)}</text>'
    )
    return f'<polyline class="line" stroke="{colour}" points="{path}"/>{dots}{legend}'


def short(value: float) -> str:
    """50000 as 50k."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
