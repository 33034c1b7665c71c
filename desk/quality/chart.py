"""Bars for the page's chart, in units of its drawing. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.quality.figures import Ending, Figures

HEIGHT = 120  # of the fullest week
WIDTH, STEP = 36, 56


@dataclass(frozen=True)
class Piece:
    ending: Ending
    top: float
    height: float


@dataclass(frozen=True)
class Bar:
    figures: Figures
    left: int
    pieces: list[Piece]
    top: float  # where its number stands

    @property
    def middle(self) -> float:
        return self.left + WIDTH / 2

    @property
    def day(self) -> str:
        """The Monday it begins with: 11-23."""
        return self.figures.key[5:]


def bars(weeks: Sequence[Figures]) -> list[Bar]:
    """Oldest first; `weeks` is newest first."""
    most = max((week.whole for week in weeks), default=0) or 1
    return [
        _bar(week, position * STEP, HEIGHT / most) for position, week in enumerate(reversed(weeks))
    ]


def chart_width(weeks: int) -> int:
    return weeks * STEP


def _bar(week: Figures, left: int, scale: float) -> Bar:
    top = float(HEIGHT)
    pieces = []
    for share in week.shares():
        height = share.number * scale
        top -= height
        pieces.append(Piece(share.ending, round(top, 1), round(height, 1)))
    return Bar(week, left, [piece for piece in pieces if piece.height], round(top, 1))
