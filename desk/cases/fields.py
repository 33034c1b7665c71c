"""The case form as an agent reads it: each field with its value, its words, and how sure we are.

A machine's figure never reaches the page; it becomes one of four words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from actions.protocol import Draft
from desk.cases.models import Case, Kind
from desk.cases.opening import FIELDS
from desk.conversations.evidence import Span
from intake.privacy import mask_for_screen, mask_name, mask_phone
from intake.standard import Class, class_of

SURE = 0.8
HIDDEN = frozenset({"name", "phone"})  # masked on every screen, so typed anew and not changed
# The form in which an agent reads it: what it is about first, whom it goes to last.
ORDER = ("content", "category", "kind", "place", "time", "about", "name", "phone", "department")

LABELS = {
    "content": pgettext_lazy("field of a case", "What happened"),
    "category": pgettext_lazy("field of a case", "Matter"),
    "kind": pgettext_lazy("field of a case", "Kind"),
    "place": pgettext_lazy("field of a case", "Place"),
    "time": pgettext_lazy("field of a case", "Time"),
    "about": pgettext_lazy("field of a case", "About whom"),
    "name": pgettext_lazy("field of a case", "Contact"),
    "phone": pgettext_lazy("field of a case", "Phone"),
    "department": pgettext_lazy("field of a case", "For"),
}


class Confidence(StrEnum):
    """Classes of the style sheet."""

    SURE = "sure"
    CHECK = "check-it"
    EMPTY = "empty"
    PERSON = "person"


WORDS = {
    Confidence.SURE: gettext_lazy("sure"),
    Confidence.CHECK: gettext_lazy("to check"),
    Confidence.EMPTY: gettext_lazy("not said"),
    Confidence.PERSON: gettext_lazy("set by a person"),
}


@dataclass(frozen=True)
class Line:
    """One field. `number` joins it to its words in the talk; 0: it rests on no words."""

    name: str
    value: str
    confidence: Confidence
    number: int = 0
    words: str = ""
    typed: str = ""  # what a form to change it begins with

    @property
    def label(self) -> str:
        return str(LABELS[self.name])

    @property
    def standard(self) -> Class | None:
        """What the standard calls the matter."""
        return class_of(self.value) if self.name == "category" else None

    @property
    def confidence_words(self) -> str:
        return str(WORDS[self.confidence])


@dataclass(frozen=True)
class Form:
    """The lines, and the marked words by message: its row's id, or its platform's id in a draft."""

    lines: list[Line]
    spans: dict[str, list[Span]]

    @property
    def to_check(self) -> int:
        return sum(line.confidence is Confidence.CHECK for line in self.lines)

    @property
    def with_words(self) -> int:
        return sum(bool(line.number) for line in self.lines)


@dataclass(frozen=True)
class _Known:
    """A field as a row or a draft holds it."""

    value: str
    confidence: float
    is_by_person: bool = False
    message: str = ""
    start: int = 0
    end: int = 0
    words: str = ""


def form_of_case(case: Case) -> Form:
    """`case.fields` with their messages should be prefetched."""
    rows = {row.name: row for row in case.fields.all()}
    known = {
        name: _Known(
            row.value,
            row.confidence,
            is_by_person=row.confirmed_by_id is not None,
            message=str(row.message_id or ""),
            start=row.start,
            end=row.end,
            words=row.words,
        )
        for name, row in rows.items()
    }
    if case.department and "department" not in known:
        known["department"] = _Known(case.department.name, 1.0)
    return _form(known)


def form_of_draft(draft: Draft) -> Form:
    known = {}
    for name, field in draft.fields.items():
        words = field.evidence
        known[name] = _Known(
            field.value,
            field.confidence,
            message=words.message if words else "",
            start=words.start if words else 0,
            end=words.end if words else 0,
        )
    return _form(known)


def _form(known: dict[str, _Known]) -> Form:
    lines: list[Line] = []
    spans: dict[str, list[Span]] = {}
    number = 0
    for name in ORDER:
        field = known.get(name)
        if name == "phone" and field is None:
            continue  # kept with the citizen, shown with the contact
        if field is None or not field.value:
            lines.append(Line(name, "", Confidence.EMPTY))
            continue
        mark = 0
        if field.message and field.start < field.end:
            number += 1
            mark = number
            is_to_check = _confidence(field) is Confidence.CHECK
            spans.setdefault(field.message, []).append(
                Span(name, mark, field.start, field.end, is_to_check)
            )
        lines.append(
            Line(
                name,
                shown(name, field.value),
                _confidence(field),
                mark,
                _quoted(name, field),
                typed="" if name in HIDDEN else field.value,
            )
        )
    return Form(lines, spans)


def _confidence(field: _Known) -> Confidence:
    if field.is_by_person:
        return Confidence.PERSON
    return Confidence.SURE if field.confidence >= SURE else Confidence.CHECK


def _quoted(name: str, field: _Known) -> str:
    """The words that the value rests on, when they say more than the value does."""
    if name == "content" or not field.words or field.words == field.value:
        return ""
    return mask_for_screen(field.words)


def shown(name: str, value: str) -> str:
    """A field's value in words for the screen."""
    if name == "kind":
        return str(Kind(value).label) if value in Kind else value
    if name == "time":
        return time_in_words(value)
    if name == "name":
        return mask_name(value)
    if name == "phone":
        return mask_phone(value)
    return mask_for_screen(value)


def time_in_words(value: str) -> str:
    """`2026-11-23T23`, as exact as it was said: never more exact on the screen."""
    day, _separator, hour = value.partition("T")
    numbers = day.split("-")
    if not all(part.isdigit() for part in numbers):
        return value
    parts = [f"{int(part)}{unit}" for part, unit in zip(numbers, ("年", "月", "日"), strict=False)]
    if len(parts) > 1 and int(numbers[0]) == localdate().year:
        parts = parts[1:]
    words = "".join(parts)
    if not hour:
        return words
    clock = hour.partition("+")[0].split(":")
    if len(clock) == 1:
        return _("%(day)s, about %(hour)s o'clock") % {
            "day": words,
            "hour": clock[0].lstrip("0") or "0",
        }
    return f"{words} {clock[0]}:{clock[1]}"


assert set(ORDER) == set(FIELDS)
