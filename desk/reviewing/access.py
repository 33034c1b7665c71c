"""Who comes in at which page of the reviews."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest

from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right
from desk.reviewing.models import Mark, Review, State


def talker(request: HttpRequest) -> User:
    """Who talks with citizens has talks that are reviewed."""
    return holder(request, Right.TALK)


def supervisor(request: HttpRequest) -> User:
    return holder(request, Right.SUPERVISE)


def review_of(number: int) -> Review:
    return _one(pk=number)


def own_review(user: User, number: int) -> Review:
    """Not theirs, not scored yet and not there answer alike."""
    found = _one(pk=number, agent=user)
    if found.state == State.OPEN:
        raise Http404
    return found


def _one(**which: Any) -> Review:
    found = (
        Review.objects.filter(**which)
        .select_related(
            "agent", "scored_by", "ruled_by", "conversation__citizen", "conversation__hotline"
        )
        .prefetch_related(Prefetch("marks", Mark.objects.order_by("pk")))
        .first()
    )
    if found is None:
        raise Http404
    return found
