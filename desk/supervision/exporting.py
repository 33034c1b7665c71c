"""The big table as a spreadsheet."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from desk.people.models import User
from desk.supervision.table import Asked, export_rows
from desk.supervision.wording import stand
from intake.privacy import mask_for_screen

MOST = 20_000  # rows


def as_xlsx(user: User, asked: Asked, now: datetime) -> bytes:
    """One row a case; words masked as on the screen."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Unanswered cases"))
    titles = [
        _("Department"),
        _("Number"),
        _("What it is about"),
        _("Place"),
        _("State"),
        _("Limit"),
        _("How it stands"),
        _("Hotline"),
    ]
    head = []
    for title in titles:
        cell = WriteOnlyCell(sheet, value=title)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for case in export_rows(user, asked, now, MOST):
        sheet.append(
            [
                case.department.name if case.department else "",
                case.number,
                _plain(mask_for_screen(case.content)),
                _plain(case.place),
                case.get_state_display(),
                localtime(case.due_at).replace(tzinfo=None) if case.due_at else None,
                stand(case, now),
                str(case.hotline),
            ]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(words: str) -> str:
    """Never a formula: what citizens write is text."""
    return f"'{words}" if words[:1] in {"=", "+", "-", "@"} else words
