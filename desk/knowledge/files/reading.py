"""Rows out of a CSV, XLSX or JSON lines file, each with the line it stands on."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

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
CONFIRMED = "confirmed_on"  # a column more, where a file knows it
MOST_BYTES = 64 * 1024 * 1024
PIECE = 1024 * 1024  # bytes read at once
MOST_UNPACKED = 512 * 1024 * 1024


class UnreadableFile(Exception):
    """The file is none of the three kinds, or broken; the message is for who sent it."""


@dataclass(frozen=True)
class Row:
    line: int  # as the editor of the file counts, from 1
    values: dict[str, Any]
    surplus: bool = False  # more cells than the first line names


def read_rows(name: str, file: BinaryIO) -> Iterator[Row]:
    """The rows of a file, one after the other; its kind is told by the name's ending.

    Raises `UnreadableFile`, also from a later row on. At most a row is held: the file may be large.
    """
    if file.seek(0, os.SEEK_END) > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than 64 MB. Please split it."))
    ending = name.rsplit(".", 1)[-1].lower()
    readers = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl, "ndjson": _jsonl}
    if ending not in readers:
        raise UnreadableFile(_("Please give a .csv, .xlsx or .jsonl file."))
    file.seek(0)
    rows = readers[ending](file)
    first = next(rows, None)
    if first is None:
        raise UnreadableFile(_("There is not one row in the file."))
    return chain([first], rows)


def _csv(file: BinaryIO) -> Iterator[Row]:
    with _text(file, newline="") as text:
        reader = csv.reader(text)
        try:
            columns = _columns(next(reader, []))
            line = reader.line_num + 1
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _row(line, columns, cells)
                line = reader.line_num + 1  # a cell may hold several lines: the row begins here
        except csv.Error as error:
            raise UnreadableFile(_("Line %d is not CSV.") % reader.line_num) from error


@contextmanager
def _text(file: BinaryIO, newline: str) -> Iterator[io.TextIOWrapper]:
    """UTF-8, or what Excel on a Chinese Windows writes. The file stays open."""
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline=newline)
    try:
        yield text
    finally:
        with suppress(ValueError):  # who stopped in the middle may have closed it
            text.detach()


def _encoding(file: BinaryIO) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        file.seek(0)
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise UnreadableFile(_("The file is neither UTF-8 nor GB 18030."))


def _xlsx(file: BinaryIO) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(file) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MOST_UNPACKED:
            raise UnreadableFile(_("The workbook is too large. Please split it."))
        book = load_workbook(file, read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True)
        columns = _columns("" if cell is None else str(cell) for cell in next(lines, ()))
        while columns and not columns[-1]:
            columns.pop()
        for line, cells in enumerate(lines, 2):
            if any(cell is not None and str(cell).strip() for cell in cells):
                yield _row(line, columns, ["" if cell is None else cell for cell in cells])
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl lets zip, XML and key errors through
        raise UnreadableFile(_("This is not an Excel workbook (.xlsx).")) from error


def _row(line: int, columns: list[str], cells: list[Any]) -> Row:
    surplus = any(str(cell).strip() for cell in cells[len(columns) :])
    values = {column: _plain(cell) for column, cell in zip(columns, cells, strict=False)}
    return Row(line, values, surplus)


def _plain(cell: Any) -> Any:
    """Without the mark that an export puts before what a spreadsheet would calculate."""
    if isinstance(cell, str) and cell[:2] in {"'=", "'+", "'@", "'-"}:
        return cell[1:]
    return cell


def _jsonl(file: BinaryIO) -> Iterator[Row]:
    # Ends at \n alone: U+2028 and its like stand unescaped within a JSON text.
    with _text(file, newline="\n") as lines:
        for line, text in enumerate(lines, 1):
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
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise UnreadableFile(_("The first line names a column twice: %s") % ", ".join(twice))
    return columns
