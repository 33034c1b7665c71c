"""A supervisor's pages: the queue of a month, and one talk with its scoring."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.lessons.models import Lesson
from desk.pages.typed import whole_number
from desk.people.models import User
from desk.people.rights import Right, may
from desk.reviewing import acting
from desk.reviewing.access import review_of, supervisor, talker
from desk.reviewing.criteria import WHOLE
from desk.reviewing.errors import NotDone, Problem
from desk.reviewing.forms import RulingForm, ScoreForm
from desk.reviewing.models import Review, State
from desk.reviewing.months import month_of, read_month
from desk.reviewing.queue import (
    BOT,
    GIVEN,
    MOST,
    STEP,
    Wish,
    counts_for,
    figures_of,
    first_month,
    months_to_choose,
    next_to_score,
    rows_for,
)
from desk.reviewing.sheet import EVENTS, cases_of, sheet_of
from desk.reviewing.wording import in_words


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Agents and the bot together; an agent is shown their own scores instead."""
    user = talker(request)
    if not may(user, Right.SUPERVISE):
        return redirect("reviewing:mine")
    now = timezone.now()
    wish = _wish(request)
    rows, has_more = rows_for(wish, user, now)
    context = {
        "place": "reviews",
        "tab": "queue",
        "wish": wish,
        "rows": rows,
        "has_more": has_more,
        "counts": counts_for(wish, now),
        "figures": figures_of(wish.month),
        "months": sorted({wish.month, *months_to_choose(now)}, reverse=True),
        "states": State,
        "is_this_month": wish.month == month_of(now),
    }
    return render(request, "reviewing/queue.html", context)


@login_required
@require_POST
def draw_month(request: HttpRequest) -> HttpResponse:
    user = supervisor(request)
    month = read_month(request.POST.get("month", ""))
    if month is None:
        return redirect("reviewing:queue")
    try:
        added = acting.draw(month, timezone.now(), by=user)
    except NotDone as error:
        messages.error(request, in_words(error))
        return redirect("reviewing:queue")
    if added:
        messages.success(request, _("Drawn: %s talks.") % added)
    else:
        messages.success(request, _("Nothing to add: what the rules ask for is drawn already."))
    return redirect(f"{reverse('reviewing:queue')}?{urlencode({'month': f'{month:%Y-%m}'})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, number: int) -> HttpResponse:
    """The talk beside its scoring; nothing typed is lost when it cannot be kept."""
    user = supervisor(request)
    found = review_of(number)
    if request.method != "POST":
        return _page(request, user, found)
    form = ScoreForm(request.POST, review=found, numbers=sheet_of(found).numbers)
    if not form.is_valid():
        return _page(request, user, found, form, _("Not kept yet: see the marked fields."))
    revision, card = form.cleaned_data["revision"], form.card()
    try:
        kept = acting.score(number, card, revision=revision, by=user, at=timezone.now())
    except NotDone as error:
        return _refused(request, user, number, form, error)
    following = next_to_score(kept, user)
    if following is None:
        messages.success(request, _("Kept: %s points. All of this month is scored.") % kept.total)
        return redirect(f"{reverse('reviewing:queue')}?{urlencode({'month': _month(kept)})}")
    messages.success(request, _("Kept: %s points. This is the next one.") % kept.total)
    return redirect("reviewing:review", following.pk)


@login_required
@require_POST
def ruling(request: HttpRequest, number: int) -> HttpResponse:
    """What an agent answered back is settled: `keep`, or the score becomes what was filled in."""
    user = supervisor(request)
    found = review_of(number)
    is_kept = "keep" in request.POST
    numbers = sheet_of(found).numbers
    form = RulingForm(request.POST, review=found, numbers=numbers, is_given=not is_kept)
    if not form.is_valid():
        return _page(request, user, found, form, _("Not kept yet: see the marked fields."))
    revision, reason = form.cleaned_data["revision"], form.cleaned_data["reason"]
    card = None if is_kept else form.card()
    try:
        acting.rule(number, card, reason, revision=revision, by=user, at=timezone.now())
    except NotDone as error:
        return _refused(request, user, number, form, error)
    messages.success(request, _("Settled. The agent sees it with your reason."))
    return redirect("reviewing:review", number)


def _refused(
    request: HttpRequest, user: User, number: int, form: ScoreForm, error: NotDone
) -> HttpResponse:
    """With what was typed, in the form that fits how the review stands by now."""
    found = review_of(number)
    typed = request.POST.copy()
    typed["revision"] = str(found.revision)
    kind = _form_for(found)
    form = kind(typed, review=found, numbers=form.numbers, is_given=form.is_given)
    is_changed = error.problem is Problem.CHANGED
    return _page(request, user, found, form, in_words(error), is_changed=is_changed)


def _form_for(found: Review) -> type[ScoreForm]:
    return RulingForm if found.state == State.ANSWERED else ScoreForm


def _page(
    request: HttpRequest,
    user: User,
    found: Review,
    form: ScoreForm | None = None,
    fault: str = "",
    *,
    is_changed: bool = False,  # by a colleague, meanwhile
) -> HttpResponse:
    now = timezone.now()
    sheet = sheet_of(found)
    is_own = acting.is_own(found, user)
    standing = found.standing(now)
    is_ruling = standing == State.ANSWERED
    if form is None and not is_own and (is_ruling or found.may_be_scored(now)):
        form = _form_for(found)(review=found, numbers=sheet.numbers)
    context: dict[str, Any] = {
        "place": "reviews",
        "tab": "queue",
        "review": found,
        "month": _month(found),
        "sheet": sheet,
        "cases": cases_of(found, user),
        "standing": standing,
        "is_own": is_own,
        "is_ruling": is_ruling,
        "form": form,
        "fault": fault,
        "is_changed": is_changed,
        "whole": WHOLE,
        "events": list(found.events.order_by("-at", "-id")[:EVENTS])[::-1],
        **_findings(found),
    }
    return render(request, "reviewing/review.html", context, status=422 if fault else 200)


def _findings(found: Review) -> dict[str, Any]:
    """What it led to; a talk becomes a draft once, also where that was done in the talk itself."""
    made = list(found.findings.select_related("reply", "by"))
    lesson = Lesson.objects.filter(conversation=found.conversation_id).first()
    draft = lesson.entry if lesson else ""
    elsewhere = draft if draft not in {one.entry for one in made} else ""
    return {"findings": made, "is_drafted": bool(draft), "drafted_elsewhere": elsewhere}


def _month(found: Review) -> str:
    return f"{found.month:%Y-%m}"


def _wish(request: HttpRequest) -> Wish:
    """What is asked for, as far as it makes sense."""
    asked = request.GET
    who, state = asked.get("who", ""), asked.get("state", "")
    limit = whole_number(asked.get("limit"), 5)
    is_somebody = who == BOT or whole_number(who, 9) is not None
    return Wish(
        month=read_month(asked.get("month", "")) or first_month(timezone.now()),
        who=who if is_somebody else "",
        state=state if state in State or state == GIVEN else "",
        is_red="red" in asked,
        limit=max(STEP, min(limit or STEP, MOST)),
    )
