"""The figures as one SVG that reads on white and on black: time, disk and memory by size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT = 940, 330
PLOT = 230  # both ways
LEFT, TOP, APART = 64, 48, 312
MARKS = {"embedded": "a", "elasticsearch": "b"}
NAMES = {"embedded": "embedded", "elasticsearch": "Elasticsearch"}

_STYLE = """
text { font: 12px system-ui, sans-serif; fill: #333 }
.title { font-weight: 600; font-size: 13px }
.grid { stroke: #8884; stroke-width: 1 }
.a, .b { fill: none; stroke-width: 2 }
.a { stroke: #1769aa } .b { stroke: #b45309 }
circle.a { fill: #1769aa } circle.b { fill: #b45309 }
.dashed { stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd }
  .a { stroke: #6db8f2 } .b { stroke: #f0a04b }
  circle.a { fill: #6db8f2 } circle.b { fill: #f0a04b }
}
"""


@dataclass(frozen=True)
class Line:
    figure: str
    dashed: bool = False


@dataclass(frozen=True)
class Panel:
    title: str
    lines: tuple[Line, ...]


PANELS = (
    Panel("ms a search: p50, dashed p99", (Line("p50_ms"), Line("p99_ms", dashed=True))),
    Panel("MB on disk: index, dashed vectors", (Line("disk_mb"), Line("vectors_mb", dashed=True))),
    Panel("MB of memory that searches", (Line("search_mb"),)),
)

type Row = Mapping[str, Any]


def chart(rows: Sequence[Row]) -> str:
    """`rows`: `engine`, `entries` and the figures of the panels."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Search time, disk and memory by number of entries">',
        f"<style>{_STYLE}</style>",
        *_legend(rows),
    ]
    for number, panel in enumerate(PANELS):
        parts.append(f'<g transform="translate({LEFT + number * APART} {TOP})">')
        parts += _panel(panel, rows)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _legend(rows: Sequence[Row]) -> Iterator[str]:
    for number, engine in enumerate(dict.fromkeys(row["engine"] for row in rows)):
        x = LEFT + number * 130
        yield f'<path class="{MARKS[engine]}" d="M{x} 14h24"/>'
        yield f'<text x="{x + 30}" y="18">{NAMES[engine]}</text>'


def _panel(panel: Panel, rows: Sequence[Row]) -> Iterator[str]:
    figures = [row[line.figure] for row in rows for line in panel.lines if _is_shown(row, line)]
    if not figures:
        return
    across = _scale([row["entries"] for row in rows], PLOT)
    upright = _scale(figures, PLOT)
    yield f'<text class="title" x="0" y="-8">{escape(panel.title)}</text>'
    for size in sorted({row["entries"] for row in rows}):
        yield f'<path class="grid" d="M{across(size):.1f} 0v{PLOT}"/>'
        yield _text(across(size), PLOT + 18, _short(size), "middle")
    for power in range(_power(min(figures)), _power(max(figures)) + 2):
        y = PLOT - upright(10**power)
        if -1 <= y <= PLOT + 1:
            yield f'<path class="grid" d="M0 {y:.1f}h{PLOT}"/>'
            yield _text(-8, y + 4, _short(10**power), "end")
    for engine in dict.fromkeys(row["engine"] for row in rows):
        theirs = sorted(
            (row for row in rows if row["engine"] == engine), key=lambda row: row["entries"]
        )
        for line in panel.lines:
            points = [
                (across(row["entries"]), PLOT - upright(row[line.figure]))
                for row in theirs
                if _is_shown(row, line)
            ]
            yield from _drawn(points, MARKS[engine], dashed=line.dashed)


def _drawn(points: Sequence[tuple[float, float]], mark: str, *, dashed: bool) -> Iterator[str]:
    if points:
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline class="{mark}{" dashed" if dashed else ""}" points="{way}"/>'
    for x, y in points:
        yield f'<circle class="{mark}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def _is_shown(row: Row, line: Line) -> bool:
    return line.figure in row and row[line.figure] > 0


def _scale(values: Sequence[float], length: float) -> Callable[[float], float]:
    """Logarithmic, with whole powers of ten at both ends."""
    low, high = _power(min(values)), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    return lambda value: length * (math.log10(value) - low) / (high - low)


def _power(value: float) -> int:
    return math.floor(math.log10(value))


def _text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _short(number: float) -> str:
    """1,000,000 → 1 M."""
    for step, name in ((1_000_000, " M"), (1_000, " k")):
        if number >= step:
            return f"{number / step:g}{name}"
    return f"{number:g}"
