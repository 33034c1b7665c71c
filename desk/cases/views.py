"""The list of cases, and one case: its form, its history, and the steps that are legal now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from desk.cases import confirming
from desk.cases.fields import Form, form_of_case
from desk.cases.history import happenings, track
from desk.cases.models import Case, CaseEvent, ContactReveal, State
from desk.cases.moves import moves_of
from desk.cases.reading import (
    given_away,
    may_act,
    may_know_citizen,
    narrowed,
    readable,
    readable_by_number,
    to_read_by_number,
)
from desk.cases.step_forms import FORMS, body_of, missing, step_forms
from desk.cases.steps import BadBody, IllegalStep, steps_to_come, take
from desk.cases.strip import strip
from desk.conversations.evidence import Piece, pieces
from desk.conversations.inbox import counts_for
from desk.conversations.reading import talk_to_read
from desk.conversations.views import choices_for, own_hotlines
from desk.conversations.wording import channel_name
from desk.live_updates.hub import newest_event
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import Department, Role, User
from desk.people.rights import Right, may
from desk.workdays.calendar import current

STEP = 50  # rows at a time
EVENTS = 200  # of a case's history


def reader(request: HttpRequest) -> User:
    """The user, when their role reads cases."""
    return holder(request, Right.READ_CASES)


def case_for(user: User, number: str) -> Case:
    """Not yours and not there answer alike."""
    case = readable_by_number(user, number)
    if case is None:
        raise Http404
    return case


def case_to_read(user: User, number: str) -> Case:
    """Also what their line gave away, for reading alone."""
    case = to_read_by_number(user, number)
    if case is None:
        raise Http404
    return case


@dataclass(frozen=True)
class Filters:
    state: str = ""
    department: str = ""
    hotline: str = ""
    is_overdue: bool = False
    is_away: bool = False  # what the line gave to others, instead of what it has
    q: str = ""

    @property
    def are_set(self) -> bool:
        asked = (self.state, self.department, self.hotline, self.q)
        return any(asked) or self.is_overdue or self.is_away


@login_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time; `before` is the last id that the reader has."""
    user = reader(request)
    after = newest_event()
    filters = filters_of(request)
    found = list(_page(filtered(_asked(user, filters), filters), request.GET.get("before", "")))
    context: dict[str, Any] = {
        "place": "cases",
        "after": after,
        "filters": filters,
        "cases": found[:STEP],
        "before": found[STEP - 1].pk if len(found) > STEP else 0,
    }
    if request.headers.get("HX-Request"):
        return render(request, "cases/rows.html", context)
    is_handler = user.role == Role.HANDLER
    context |= {
        "states": State.choices,
        "hotlines": [] if is_handler else own_hotlines(user),
        "departments": []
        if is_handler
        else list(Department.objects.values_list("name", flat=True)),
        "own_department": user.department if is_handler else None,
        "queue_count": _queue_count(user),
    }
    return render(request, "cases/list.html", context)


def _asked(user: User, filters: Filters) -> QuerySet[Case]:
    if not filters.is_away:
        return readable(user)
    passed_on = CaseEvent.objects.filter(case=OuterRef("pk"), kind="transfer").order_by("-at")
    return given_away(user, filters.hotline).annotate(went_at=Subquery(passed_on.values("at")[:1]))


def filters_of(request: HttpRequest) -> Filters:
    state = request.GET.get("state", "")
    return Filters(
        state=state if state in State else "",
        department=request.GET.get("department", "")[:60],
        hotline=request.GET.get("hotline", "")[:20],
        is_overdue=request.GET.get("overdue") == "1",
        is_away=request.GET.get("away") == "1",
        q=request.GET.get("q", "").strip()[:60],
    )


def filtered(rows: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    # The list shows neither words nor history.
    rows = rows.prefetch_related(None)
    return narrowed(
        rows,
        state=filters.state,
        department=filters.department,
        hotline="" if filters.is_away else filters.hotline,
        is_overdue=filters.is_overdue or None,
        q=filters.q,
    )


def _page(rows: QuerySet[Case], before: str) -> QuerySet[Case]:
    last = whole_number(before)
    if last is not None:
        rows = rows.filter(pk__lt=last)
    return rows.order_by("-pk")[: STEP + 1]


@login_required
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    user = reader(request)
    case = case_to_read(user, number)
    if user.role == Role.HANDLER:  # a department has a page of its own, with what it needs
        return redirect("handling:case", number)
    return _show(request, user, case)


@login_required
@require_POST
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Take a step as the form says; a refusal says what is possible instead."""
    user = reader(request)
    case = case_for(user, number)
    body = body_of(step, request.POST)
    if empty := missing(step, body):
        fault = _("Still to fill in: %s") % "、".join(empty)
        return _faulty(request, user, case, step, fault, status=422)
    try:
        if step == "dispatch":
            confirming.dispatch(number, user, body)
        else:
            take(number, step, user, body, at=timezone.now())
    except IllegalStep as error:
        label = FORMS[step].label if step in FORMS else step
        legal = [str(FORMS[name].label) for name in error.legal if name in FORMS]
        fault = _("“%s” is not possible now: the case has moved on, or your role does not do it.")
        return _faulty(request, user, case, step, fault % label, legal=legal, status=409)
    except BadBody as error:
        return _faulty(request, user, case, step, str(error), status=422)
    done = _("Done: %s") % FORMS[step].label
    if readable_by_number(user, number) is None:  # it went to another line
        messages.success(request, done)
        return _to_the_list(request)
    if request.headers.get("HX-Request"):
        return trigger_client_event(HttpResponse(status=204), "case-changed", {"case": number})
    messages.success(request, done)
    return redirect("cases:page", number)


def _to_the_list(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(reverse("cases:list"))
    return redirect("cases:list")


@login_required
@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """The contact in full; that it was looked at stays on record."""
    user = reader(request)
    case = case_for(user, number)
    if not may(user, Right.SEE_CONTACTS):
        raise PermissionDenied
    ContactReveal.objects.create(user=user, case=case, citizen=case.citizen)
    if request.headers.get("HX-Request"):
        return render(
            request,
            "cases/contact.html",
            {"case": case, "is_revealed": True, "may_see_contacts": True},
        )
    return _show(request, user, case, is_revealed=True)


def _faulty(
    request: HttpRequest,
    user: User,
    case: Case,
    step: str,
    fault: str,
    *,
    legal: list[str] | None = None,
    status: int,
) -> HttpResponse:
    context = {"fault": fault, "legal": legal or []}
    if request.headers.get("HX-Request"):
        return render(request, "cases/step_fault.html", context)
    return _show(request, user, case, status=status, **context)


def _show(
    request: HttpRequest, user: User, case: Case, *, status: int = 200, **more: object
) -> HttpResponse:
    after = newest_event()
    events = list(
        CaseEvent.objects.filter(case=case).select_related("user").order_by("-at", "-id")[:EVENTS]
    )[::-1]
    is_own = may_act(user, case)
    calendar, now = current(), timezone.now()
    steps = step_forms(case, user, now, calendar) if is_own else []
    form = form_of_case(case)
    context = {
        "place": "cases",
        "after": after,
        "case": case,
        "channel": channel_name(case.channel),
        "form": form,
        "quotes": _quotes(case, form),
        "track": track(case, events),
        "happenings": happenings(events),
        "files": list(case.files.order_by("pk")),
        "steps": steps,
        "later": [
            (FORMS[name].label, reason)
            for name, reason in steps_to_come(case, user, now, calendar)
            if is_own and name in FORMS
        ],
        "days": strip(case, calendar, now),
        "moves": moves_of(events),
        "is_own": is_own,
        "may_set": is_own and confirming.may_set_fields(case, user),
        "talk": talk_to_read(user, case.conversation_id) if case.conversation_id else None,
        "may_see_contacts": is_own and may(user, Right.SEE_CONTACTS),
        "is_named": may_know_citizen(case, user),
        "queue_count": _queue_count(user),
        **choices_for({ask.kind for form in steps for ask in form.asks}),
        **more,
    }
    return render(request, "cases/page.html", context, status=status)


def _quotes(case: Case, form: Form) -> list[list[Piece]]:
    """The citizen's messages that the fields rest on, marked; else the content as it was typed."""
    said = {str(field.message_id): field.message for field in case.fields.all() if field.message}
    quotes = [
        pieces(message.text, form.spans.get(key, []))
        for key, message in sorted(said.items(), key=lambda item: item[1].pk)
    ]
    return quotes or [pieces(case.content, [])]


def _queue_count(user: User) -> int:
    return counts_for(user).queue if may(user, Right.READ_CONVERSATIONS) else 0
