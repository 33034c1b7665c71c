"""What moves between district lines and the city's: up, down and across, each case with its clock,
and what nobody of the line that has it now has touched yet.

The histories of the cases say it: nothing is counted beside them. What a merge moved is no transfer
that somebody has to take over, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case as When
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models import When as If
from django.utils.timezone import localdate

from desk.cases.models import OPEN_STATES, Case, CaseEvent
from desk.cases.moments import SHANGHAI, day_of
from desk.cases.moves import in_codes
from desk.conversations.models import Author, Conversation, OwnerChange, Reason
from desk.people.models import Hotline, Role, User
from desk.people.rights import hotlines_of
from desk.people.serving import serving_lines, with_absorbed
from desk.routing.overflow import CITY_LINE

DAYS = 7
SHOWN = 100
TALKS_SHOWN = 50


class Way(StrEnum):
    UP = "up"  # from a district to the city
    DOWN = "down"
    ACROSS = "across"  # between districts

    @classmethod
    def between(cls, source: str, to: str) -> Way:
        if to == CITY_LINE:
            return cls.UP
        return cls.DOWN if source == CITY_LINE else cls.ACROSS


@dataclass(frozen=True)
class Asked:
    last: date  # of the week that is looked at
    hotline: str = ""
    day: date | None = None
    way: Way | None = None
    before: int = 0  # the last event that the reader has

    @property
    def days(self) -> list[date]:
        return [self.last - timedelta(days=number) for number in range(DAYS)][::-1]

    @property
    def earlier(self) -> date:
        return self.last - timedelta(days=DAYS)

    @property
    def later(self) -> date:
        return self.last + timedelta(days=DAYS)


@dataclass(frozen=True)
class Transfer:
    event: CaseEvent
    source: str  # names of lines
    to: str
    way: Way
    taken_by: str  # who of the line that has it now did something first
    is_waiting: bool
    is_ours: bool  # of the reader's lines, who may take it over

    @property
    def case(self) -> Case:
        return self.event.case


@dataclass
class Counted:
    up: int = 0
    down: int = 0
    across: int = 0


@dataclass(frozen=True)
class Row:
    line: Hotline
    days: list[tuple[date, Counted]]


def week(user: User, asked: Asked) -> list[Row]:
    """By district and day; of the city's own line each is the other end."""
    counts: dict[tuple[str, date], Counted] = {}
    rows = _of(_within(_real(), asked.days[0], asked.last), user, "")
    for at, data in rows.values_list("at", "data").iterator():
        source, to = str(data.get("from", "")), str(data.get("to", ""))
        way = Way.between(source, to)
        line = to if way is Way.DOWN else source
        counted = counts.setdefault((line, day_of(at)), Counted())
        setattr(counted, way, getattr(counted, way) + 1)
    own = hotlines_of(user)
    lines = [line for line in serving_lines() if line.pk != CITY_LINE]
    if own is not None and CITY_LINE not in own:
        lines = [line for line in lines if line.pk in own]
    return [
        Row(line, [(day, counts.get((line.pk, day), Counted())) for day in asked.days])
        for line in lines
    ]


def transfers(user: User, asked: Asked) -> tuple[list[Transfer], bool]:
    """The newest first, and whether more follow."""
    first, last = (asked.day, asked.day) if asked.day else (asked.days[0], asked.last)
    rows = _of(_within(_real(), first, last), user, asked.hotline)
    if asked.way is Way.UP:
        rows = rows.filter(data__to=CITY_LINE)
    elif asked.way is Way.DOWN:
        rows = rows.filter(data__from=CITY_LINE)
    elif asked.way is Way.ACROSS:
        rows = rows.exclude(Q(data__to=CITY_LINE) | Q(data__from=CITY_LINE))
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    found = list(_with_cases(rows).order_by("-pk")[: SHOWN + 1])
    return _told(found[:SHOWN], user), len(found) > SHOWN


def not_taken(user: User, hotline: str = "") -> list[Transfer]:
    """Open cases that nobody of their line has touched since they came; who waits longest first."""
    return _told(_with_cases(_waiting(user, hotline)).order_by("pk")[:SHOWN], user)


def count_not_taken(user: User, hotline: str = "") -> int:
    return _waiting(user, hotline).count()


def talks(user: User, asked: Asked) -> list[OwnerChange]:
    """Talks that were passed to another line, by a person or by waiting too long."""
    first, last = (asked.day, asked.day) if asked.day else (asked.days[0], asked.last)
    rows = _within(OwnerChange.objects.all(), first, last).filter(
        Q(reason=Reason.OVERFLOW) | Q(reason=Reason.HOTLINE) & ~Q(by=Author.SYSTEM)
    )
    rows = rows.filter(conversation__in=_own_talks(user, asked.hotline))
    rows = rows.select_related("user", "conversation__citizen", "conversation__hotline")
    return list(rows.select_related("conversation__home").order_by("-pk")[:TALKS_SHOWN])


def _own_talks(user: User, hotline: str) -> QuerySet[Conversation]:
    rows = Conversation.objects.all()
    for codes in (hotlines_of(user), with_absorbed([hotline]) if hotline else None):
        if codes is not None:
            rows = rows.filter(Q(hotline__in=codes) | Q(home__in=codes))
    return rows


def _real() -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(kind="transfer", key="")


def _within[T: QuerySet[Any]](rows: T, first: date, last: date) -> T:
    begins = datetime.combine(first, time(), SHANGHAI)
    ends = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    return rows.filter(at__gte=begins, at__lt=ends)


def _of(rows: QuerySet[CaseEvent], user: User, hotline: str) -> QuerySet[CaseEvent]:
    """Those that one of the user's lines gave or got."""
    for codes in (hotlines_of(user), with_absorbed([hotline]) if hotline else None):
        if codes is not None:
            named = sorted(codes)
            rows = rows.filter(Q(data__from__in=named) | Q(data__to__in=named))
    return rows


def _waiting(user: User, hotline: str) -> QuerySet[CaseEvent]:
    rows = _of(_real(), user, hotline).filter(case__state__in=OPEN_STATES)
    return rows.filter(~Exists(_later().filter(kind="transfer", key="")), ~Exists(_touched()))


def _later() -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))


def _touched() -> QuerySet[CaseEvent]:
    """By a person of a line: what the department or the rules do is not taking it over."""
    by_a_person = _later().filter(user__isnull=False).exclude(kind="transfer")
    return by_a_person.exclude(user__role=Role.HANDLER).order_by("pk")


def _with_cases(rows: QuerySet[CaseEvent]) -> QuerySet[CaseEvent]:
    """With who took the case, and whether it went on to yet another line."""
    name = When(
        If(user__display_name="", then=F("user__username")),
        default=F("user__display_name"),
        output_field=CharField(),
    )
    return rows.select_related("user", "case__hotline", "case__department").annotate(
        taken_by=Subquery(_touched().annotate(who=name).values("who")[:1]),
        went_on=Exists(_later().filter(kind="transfer", key="")),
    )


def _told(events: Iterable[CaseEvent], user: User) -> list[Transfer]:
    found, own = list(events), hotlines_of(user)
    names = {line.pk: str(line) for line in Hotline.objects.all()}
    told = []
    for event in found:
        source, to = in_codes(event)
        taken_by, went_on = event.taken_by or "", event.went_on  # type: ignore[attr-defined]
        told.append(
            Transfer(
                event,
                names.get(source, source),
                names.get(to, to),
                Way.between(source, to),
                taken_by,
                is_waiting=not taken_by and not went_on and event.case.is_open,
                is_ours=own is None or event.case.hotline_id in own,
            )
        )
    return told


def today() -> date:
    return localdate(timezone=SHANGHAI)
