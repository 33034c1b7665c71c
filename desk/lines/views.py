"""The pages of the lines: what moves between them, who they are, and the look before a merge."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from desk.conversations.views import own_hotlines
from desk.lines import transfers
from desk.lines.accounts import UnreadableAccounts
from desk.lines.directory import LineRow, lines_with_people
from desk.lines.merging.kinds import CannotMerge
from desk.lines.merging.running import dry_run, lines_of
from desk.lines.models import Merge
from desk.lines.transfers import Asked, Way
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right, may

MERGES_SHOWN = 20


@login_required
@require_safe
def moved(request: HttpRequest) -> HttpResponse:
    user = _of_a_line(request)
    asked = _asked(request)
    found, has_more = transfers.transfers(user, asked)
    context: dict[str, Any] = {
        "place": "cases",
        "asked": asked,
        "today": transfers.today(),
        "hotlines": own_hotlines(user),
        "ways": Way,
        "week": transfers.week(user, asked),
        "transfers": found,
        "before": found[-1].event.pk if has_more else 0,
        "waiting": transfers.not_taken(user, asked.hotline),
        "waiting_count": transfers.count_not_taken(user, asked.hotline),
        "talks": transfers.talks(user, asked),
        "is_admin": may(user, Right.ADMINISTER),
    }
    return render(request, "lines/transfers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: HttpRequest) -> HttpResponse:
    """Every line with its people and accounts; a POST starts a dry run."""
    user = _administrator(request)
    source, into = request.POST.get("source", "")[:20], request.POST.get("into", "")[:20]
    fault = ""
    if request.method == "POST":
        try:
            asked = lines_of(source, into)
        except CannotMerge as error:
            fault = str(error)
        else:
            merge = dry_run(asked, by=user.username, at=timezone.now())
            return redirect("lines:merge", merge.pk)
    rows, has_accounts = _lines()
    context = {
        "place": "lines",
        "rows": rows,
        "has_accounts": has_accounts,
        "file": settings.QIANMEN.channels_file.name,
        "source": source,
        "into": into,
        "fault": fault,
        "merges": Merge.objects.select_related("source", "into")[:MERGES_SHOWN],
    }
    return render(request, "lines/lines.html", context, status=422 if fault else 200)


@login_required
@require_safe
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """The report of a dry run or of a merge."""
    _administrator(request)
    found = get_object_or_404(Merge.objects.select_related("source", "into"), pk=number)
    return render(request, "lines/merge.html", {"place": "lines", "merge": found})


def _lines() -> tuple[list[LineRow], bool]:
    file = settings.QIANMEN.channels_file
    try:
        return lines_with_people(file), True
    except UnreadableAccounts:
        return lines_with_people(None), False


def _of_a_line(request: HttpRequest) -> User:
    return holder(request, Right.OPEN_CASES)


def _administrator(request: HttpRequest) -> User:
    return holder(request, Right.ADMINISTER)


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; what it gets wrong is not asked."""
    way, before = request.GET.get("way", ""), request.GET.get("before", "")
    last = _day(request.GET.get("until", "")) or transfers.today()
    day = _day(request.GET.get("day", ""))
    return Asked(
        last=min(last, transfers.today()),
        hotline=request.GET.get("hotline", "")[:20],
        day=day,
        way=Way(way) if way in set(Way) else None,
        before=whole_number(before) or 0,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 < day.year < 2200 else None
