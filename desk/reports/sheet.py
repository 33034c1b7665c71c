"""The month as a spreadsheet: figures as numbers, with what is above and below each line."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from desk.reports.counting import Rate
from desk.reports.figures import Row
from desk.reports.reading import Choice
from desk.reports.words import FORMULAS, GROUP_NAMES, LABELS


def as_xlsx(choice: Choice, rows: Sequence[Row], whole: Row) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(choice.month))
    titles = [str(GROUP_NAMES[choice.group])]
    for rate in Rate:
        titles += [f"{LABELS[rate]}", _("of them"), _("counted")]
    titles += [_("merged cases"), _("returned")]
    sheet.append([_bold(sheet, title) for title in titles])
    for row in rows:
        sheet.append(_cells(sheet, row, row.name or "—"))
    sheet.append(_cells(sheet, whole, _("All")))
    sheet.append([])
    for rate in Rate:
        sheet.append([f"{LABELS[rate]} = {FORMULAS[rate]}"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(sheet: object, row: Row, name: str) -> list[object]:
    cells: list[object] = [name]
    for rate in Rate:
        share = row[rate]
        cell = WriteOnlyCell(sheet, value=share.n / share.d if share.d else None)
        cell.number_format = "0.0%"
        cells += [cell, share.n, share.d]
    return [*cells, row.merged, row.returns]


def _bold(sheet: object, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    return cell
