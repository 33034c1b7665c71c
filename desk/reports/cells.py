"""A row of the month's table, made ready for the page: a city's categories are a thousand cells."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from desk.reports.figures import Row
from desk.reports.words import figures_of


@dataclass(frozen=True)
class Cell:
    percent: str
    n: str
    d: str
    is_low: bool
    link: SafeString  # to the cases behind it


def cells_of(row: Row, cases: str) -> list[Cell | None]:
    """One a rate, None where nothing was counted. `cases` is the address that they open."""
    return [
        Cell(
            figure.percent,
            str(figure.share.n),
            str(figure.share.d),
            figure.is_low,
            _link(f"{cases}&{urlencode({'rate': figure.rate, 'key': row.key or '-'})}"),
        )
        if figure.share.d
        else None
        for figure in figures_of(row)
    ]


def _link(address: str) -> SafeString:
    return mark_safe(escape(address))  # noqa: S308 - escaped once, read twice
