"""The wall board: one page that renews itself, and the requests behind one of its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from desk.cases.reading import narrowed, readable
from desk.conversations.models import Author, Conversation, Owner, OwnerChange
from desk.conversations.views import own_hotlines
from desk.people.doors import holder
from desk.people.models import Hotline, User
from desk.people.rights import Right
from desk.people.shifts import Shift, rule_of, shifts_of
from desk.wall.present import staff_now, talks_now
from desk.wall.requests import GOAL, STANDARD, promptness, requests_since
from desk.wall.topics import sudden

RENEWED = 5  # seconds
SHOWN = 200  # late requests


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Whole, or (asked by the page itself) the figures alone."""
    user = _supervisor(request)
    hotline = _hotline(request, user)
    context = _board(user, hotline, timezone.now())
    template = "wall/board.html" if request.headers.get("HX-Request") else "wall/page.html"
    return render(request, template, context)


@login_required
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Today's requests for a person that were not answered in time, newest first."""
    user = _supervisor(request)
    hotline = _hotline(request, user)
    now = timezone.now()
    found = [
        one for one in requests_since(_midnight(now), now, _code(hotline)) if not one.is_in_time()
    ]
    shown = list(reversed(found))[:SHOWN]
    talks = Conversation.objects.select_related("citizen", "hotline", "agent").in_bulk(
        [one.conversation for one in shown]
    )
    rows = [(one, talks[one.conversation]) for one in shown]
    return render(
        request,
        "wall/late.html",
        {"place": "wall", "rows": rows, "whole": len(found), "hotline": hotline},
    )


def _board(user: User, hotline: Hotline | None, now: datetime) -> dict[str, Any]:
    code = _code(hotline)
    opened, by_bot = _of_the_bot(code, _midnight(now))
    cases = narrowed(readable(user), hotline=code, is_overdue=True)
    return {
        "place": "wall",
        "now": now,
        "renewed": RENEWED,
        "hotline": hotline,
        "hotlines": own_hotlines(user),
        "shift": _shift(code, now),
        "talks": talks_now(code),
        "staff": staff_now(now, code),
        "prompt": promptness(requests_since(_midnight(now), now, code)),
        "goal": GOAL,
        "standard": STANDARD,
        "opened": opened,
        "by_bot": by_bot,
        "bot_share": by_bot / opened if opened else None,
        "overdue": cases.count(),
        "topics": sudden(now, code),
    }


def _of_the_bot(hotline: str, since: datetime) -> tuple[int, int]:
    """Talks that were opened since then, and those that nobody had to take part in."""
    asked = OwnerChange.objects.filter(conversation=OuterRef("pk")).exclude(after=Owner.BOT)
    rows = Conversation.objects.filter(opened_at__gte=since)
    rows = rows.exclude(last_from=Author.SYSTEM)  # in which a citizen was told something, no more
    if hotline:
        rows = rows.filter(hotline_id=hotline)
    opened = rows.count()
    return opened, opened - rows.filter(Exists(asked)).count()


def _shift(hotline: str, now: datetime) -> Shift | None:
    if not hotline:
        return None
    today = localtime(now).date()
    shifts = shifts_of(today, rule_of(hotline).shift_hours)
    return next((shift for shift in shifts if shift.begins <= now < shift.ends), None)


def _supervisor(request: HttpRequest) -> User:
    return holder(request, Right.SUPERVISE)


def _hotline(request: HttpRequest, user: User) -> Hotline | None:
    """The one that is asked for; None: the whole city, also where it makes no sense."""
    wanted = request.GET.get("hotline", "")
    return next((one for one in own_hotlines(user) if one.code == wanted), None)


def _code(hotline: Hotline | None) -> str:
    return hotline.code if hotline else ""


def _midnight(now: datetime) -> datetime:
    return localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
