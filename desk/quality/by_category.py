"""Answers of the bot by the category of their entry, with what citizens said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from actions.protocol import Status
from desk.conversations.models import Message, Rating
from desk.knowledge.models import Entry


@dataclass
class OfCategory:
    name: str  # empty: without one, or the entry is gone
    answers: int = 0
    useful: int = 0
    unsolved: int = 0

    @property
    def percent_unsolved(self) -> str:
        """Of those that were judged; empty when none was."""
        judged = self.useful + self.unsolved
        return f"{100 * self.unsolved / judged:.0f}%" if judged else ""


def by_category(told: QuerySet[Message]) -> list[OfCategory]:
    """Most answers first."""
    rows = list(
        told.filter(status=Status.ANSWERED)
        .exclude(entry="")
        .values("entry")
        .annotate(
            answers=Count("id"),
            useful=Count("id", filter=Q(rating=Rating.USEFUL)),
            unsolved=Count("id", filter=Q(rating=Rating.UNSOLVED)),
        )
        .order_by()
    )
    names = _categories_of(row["entry"] for row in rows)
    found: dict[str, OfCategory] = {}
    for row in rows:
        name = names.get(row["entry"], "")
        one = found.setdefault(name, OfCategory(name))
        one.answers += row["answers"]
        one.useful += row["useful"]
        one.unsolved += row["unsolved"]
    return sorted(found.values(), key=lambda one: (-one.answers, one.name))


def _categories_of(entries: Iterable[str]) -> dict[str, str]:
    """By external id; of those that there still are."""
    rows: Iterable[Any] = Entry.objects.filter(external_id__in=list(entries)).values_list(
        "external_id", "category__name"
    )
    return {external_id: name or "" for external_id, name in rows}
