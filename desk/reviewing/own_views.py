"""An agent's own scores: what each is made of, and the one time to answer back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from desk.pages.typed import storable
from desk.people.models import User
from desk.people.rights import Right, may
from desk.reviewing import acting
from desk.reviewing.access import own_review, talker
from desk.reviewing.criteria import WHOLE
from desk.reviewing.errors import NotDone
from desk.reviewing.models import Review, State
from desk.reviewing.queue import Row
from desk.reviewing.sheet import EVENTS, cases_of, sheet_of
from desk.reviewing.wording import in_words

SHOWN = 200


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    user = talker(request)
    now = timezone.now()
    scored = Review.objects.filter(agent=user).exclude(state=State.OPEN)
    rows = scored.select_related("conversation__citizen", "conversation__hotline")
    months = (
        scored.values("month")
        .annotate(n=Count("pk"), mean=Avg("total"), red=Count("pk", filter=Q(is_red=True)))
        .order_by("-month")
    )
    context = {
        "place": "reviews",
        "tab": "mine",
        "may_supervise": may(user, Right.SUPERVISE),
        "rows": [
            Row(review, review.standing(now), is_own=True)
            for review in rows.order_by("-month", "-scored_at")[:SHOWN]
        ],
        "months": months[:12],
        "shown": SHOWN,
    }
    return render(request, "reviewing/mine.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    user = talker(request)
    found = own_review(user, number)
    if request.method != "POST":
        acting.see(found, by=user, at=timezone.now())
        return _page(request, user, found)
    reason = storable(request.POST.get("reason", ""))
    try:
        acting.answer_back(number, reason, by=user, at=timezone.now())
    except NotDone as error:
        return _page(request, user, own_review(user, number), reason, in_words(error))
    messages.success(request, _("Your words are with the supervisors. The answer comes here."))
    return redirect("reviewing:own", number)


def _page(
    request: HttpRequest, user: User, found: Review, reason: str = "", fault: str = ""
) -> HttpResponse:
    now = timezone.now()
    context = {
        "place": "reviews",
        "tab": "mine",
        "may_supervise": may(user, Right.SUPERVISE),
        "review": found,
        "sheet": sheet_of(found),
        "cases": cases_of(found, user),
        "standing": found.standing(now),
        "may_answer": found.may_be_answered(now) and found.answered_at is None,
        "reason": reason,
        "fault": fault,
        "whole": WHOLE,
        "events": list(found.events.order_by("-at", "-id")[:EVENTS])[::-1],
    }
    return render(request, "reviewing/own.html", context, status=422 if fault else 200)
