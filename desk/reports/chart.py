"""Lines for a chart of months, in units of its drawing. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.reports.counting import Rate
from desk.reports.figures import Share
from desk.reports.months import Month

WIDTH, HEIGHT = 720, 160
SPARK_WIDTH, SPARK_HEIGHT = 110, 22


@dataclass(frozen=True)
class Dot:
    month: Month
    share: Share
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    dots: list[Dot]
    lowest: int  # percent at the drawing's foot

    @property
    def points(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def words(self) -> str:
        """What the line shows, read aloud."""
        return " ".join(f"{dot.month} {dot.share.percent}%" for dot in self.dots)


def line(
    months: Mapping[Month, Mapping[Rate, Share]],
    rate: Rate,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Line:
    """The months that have something to show, oldest first, from a round percentage up to 100."""
    shown = [(month, months[month][rate]) for month in sorted(months) if months[month][rate].d]
    values = [100 * share.n / share.d for _month, share in shown]
    lowest = min(int(min(values, default=90)) // 10 * 10, 90)
    step = width / max(len(shown) - 1, 1)
    dots = [
        Dot(
            month,
            share,
            round(place * step, 1),
            round(height * (100 - value) / (100 - lowest), 1),
        )
        for place, ((month, share), value) in enumerate(zip(shown, values, strict=True))
    ]
    return Line(dots, lowest)


def spark(months: Mapping[Month, Mapping[Rate, Share]], rate: Rate) -> Line:
    return line(months, rate, SPARK_WIDTH, SPARK_HEIGHT)
