"""What each step asks for, as types. What does not fit is said by field, in words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.errors import BadBody
from desk.cases.models import Urgency
from desk.cases.moments import SHANGHAI

_LONGEST = 4000  # characters of a note, a reason or an answer
Words = Annotated[str, msgspec.Meta(max_length=_LONGEST)]


class Nothing(msgspec.Struct, frozen=True):
    pass


class Note(msgspec.Struct, frozen=True):
    note: Words = ""


class Reason(msgspec.Struct, frozen=True):
    reason: Words


class Dispatch(msgspec.Struct, frozen=True):
    department: str
    co_departments: list[str] = []
    urgency: Urgency | None = None
    note: Words = ""


class Ruling(msgspec.Struct, frozen=True):
    approve: bool
    reason: Words = ""


class Reassign(msgspec.Struct, frozen=True):
    department: str
    reason: Words


class CoHandle(msgspec.Struct, frozen=True):
    departments: list[str]


class Extend(msgspec.Struct, frozen=True):
    working_days: Annotated[int, msgspec.Meta(ge=1, le=10)]
    reason: Words


class Suspend(msgspec.Struct, frozen=True):
    reason: Words
    until: str  # a day, or a moment; without an offset it is Shanghai's


class Answer(msgspec.Struct, frozen=True):
    text: Words


class CallBack(msgspec.Struct, frozen=True):
    reached: bool
    solved: bool | None = None
    satisfied: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    note: Words = ""


class Redo(msgspec.Struct, frozen=True):
    reason: Words
    department: str = ""  # for a case that was answered at once and never had one


class Merge(msgspec.Struct, frozen=True):
    into: str


class Transfer(msgspec.Struct, frozen=True):
    hotline: str
    reason: Words
    with_talk: bool = False  # the open talk goes to the other line's queue as well


_HINTS = {
    "working_days": gettext_lazy("a whole number from 1 to 10"),
    "satisfied": gettext_lazy("a whole number from 1 to 5"),
    "approve": gettext_lazy("true or false"),
    "reached": gettext_lazy("true or false"),
    "with_talk": gettext_lazy("true or false"),
    "solved": gettext_lazy("true or false"),
    "urgency": gettext_lazy("urgent, priority, ordinary or hard"),
    "until": gettext_lazy("a day or a moment to come"),
    "departments": gettext_lazy("names of departments"),
    "co_departments": gettext_lazy("names of departments"),
}


def read[T: msgspec.Struct](body: dict[str, Any], kind: type[T]) -> T:
    """The body as its type. Raises `BadBody`, which names the field and what fits."""
    stripped = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in body.items()
        if value is not None
    }
    for name in kind.__struct_fields__:
        needed = name in _needed(kind)
        if needed and stripped.get(name) in (None, "", []):
            raise _missing(name)
        if not needed and stripped.get(name) == "":
            stripped.pop(name)
    try:
        return msgspec.convert(stripped, kind, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("$.")[2].strip("`").partition("[")[0]
        hint = _HINTS.get(name, gettext_lazy("words, at most 4000 characters"))
        words = {"name": name, "hint": hint}
        raise BadBody(_("`%(name)s` does not fit: %(hint)s") % words, name) from error


def need(words: str, name: str) -> None:
    """What a rule asks for, though the body lets it be empty. Raises `BadBody`."""
    if not words:
        raise _missing(name)


def _missing(name: str) -> BadBody:
    return BadBody(_("`%s` is missing.") % name, name)


def _needed(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(kind) if field.required)


def moment_to_come(value: str, at: datetime) -> datetime:
    """The end of a day, or a moment. Raises `BadBody` for what is unreadable or past."""
    try:
        if len(value) == len("2026-11-24"):
            day = date.fromisoformat(value) + timedelta(days=1)
            moment = datetime.combine(day, time(), SHANGHAI)
        else:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    except (ValueError, OverflowError) as error:
        raise BadBody(_("`until` is no day and no moment: %s") % value, "until") from error
    if moment <= at:
        raise BadBody(_("`until` lies in the past."), "until")
    return moment
