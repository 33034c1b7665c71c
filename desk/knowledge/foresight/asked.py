"""What citizens really asked lately, their numbers starred out, the commonest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, OuterRef, QuerySet, Subquery

from actions.protocol import Status
from desk.conversations.models import Author, Message
from desk.people.models import PRACTICE
from intake.privacy import mask_for_bot

DAYS = 30
MOST = 2_000  # different questions
ANSWERS_READ = 500  # of one entry
LONGEST = 100  # characters; what is longer is a story, and is said once
KEPT = 300  # seconds for which the list serves again: editors try many times
LOOKED_UP = (
    Status.ANSWERED,
    Status.ASK_BACK,
    Status.MENU,
    Status.NO_ARTICLE,
    Status.NOT_UNDERSTOOD,
    Status.STALE,
)


@dataclass(frozen=True)
class Asked:
    """One wording on one hotline."""

    text: str
    hotline: str
    times: int


def asked_lately(now: datetime, *, days: int = DAYS) -> list[Asked]:
    """At most `MOST`; as of at most five minutes ago."""
    key = f"knowledge-asked-{days}"
    kept: list[Asked] | None = cache.get(key)
    if kept is None:
        rows = (
            _questions(now, days)
            .values_list("conversation__hotline_id", "text")
            .annotate(times=Count("id"))
            .order_by("-times", "text")[:MOST]
        )
        kept = _counted((hotline, text, times) for hotline, text, times in rows)
        cache.set(key, kept, KEPT)
    return kept


def answered_by(external_id: str, now: datetime, *, days: int = DAYS) -> list[Asked]:
    """What was asked just before this entry was told, of its last answers."""
    if not external_id:
        return []
    asked = Message.objects.filter(
        conversation=OuterRef("conversation"), author=Author.CITIZEN, pk__lt=OuterRef("pk")
    ).order_by("-pk")
    rows = (
        Message.objects.filter(
            author=Author.BOT,
            status=Status.ANSWERED,
            entry=external_id,
            at__gte=now - timedelta(days=days),
        )
        .exclude(conversation__hotline_id=PRACTICE)
        .order_by("-pk")
        .values_list("conversation__hotline_id", Subquery(asked.values("text")[:1]))
    )
    return _counted((hotline, text or "", 1) for hotline, text in rows[:ANSWERS_READ])


def _questions(now: datetime, days: int) -> QuerySet[Message]:
    return Message.objects.filter(
        author=Author.CITIZEN, status__in=LOOKED_UP, at__gte=now - timedelta(days=days)
    ).exclude(conversation__hotline_id=PRACTICE)


def _counted(rows: Iterable[tuple[str, str, int]]) -> list[Asked]:
    """Wordings that are the same without their numbers are one."""
    found: Counter[tuple[str, str]] = Counter()
    for hotline, text, times in rows:
        text = text.strip()
        if text and len(text) <= LONGEST:
            found[mask_for_bot(text), hotline] += times
    return [Asked(text, hotline, times) for (text, hotline), times in found.most_common(MOST)]
