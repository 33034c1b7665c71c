"""What an import would do, before it does anything: what is new, changed or as it was, and which
questions stand there twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from itertools import batched

from desk.knowledge.files.checking import Checked
from desk.knowledge.models import Entry
from desk.knowledge.versions import newest, status_of

BATCH = 500
MOST_TWINS = 50  # are kept and shown
SHOWN_ROWS = 5
_WORDS = re.compile(r"\W+")


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Twin:
    """A row that asks what another entry, or an earlier row of the file, asks already."""

    line: int
    external_id: str
    question: str
    other: str  # external id


@dataclass
class Survey:
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    twins: list[Twin] = field(default_factory=list)  # the first
    twin_count: int = 0
    sample: list[Checked] = field(default_factory=list)  # the first rows

    def note(self, twin: Twin) -> None:
        self.twin_count += 1
        if len(self.twins) < MOST_TWINS:
            self.twins.append(twin)


def survey(rows: Iterable[Checked], *, may_publish: bool) -> Survey:
    """Reads rows and the entries that are there, some hundred at a time; writes nothing."""
    found = Survey()
    first: dict[bytes, tuple[str, list[str]]] = {}  # who asked it first, and for which lines
    for batch in batched(rows, BATCH):
        known = known_of(batch)
        asked = _asked_already(batch)
        for row in batch:
            if len(found.sample) < SHOWN_ROWS:
                found.sample.append(row)
            found.fates[fate_of(row, known.get(row.external_id), may_publish=may_publish)] += 1
            name, lines = first.setdefault(_asked(row.question), (row.external_id, row.hotlines))
            if name == row.external_id or not _meet(row.hotlines, lines):
                name = _other(row, asked)
            if name:
                found.note(_twin(row, name))
    return found


def known_of(rows: Iterable[Checked]) -> dict[str, Entry]:
    """The entries that rows name, with what a comparison reads of them."""
    entries = Entry.objects.select_related("latest_revision", "department", "category")
    return {
        entry.external_id: entry
        for entry in entries.filter(external_id__in=[row.external_id for row in rows])
    }


def fate_of(row: Checked, entry: Entry | None, *, may_publish: bool) -> Fate:
    """Compared with the newest version, and with what citizens are told where that would change."""
    if entry is None:
        return Fate.NEW
    if may_publish:
        is_told = entry.live and not entry.has_unpublished_changes
        stays = is_told if row.status == "published" else status_of(entry) == row.status
        if not stays:
            return Fate.CHANGED
    return (
        Fate.UNCHANGED
        if _words_of(newest(entry)) == _words_in(row) and _is_confirmed(row, entry)
        else Fate.CHANGED
    )


def _is_confirmed(row: Checked, entry: Entry) -> bool:
    return not row.says_confirmed or newest(entry).confirmed_on == row.confirmed_on


def _words_of(entry: Entry) -> tuple[object, ...]:
    return (
        entry.question,
        list(entry.similar_questions),
        entry.answer,
        entry.department.name if entry.department else "",
        sorted(entry.hotline_codes),
        entry.category.name if entry.category else "",
        list(entry.keywords),
        entry.source,
        entry.document_number,
        entry.effective_from,
        entry.effective_to,
    )


def _words_in(row: Checked) -> tuple[object, ...]:
    return (
        row.question,
        row.similar_questions,
        row.answer,
        row.department,
        sorted(row.hotlines),
        row.category,
        row.keywords,
        row.source,
        row.document_number,
        row.effective_from,
        row.effective_to,
    )


def _asked_already(rows: Sequence[Checked]) -> Mapping[str, list[tuple[str, list[str]]]]:
    """{question: [(external id, hotlines)]} of the entries that ask one of these word for word."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    same = Entry.objects.filter(question__in={row.question for row in rows})
    for question, name, codes in same.values_list("question", "external_id", "hotline_codes"):
        found.setdefault(question, []).append((name, codes))
    return found


def _other(row: Checked, asked: Mapping[str, list[tuple[str, list[str]]]]) -> str:
    for name, codes in asked.get(row.question, ()):
        if name != row.external_id and _meet(row.hotlines, codes):
            return name
    return ""


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a citizen of some line may hear both; no line is the whole city."""
    return not one or not other or bool(set(one) & set(other))


def _asked(question: str) -> bytes:
    """A digest of it without what makes no difference to who reads it."""
    plain = _WORDS.sub("", unicodedata.normalize("NFKC", question).lower())
    return blake2b(plain.encode(), digest_size=12).digest()


def _twin(row: Checked, other: str) -> Twin:
    return Twin(row.line, row.external_id, row.question, other)
