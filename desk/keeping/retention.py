"""Takes what is kept no longer, in batches at night; what is counted stays.

Each batch is a transaction of its own, with its line of audit, so that the desk never waits long
and a night that is cut short goes on where it was. Any number of workers may call it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from desk.conversations.models import Attachment
from desk.keeping import due
from desk.keeping.emptying_cases import empty_cases, forget_looks
from desk.keeping.emptying_talks import empty_talks
from desk.keeping.erasing import forget_people
from desk.keeping.files import drop_later, drop_unwanted
from desk.keeping.models import Erasure, RetentionRule
from desk.keeping.rules import CASES, RULES, SENT_FILES, TALKS

NIGHT = range(2, 5)  # hours, of the desk's own zone
BATCH = 100
FILES = 500
EXPIRED = "expired"  # why an attachment has no file any more


def every_night(now: datetime | None = None) -> int:
    """Called each minute: a batch of each rule at night, until it has none left that night.

    Returns how many rows and files went.
    """
    now = now or timezone.now()
    local = timezone.localtime(now)
    if local.hour not in NIGHT:
        return 0
    drop_unwanted()
    return sum(
        run_batch(key, now).total()
        for key in RULES
        if not RetentionRule.objects.filter(key=key, done_on=local.date()).exists()
    )


def run_batch(key: str, now: datetime) -> Counter[str]:
    """One batch of one rule; empty when there is none left, or another worker is at it."""
    RetentionRule.objects.get_or_create(key=key)
    with transaction.atomic():
        rule = RetentionRule.objects.select_for_update(skip_locked=True).filter(key=key).first()
        if rule is None:
            return Counter()
        done = +_BATCHES[key](now)
        if done:
            Erasure.objects.create(at=now, by="system", rule=key, what=dict(done))
        else:
            rule.done_on = timezone.localdate(now)
            rule.save(update_fields=["done_on"])
    return done


def run_all(now: datetime, progress: Callable[[str, Counter[str]], None]) -> None:
    """All that is due, now. `progress` is told the sum so far of the rule under way."""
    for key in RULES:
        total: Counter[str] = Counter()
        while done := run_batch(key, now):
            total += done
            progress(key, total)
    drop_unwanted()


def counted(now: datetime) -> dict[str, int]:
    """How much is due, by rule."""
    return {
        TALKS: due.talks(now).count(),
        CASES: due.cases(now).count(),
        SENT_FILES: len(due.sent_files(now)),
    }


def _talks(now: datetime) -> Counter[str]:
    numbers = list(due.talks(now).values_list("pk", flat=True)[:BATCH])
    return _talks_and_people(numbers, [])


def _cases(now: datetime) -> Counter[str]:
    numbers = list(due.cases(now).values_list("pk", flat=True)[:BATCH])
    done = empty_cases(numbers, others_words_too=True)
    done["reveals"] = forget_looks([], numbers)
    return done + _talks_and_people(due.talks_left_by(numbers), numbers)


def _talks_and_people(talks: list[int], cases: list[int]) -> Counter[str]:
    done = empty_talks(talks)
    done["citizens"] = forget_people(due.people_left_by(talks, cases))
    return done


def _sent_files(now: datetime) -> Counter[str]:
    keys = due.sent_files(now)[:FILES]
    rows = Attachment.objects.filter(key__in=keys)
    rows.update(key="", reason=EXPIRED)
    return Counter(files=drop_later(keys))


_BATCHES: dict[str, Callable[[datetime], Counter[str]]] = {
    TALKS: _talks,
    CASES: _cases,
    SENT_FILES: _sent_files,
}
