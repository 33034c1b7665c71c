"""Citizens' questions of the last weeks, counted by how each ended: by week, hotline, category.

A question is a message whose turn looked something up or asked for a person; the steps of a
complaint, small talk and emergencies are none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet, TextChoices
from django.db.models.functions import TruncWeek
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from actions.protocol import Status
from desk.conversations.models import Author, Message
from desk.people.models import Hotline, User
from desk.people.rights import hotlines_of
from desk.quality.by_category import OfCategory, by_category
from desk.quality.by_reason import OfReason, by_reason


class Ending(TextChoices):
    ANSWERED = "answered", _("Answered at once")
    ASK_BACK = "ask_back", _("Asked back")
    MENU = "menu", _("Choice offered")
    UNKNOWN = "unknown", _("Not known")
    PERSON = "person", _("Person asked for")
    FAULT = "fault", _("Fault of ours")


STATUSES: Mapping[Ending, tuple[Status, ...]] = {
    Ending.ANSWERED: (Status.ANSWERED,),
    Ending.ASK_BACK: (Status.ASK_BACK,),
    Ending.MENU: (Status.MENU,),
    Ending.UNKNOWN: (Status.NO_ARTICLE, Status.NOT_UNDERSTOOD, Status.STALE),
    Ending.PERSON: (Status.HANDED_OVER,),
    Ending.FAULT: (Status.ERROR_INDEX, Status.ERROR_BOT),
}
_ENDING_OF = {status.value: ending for ending, listed in STATUSES.items() for status in listed}
WEEKS = (4, 8, 13)


@dataclass
class Figures:
    """One row of a table: questions by their ending."""

    key: str
    label: str
    counts: Counter[Ending] = field(default_factory=Counter)

    @property
    def whole(self) -> int:
        return self.counts.total()

    def shares(self) -> list[Share]:
        """One for each ending, in their order."""
        whole = self.whole or 1
        return [Share(one, self.counts[one], self.counts[one] / whole) for one in Ending]


@dataclass(frozen=True)
class Share:
    ending: Ending
    number: int
    share: float  # 0 to 1

    @property
    def percent(self) -> str:
        return f"{100 * self.share:.0f}%"


@dataclass(frozen=True)
class Overview:
    weeks: list[Figures]  # newest first; a week without questions stands there with none
    hotlines: list[Figures]  # most questions first
    categories: list[OfCategory]  # most answers first
    reasons: list[OfReason]  # most first
    whole: Figures


def overview(user: User, now: datetime, *, weeks: int, hotline: str = "") -> Overview:
    """All figures, from grouped queries. `hotline` empty: all that the user serves."""
    first = monday(now) - timedelta(weeks=weeks - 1)
    rows = list(
        _asked(user, first, hotline)
        .annotate(week=TruncWeek("at"))
        .values_list("week", "conversation__hotline_id", "status")
        .annotate(number=Count("id"))
        .order_by()
    )
    names = dict(Hotline.objects.values_list("code", "name"))
    by_week = {
        day: Figures(day.isoformat(), _week_in_words(day))
        for day in (first.date() + timedelta(weeks=number) for number in range(weeks))
    }
    by_hotline: dict[str, Figures] = {}
    whole = Figures("", "")
    for week, code, status, number in rows:
        ending = _ENDING_OF[status]
        of_hotline = by_hotline.setdefault(code, Figures(code, f"{code} {names.get(code, '')}"))
        for figures in (by_week[localtime(week).date()], of_hotline, whole):
            figures.counts[ending] += number
    return Overview(
        weeks=list(reversed(by_week.values())),
        hotlines=sorted(by_hotline.values(), key=lambda one: (-one.whole, one.key)),
        categories=by_category(told(user, first, hotline)),
        reasons=by_reason(told(user, first, hotline)),
        whole=whole,
    )


def asked_so(
    user: User, now: datetime, *, weeks: int, ending: Ending, hotline: str = "", week: str = ""
) -> QuerySet[Message]:
    """The questions behind a figure, newest first."""
    first = monday(now) - timedelta(weeks=weeks - 1)
    rows = _asked(user, first, hotline).filter(status__in=STATUSES[ending])
    if week:
        begins = datetime.combine(date.fromisoformat(week), time(), localtime(now).tzinfo)
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(weeks=1))
    return rows.select_related("conversation").order_by("-id")


def monday(now: datetime) -> datetime:
    """The beginning of this week, in local time."""
    today = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def _asked(user: User, first: datetime, hotline: str) -> QuerySet[Message]:
    rows = Message.objects.filter(author=Author.CITIZEN, status__in=list(_ENDING_OF), at__gte=first)
    return _of(rows, user, hotline)


def told(user: User, first: datetime, hotline: str) -> QuerySet[Message]:
    """What the bot said to such questions."""
    rows = Message.objects.filter(author=Author.BOT, status__in=list(_ENDING_OF), at__gte=first)
    return _of(rows, user, hotline)


def _of(rows: QuerySet[Message], user: User, hotline: str) -> QuerySet[Message]:
    own = hotlines_of(user)
    if own is not None:
        rows = rows.filter(conversation__hotline_id__in=own)
    return rows.filter(conversation__hotline_id=hotline) if hotline else rows


def _week_in_words(day: date) -> str:
    end = day + timedelta(days=6)
    return f"{day.month}月{day.day}日—{end.month}月{end.day}日"
