"""Topics that come up suddenly: what of the last two hours is far more than usual.

A topic is a category, of a case that was opened or of the entry that answered. Usual is the mean of
the same two hours on the same weekday of the last four weeks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from desk.cases.models import Case
from desk.conversations.models import Author, Message
from desk.knowledge.models import Entry

SPAN = timedelta(hours=2)
WEEKS = 4
LEAST = 5  # times; fewer is chance
TIMES_USUAL = 3.0
MOST = 6


@dataclass(frozen=True)
class Topic:
    category: str
    number: int
    usual: float  # of the same time in a usual week

    @property
    def name(self) -> str:
        return self.category.rpartition("/")[2]

    @property
    def group(self) -> str:
        return self.category.partition("/")[0]

    @property
    def is_new(self) -> bool:
        return self.usual == 0

    @property
    def rise(self) -> str:
        """+240%; how much more than usual."""
        return f"+{100 * (self.number / self.usual - 1):.0f}%" if self.usual else ""


def sudden(now: datetime, hotline: str = "") -> list[Topic]:
    """Most first."""
    spans = [(now - weeks * timedelta(weeks=1)) for weeks in range(WEEKS + 1)]
    today, *before = [_counted(end - SPAN, end, hotline) for end in spans]
    topics = [
        Topic(category, number, sum(one[category] for one in before) / WEEKS)
        for category, number in today.items()
        if number >= LEAST
    ]
    risen = [one for one in topics if one.number >= TIMES_USUAL * one.usual]
    return sorted(risen, key=lambda one: (-one.number, one.category))[:MOST]


def _counted(since: datetime, until: datetime, hotline: str) -> Counter[str]:
    cases = Case.objects.filter(accepted_at__gt=since, accepted_at__lte=until).exclude(category="")
    answers = Message.objects.filter(author=Author.BOT, at__gt=since, at__lte=until)
    answers = answers.exclude(entry="")
    if hotline:
        cases = cases.filter(hotline_id=hotline)
        answers = answers.filter(conversation__hotline_id=hotline)
    counts = Counter(dict(cases.values_list("category").annotate(number=Count("pk")).order_by()))
    by_entry = dict(answers.values_list("entry").annotate(number=Count("pk")).order_by())
    named = Entry.objects.filter(external_id__in=by_entry, category__isnull=False)
    for entry, category in named.values_list("external_id", "category__name"):
        counts[category] += by_entry[entry]
    return counts
