"""The month as a PDF for leaders. The face is one that PDF readers hold themselves (Adobe's
STSong-Light), so that nothing has to be installed and the file stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from desk.reports.counting import Rate
from desk.reports.figures import Row
from desk.reports.reading import Choice
from desk.reports.words import FORMULAS, LABELS, figures_of, summary

FACE = "STSong-Light"
LATE = colors.HexColor("#ad221a")
LINE = colors.HexColor("#85878a")


def as_pdf(
    choice: Choice, rows: Sequence[Row], whole: Row, before: Row, made_at: datetime
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FACE))
    out = BytesIO()
    title = _("Monthly report %s") % choice.month
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        title=title,
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=14 * mm,
        bottomMargin=14 * mm,
    )
    body = ParagraphStyle("body", fontName=FACE, fontSize=10, leading=16, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontSize=18, leading=26)
    small = ParagraphStyle("small", parent=body, fontSize=8, leading=12, textColor=LINE)
    parts: list[Flowable] = [
        Paragraph(f"{title} {choice.hotline}".strip(), head),
        Paragraph(summary(whole, rows, choice.group), body),
        Spacer(1, 4 * mm),
        _totals(whole, before),
        Spacer(1, 6 * mm),
        _rows(rows),
        Spacer(1, 4 * mm),
        *[Paragraph(f"{LABELS[rate]} = {FORMULAS[rate]}", small) for rate in Rate],
        Paragraph(_("Made on %s") % f"{localtime(made_at):%Y-%m-%d %H:%M}", small),
    ]
    document.build(parts)
    return out.getvalue()


def _totals(whole: Row, before: Row) -> Table:
    found = figures_of(whole, before)
    cells = [
        [str(figure.label) for figure in found],
        [_percent(figure.share.percent) for figure in found],
        [f"{figure.share.n} / {figure.share.d}" for figure in found],
        [_change(figure.change) for figure in found],
    ]
    table = Table(cells, colWidths=[52 * mm] * len(found))
    style: list[Any] = [
        ("FONTNAME", (0, 0), (-1, -1), FACE),
        ("FONTSIZE", (0, 1), (-1, 1), 16),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 8),
        ("FONTSIZE", (0, 2), (-1, -1), 8),
        ("BOX", (0, 0), (-1, -1), 0.5, LINE),
        ("INNERGRID", (0, 0), (-1, -1), 0, colors.white),
        ("LINEAFTER", (0, 0), (-2, -1), 0.5, LINE),
    ]
    style += [
        ("TEXTCOLOR", (column, 1), (column, 1), LATE)
        for column, figure in enumerate(found)
        if figure.is_low
    ]
    table.setStyle(TableStyle(style))
    return table


def _rows(rows: Sequence[Row]) -> Table:
    name = ParagraphStyle("name", fontName=FACE, fontSize=9, leading=12, wordWrap="CJK")
    cells: list[list[object]] = [["", *[str(LABELS[rate]) for rate in Rate], _("returned")]]
    red = []
    for place, row in enumerate(rows, start=1):
        found = figures_of(row)
        cells.append(
            [
                Paragraph(row.name or "—", name),
                *[
                    f"{_percent(figure.share.percent)}  {figure.share.n}/{figure.share.d}"
                    if figure.share.d
                    else "—"
                    for figure in found
                ],
                row.returns or "",
            ]
        )
        red += [
            ("TEXTCOLOR", (column, place), (column, place), LATE)
            for column, figure in enumerate(found, start=1)
            if figure.is_low
        ]
    table = Table(cells, colWidths=[72 * mm, *[36 * mm] * len(Rate), 16 * mm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, -1), FACE),
                ("FONTSIZE", (0, 0), (-1, -1), 9),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                *red,
            ]
        )
    )
    return table


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _change(value: float | None) -> str:
    return "" if value is None else _("%s since the month before") % f"{value:+.1f}"
