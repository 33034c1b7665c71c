"""Knowledge written out, in the form that an import reads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from desk.knowledge.files.reading import COLUMNS, CONFIRMED
from desk.knowledge.models import Entry
from desk.knowledge.versions import status_of


def as_row(entry: Entry) -> dict[str, Any]:
    """One entry, as citizens see it now."""
    return {
        "external_id": entry.external_id,
        "question": entry.question,
        "similar_questions": entry.similar_questions,
        "answer": entry.answer,
        "department": entry.department.name if entry.department else "",
        "hotlines": entry.hotline_codes,
        "category": entry.category.name if entry.category else "",
        "keywords": entry.keywords,
        "source": entry.source,
        "document_number": entry.document_number,
        "effective_from": localtime(entry.effective_from).isoformat()
        if entry.effective_from
        else "",
        "effective_to": localtime(entry.effective_to).isoformat() if entry.effective_to else "",
        "status": status_of(entry),
        "confirmed_on": entry.confirmed_on.isoformat() if entry.confirmed_on else "",
    }


def columns_of(entries: QuerySet[Entry]) -> tuple[str, ...]:
    """Those that every file has, and the day of confirmation where one is known."""
    is_known = entries.filter(confirmed_on__isnull=False).exists()
    return (*COLUMNS, CONFIRMED) if is_known else COLUMNS


def as_jsonl(entries: Iterable[Entry], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    for entry in entries:
        row = as_row(entry)
        yield json.dumps({name: row[name] for name in columns}, ensure_ascii=False) + "\n"


def as_csv(entries: Iterable[Entry], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """With a byte order mark, so that Excel reads it as UTF-8."""
    yield "\ufeff"
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(columns)
    for entry in entries:
        writer.writerow(_cells(entry, columns))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_xlsx(entries: Iterable[Entry], columns: Sequence[str] = COLUMNS) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("knowledge")
    sheet.append(list(columns))
    for entry in entries:
        # What Excel's format cannot hold would fail the whole file.
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in _cells(entry, columns)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(entry: Entry, columns: Sequence[str]) -> list[str]:
    row = as_row(entry)
    return [_cell(row[column]) for column in columns]


def _cell(value: Any) -> str:
    text = "|".join(value) if isinstance(value, list) else str(value)
    # A cell that begins so would be run as a formula by a spreadsheet.
    return f"'{text}" if text[:1] in {"=", "+", "@", "-"} else text
