"""The page of how well the bot answers, and the questions behind each of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.conversations.views import own_hotlines
from desk.knowledge.trying import finder
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right, may
from desk.quality.chart import bars, chart_width
from desk.quality.figures import WEEKS, Ending, asked_so, overview
from kb_index.calibration import Calibration
from kb_index.index import IndexUnavailable

STEP = 50  # questions at a time
CATEGORIES = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Choice:
    """What a reader has narrowed the page to."""

    weeks: int
    hotline: str
    week: str = ""
    ending: Ending = Ending.UNKNOWN


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    choice = _choice(request, user)
    found = overview(user, timezone.now(), weeks=choice.weeks, hotline=choice.hotline)
    context: dict[str, Any] = {
        "place": "quality",
        "tab": "figures",
        "choice": choice,
        "weeks": WEEKS,
        "hotlines": own_hotlines(user),
        "found": found,
        "endings": list(Ending),
        "bars": bars(found.weeks),
        "chart_width": chart_width(len(found.weeks)),
        "categories": found.categories[:CATEGORIES],
        "calibration": _calibration(),
    }
    return render(request, "quality/page.html", context)


@login_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time; `before` is the last id that the reader has."""
    user = reader(request)
    choice = _choice(request, user)
    rows = asked_so(
        user,
        timezone.now(),
        weeks=choice.weeks,
        ending=choice.ending,
        hotline=choice.hotline,
        week=choice.week,
    )
    before = whole_number(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: STEP + 1])
    context: dict[str, Any] = {
        "place": "quality",
        "choice": choice,
        "questions": found[:STEP],
        "before": found[STEP - 1].pk if len(found) > STEP else 0,
        "may_open": may(user, Right.READ_CONVERSATIONS),
    }
    return render(request, "quality/questions.html", context)


def reader(request: HttpRequest) -> User:
    return holder(request, Right.SEE_QUALITY)


def _choice(request: HttpRequest, user: User) -> Choice:
    """What is asked for, as far as it makes sense; the rest is as when nothing is asked for."""
    asked = request.GET
    weeks, hotline = asked.get("weeks", ""), asked.get("hotline", "")
    ending = asked.get("ending", "")
    return Choice(
        weeks=int(weeks) if weeks in map(str, WEEKS) else WEEKS[1],
        hotline=hotline if any(hotline == own.code for own in own_hotlines(user)) else "",
        week=_day(asked.get("week", "")),
        ending=Ending(ending) if ending in Ending else Ending.UNKNOWN,
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _calibration() -> Calibration | None:
    """How the index decides; None when it cannot be asked."""
    try:
        return finder().calibration
    except IndexUnavailable as error:
        log.warning("no calibration", error=type(error).__name__)
        return None
