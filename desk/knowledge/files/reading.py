"""Rows out of a CSV, XLSX or JSON lines file, each with the line it stands on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

COLUMNS = (
    "external_id",
    "question",
    "similar_questions",
    "answer",
    "department",
    "hotlines",
    "category",
    "keywords",
    "source",
    "document_number",
    "effective_from",
    "effective_to",
    "status",
)
MOST_BYTES = 64 * 1024 * 1024


class UnreadableFile(Exception):
    """The file is none of the three kinds, or broken; the message is for who sent it."""


@dataclass(frozen=True)
class Row:
    line: int  # as the editor of the file counts, from 1
    values: dict[str, Any]


def read_rows(name: str, body: bytes) -> list[Row]:
    """All rows of a file; its kind is told by the name's ending."""
    if len(body) > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than 64 MB. Please split it."))
    ending = name.rsplit(".", 1)[-1].lower()
    readers = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl, "ndjson": _jsonl}
    if ending not in readers:
        raise UnreadableFile(_("Please give a .csv, .xlsx or .jsonl file."))
    rows = list(readers[ending](body))
    if not rows:
        raise UnreadableFile(_("There is not one row in the file."))
    return rows


def _csv(body: bytes) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_text(body), newline=""))
    try:
        heading = next(reader, [])
        columns = _columns(heading)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(reader.line_num, dict(zip(columns, cells, strict=False)))
    except csv.Error as error:
        raise UnreadableFile(_("Line %d is not CSV.") % reader.line_num) from error


def _text(body: bytes) -> str:
    """UTF-8, or what Excel on a Chinese Windows writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The file is neither UTF-8 nor GB 18030."))


def _xlsx(body: bytes) -> Iterator[Row]:
    try:
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets zip, XML and key errors through
        raise UnreadableFile(_("This is not an Excel workbook (.xlsx).")) from error
    sheet = book.worksheets[0]
    columns: list[str] = []
    for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if not columns:
            columns = _columns("" if cell is None else str(cell) for cell in cells)
            continue
        values = {
            column: "" if cell is None else cell
            for column, cell in zip(columns, cells, strict=False)
        }
        if any(str(value).strip() for value in values.values()):
            yield Row(line, values)


def _jsonl(body: bytes) -> Iterator[Row]:
    for line, text in enumerate(_text(body).splitlines(), 1):
        if not text.strip():
            continue
        try:
            values = json.loads(text)
        except ValueError as error:
            raise UnreadableFile(_("Line %d is not JSON.") % line) from error
        if not isinstance(values, dict):
            raise UnreadableFile(_("Line %d is not a JSON object.") % line)
        yield Row(line, values)


def _columns(heading: Iterable[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in heading]
    missing = [name for name in ("external_id", "question", "answer") if name not in columns]
    if missing:
        raise UnreadableFile(
            _("The first line must name the columns; missing: %s") % ", ".join(missing)
        )
    return columns
