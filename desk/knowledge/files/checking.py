"""Checks every row of a file before anything is written; faults are named by line and cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from desk.cases.moments import SHANGHAI, day_of
from desk.knowledge.confirming import today
from desk.knowledge.files.reading import COLUMNS, CONFIRMED, Row
from desk.knowledge.models import Entry
from desk.people.models import Hotline

MOST_FAULTS = 200  # are kept and shown
STATUSES = ("draft", "published", "withdrawn")
_ID = Entry._meta.get_field("external_id")
_LONGEST_TEXT = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LONGEST = {
    "external_id": 120,
    "question": 200,
    "department": 60,
    "category": 60,
    "source": 200,
    "document_number": 100,
}


@dataclass(frozen=True)
class Fault:
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.column:
            return _("Line %(line)d: %(message)s") % vars(self)
        return _("Line %(line)d, %(column)s: %(message)s") % vars(self)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A row that can be written."""

    line: int
    external_id: str
    question: str
    similar_questions: list[str]
    answer: str
    department: str
    hotlines: list[str]
    category: str
    keywords: list[str]
    source: str
    document_number: str
    effective_from: datetime | None
    effective_to: datetime | None
    status: str
    confirmed_on: date | None = None
    says_confirmed: bool = False  # the file has the column; without it what is known stays


class Checking:
    """Gives the rows that can be written, one after the other, and notes what is wrong with the
    others. Of the whole file only the ids are held, and the first faults.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.faults: list[Fault] = []
        self.fault_count = self.good = self.bad = 0  # the last two: rows
        self._rows = rows

    def __iter__(self) -> Iterator[Checked]:
        hotlines = set(Hotline.objects.values_list("code", flat=True))
        first_seen: dict[str, int] = {}
        for row in self._rows:
            checker = _RowChecker(row, hotlines)
            checked = checker.checked()
            if checked is not None and checked.external_id in first_seen:
                checker.fault(
                    "external_id", _("stands on line %d too") % first_seen[checked.external_id]
                )
            if checked is None or checker.faults:
                self._note(checker.faults)
                continue
            first_seen[checked.external_id] = row.line
            self.good += 1
            yield checked

    def _note(self, faults: list[Fault]) -> None:
        self.bad += 1
        self.fault_count += len(faults)
        self.faults += faults[: MOST_FAULTS - len(self.faults)]


class _RowChecker:
    def __init__(self, row: Row, hotlines: set[str]) -> None:
        self.row = row
        self.hotlines = hotlines
        self.faults: list[Fault] = []

    def fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.row.line, column, message))

    def checked(self) -> Checked | None:
        if self.row.surplus:
            self.fault("", _("more cells than the first line names"))
        for column in self.row.values:
            if column and column not in (*COLUMNS, CONFIRMED):
                self.fault(column, _("unknown column"))
        begins, ends = self._moment("effective_from"), self._moment("effective_to")
        if begins and ends and ends <= begins:
            self.fault("effective_to", _("would end before it begins"))
        checked = Checked(
            line=self.row.line,
            external_id=self._id(),
            question=self._needed("question"),
            similar_questions=self._list("similar_questions"),
            answer=self._needed("answer"),
            department=self._text("department"),
            hotlines=self._hotlines(),
            category=self._text("category"),
            keywords=self._list("keywords"),
            source=self._text("source"),
            document_number=self._text("document_number"),
            effective_from=begins,
            effective_to=ends,
            status=self._status(),
            confirmed_on=self._confirmed_on(),
            says_confirmed=CONFIRMED in self.row.values,
        )
        return None if self.faults else checked

    def _text(self, column: str) -> str:
        value = self.row.values.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # Excel writes the code 12345 as 12345.0
        if isinstance(value, list | dict):
            self.fault(column, _("must be text"))
            return ""
        text = "" if value is None else str(value).strip()
        if len(text) > (longest := _LONGEST.get(column, _LONGEST_TEXT)):
            self.fault(column, _("longer than %d characters") % longest)
        if _CONTROL.search(text):
            self.fault(column, _("holds a character that no text has"))
        return text

    def _needed(self, column: str) -> str:
        text = self._text(column)
        if not text:
            self.fault(column, _("is empty"))
        return text

    def _id(self) -> str:
        text = self._needed("external_id")
        if text:
            try:
                _ID.run_validators(text)
            except ValidationError:
                self.fault("external_id", _("only letters, digits and . _ : - are possible"))
        return text

    def _list(self, column: str) -> list[str]:
        value = self.row.values.get(column)
        if isinstance(value, list):
            items = [str(item).strip() for item in value if isinstance(item, str | int)]
            if len(items) != len(value):
                self.fault(column, _("must be a list of texts"))
        else:
            items = [item.strip() for item in self._text(column).split("|")]
        return list(dict.fromkeys(item for item in items if item))

    def _hotlines(self) -> list[str]:
        codes = self._list("hotlines")
        if unknown := [code for code in codes if code not in self.hotlines]:
            self.fault("hotlines", _("unknown hotline: %s") % ", ".join(unknown))
        return codes

    def _status(self) -> str:
        status = self._text("status") or "draft"
        if status not in STATUSES:
            self.fault("status", _("must be one of: %s") % ", ".join(STATUSES))
        return status

    def _confirmed_on(self) -> date | None:
        moment = self._moment(CONFIRMED)
        day = day_of(moment) if moment else None
        if day and day > today():
            self.fault(CONFIRMED, _("has not come yet"))
        return day

    def _moment(self, column: str) -> datetime | None:
        """A day or a time; without an offset it is Shanghai's. A day as an end is included."""
        value: Any = self.row.values.get(column)
        if value in (None, ""):
            return None
        try:
            moment = _moment_of(value)
        except ValueError:
            self.fault(column, _("is no date: write 2026-01-31"))
            return None
        if isinstance(moment, datetime):
            return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        at = time.max if column == "effective_to" else time.min
        return datetime.combine(moment, at, SHANGHAI)


def _moment_of(value: Any) -> datetime | date:
    """As people and spreadsheets write it: 2026-01-31, 2026/1/31, 2026年1月31日, or with a time."""
    if isinstance(value, datetime):  # a spreadsheet's day is its midnight
        return value.date() if value.time() == time.min else value
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if day := _DAY.fullmatch(text):
        return date(*map(int, day.groups()))
    return datetime.fromisoformat(text.replace("/", "-"))
