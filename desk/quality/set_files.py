"""The question set as CSV, out and in. A file is checked whole before anything is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desk.quality.models import Question
from desk.quality.set_editing import Problem, Wanted, entry_ids, problem_of

COLUMNS = ("question", "entry", "hotline", "guarded")
MOST_BYTES = 2 * 1024 * 1024
_YES, _NO = {"是", "yes", "y", "true", "1", ""}, {"否", "no", "n", "false", "0"}
_FORMULA = ("=", "+", "@", "-")


class UnreadableFile(Exception):
    """No CSV in UTF-8 or GB 18030, or without the columns that it needs."""


@dataclass(frozen=True)
class Fault:
    line: int  # as a spreadsheet counts, from 1
    problem: Problem
    cell: str


@dataclass
class Read:
    wanted: list[Wanted] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def as_csv(questions: Iterable[Question]) -> Iterator[str]:
    """With a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for question in questions:
        guarded = "是" if question.guarded else "否"
        cells = (question.text, question.expected, question.hotline_id, guarded)
        # A cell that begins so would be run as a formula by a spreadsheet.
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def read_csv(body: bytes, hotlines: Iterable[str]) -> Read:
    """`hotlines`: those that the editor serves. Raises `UnreadableFile`."""
    rows = _rows(body)
    ids = entry_ids(cells["entry"] for _line, cells in rows)
    codes, known, read = set(hotlines), set(ids.values()), Read()
    lines: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        wanted = Wanted(
            text=cells["question"],
            hotline=cells["hotline"],
            expected=ids.get(cells["entry"], cells["entry"]),
            guarded=cells["guarded"].lower() in _YES,
        )
        problem = problem_of(wanted, hotlines=codes, entries=known)
        if problem is None and cells["guarded"].lower() not in _YES | _NO:
            problem = Problem.UNCLEAR
        if problem is None and lines.setdefault((wanted.hotline, wanted.text), line) != line:
            problem = Problem.TWICE
        if problem is None:
            read.wanted.append(wanted)
        else:
            read.faults.append(Fault(line, problem, _cell_of(problem, cells)))
    return read


def _rows(body: bytes) -> list[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(body)))
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not {"question", "hotline"} <= set(names):
            raise UnreadableFile
        found = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict.fromkeys(COLUMNS, "") | dict(
                    zip(names, map(_plain, cells), strict=False)
                )
                found.append((reader.line_num, row))
    except csv.Error as error:
        raise UnreadableFile from error
    return found


def _text(body: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise UnreadableFile


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _cell_of(problem: Problem, cells: dict[str, str]) -> str:
    column = {
        Problem.NO_HOTLINE: "hotline",
        Problem.NO_ENTRY: "entry",
        Problem.UNCLEAR: "guarded",
    }.get(problem, "question")
    return cells[column][:60]
