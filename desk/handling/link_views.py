"""Behind the link of a letter's mail: the letter, its cases, and a department's steps, no login.

Nothing here is indexed, kept by a browser or told to another site, and each opening is on record.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.cases.actors import Actor
from desk.cases.models import Case
from desk.cases.proof_views import file_of
from desk.cases.reading import of_department
from desk.cases.step_forms import FORMS
from desk.conversations.sent_files import AT_ONCE, LARGEST, OFFERED
from desk.handling import limits
from desk.handling.acting import Fault, take_step, typed_in
from desk.handling.dossier import dossier
from desk.handling.letters import cases_behind, read_letter
from desk.handling.links import EndedLink, WrongLink, read
from desk.handling.openings import opened_by_link
from desk.handling.ways import ByLink
from desk.pages.typed import storable
from desk.people.models import Role
from desk.supervision.models import Letter

NAME = "handling_name"  # in the browser's session
LONGEST_NAME = 20
HEADERS = {
    "Referrer-Policy": "same-origin",  # a stricter one would take the forms' own origin away
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store, private",
}

type View[**P] = Callable[Concatenate[HttpRequest, Letter, ByLink, P], HttpResponse]


def behind_link[**P](view: View[P]) -> Callable[..., HttpResponse]:
    """Looks the letter up anew each time; whatever is wrong answers with what to do instead."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, *args: P.args, **more: P.kwargs) -> HttpResponse:
        response = _answer(request, token, *args, **more)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    def _answer(request: HttpRequest, token: str, *args: P.args, **more: P.kwargs) -> HttpResponse:
        if limits.is_guessing(_address(request)) or not limits.allows_use(token):
            return _gone(request, "busy", 429)
        try:
            key, department = read(token)
        except EndedLink:
            return _gone(request, "ended", 410)
        except WrongLink:
            is_few = limits.allows_wrong(_address(request))
            return _gone(request, "wrong" if is_few else "busy", 404 if is_few else 429)
        letter = (
            Letter.objects.select_related("department")
            .filter(pk=key, department=department)
            .first()
        )
        numbers = frozenset(case.number for case in cases_behind(letter)) if letter else frozenset()
        if letter is None or not numbers:
            return _gone(request, "moved", 410)
        return view(request, letter, ByLink(token, numbers), *args, **more)

    return answer


@require_safe
@behind_link
def letter(request: HttpRequest, letter: Letter, way: ByLink) -> HttpResponse:
    now = timezone.now()
    _record(request, letter)
    context = {"letter": letter, "department": letter.department, "now": now}
    return render(
        request,
        "handling/link_letter.html",
        context | {"said": read_letter(letter, way, now)},
    )


@require_safe
@behind_link
def case(request: HttpRequest, letter: Letter, way: ByLink, number: str) -> HttpResponse:
    found = _case(letter, way, number)
    if found is None:
        return _gone(request, "moved", 410)
    _record(request, letter, number)
    return _show(request, letter, way, found)


@require_POST
@behind_link
def step(request: HttpRequest, letter: Letter, way: ByLink, number: str, step: str) -> HttpResponse:
    found = _case(letter, way, number)
    if found is None:
        return _gone(request, "moved", 410)
    fault = _take(request, letter, found, step)
    if fault is not None:
        if request.headers.get("HX-Request"):
            context = {"fault": fault.words, "legal": fault.legal}
            return render(request, "cases/step_fault.html", context)
        return _show(request, letter, way, found, fault=fault, step=step)
    messages.success(request, _("Done: %s") % FORMS[step].label)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": way.case(number)})
    return redirect(way.case(number))


@require_safe
@behind_link
def file(request: HttpRequest, letter: Letter, way: ByLink, number: str, key: int) -> HttpResponse:
    found = _case(letter, way, number)
    if found is None:
        return _gone(request, "moved", 410)
    return file_of(found, key)


def _take(request: HttpRequest, letter: Letter, found: Case, step: str) -> Fault | None:
    name = " ".join(storable(request.POST.get("who", "")).split())
    if not name or len(name) > LONGEST_NAME:
        return Fault(_("Please write your name, at most %d letters.") % LONGEST_NAME, 422)
    request.session[NAME] = name
    department = letter.department
    actor = Actor(f"{name}（{department.name}）", Role.HANDLER, department=department.pk)
    return take_step(request, found, step, actor, timezone.now())


def _show(
    request: HttpRequest,
    letter: Letter,
    way: ByLink,
    found: Case,
    *,
    fault: Fault | None = None,
    step: str = "",
) -> HttpResponse:
    now = timezone.now()
    actor = Actor(letter.department.name, Role.HANDLER, department=letter.department_id)
    context: dict[str, Any] = {
        "department": letter.department,
        "letter": letter,
        "is_by_link": True,
        "token": way.token,
        "who": request.POST.get("who") or request.session.get(NAME, ""),
        "longest_name": LONGEST_NAME,
        "attaching": {"offered": OFFERED, "most": AT_ONCE, "largest": LARGEST},
        "fault": fault,
        "now": now,
        "file": dossier(
            found,
            actor,
            way,
            now,
            step=step,
            typed=typed_in(request, step) if fault else None,
        ),
    }
    status = fault.status if fault else 200
    return render(request, "handling/link_case.html", context, status=status)


def _case(letter: Letter, way: ByLink, number: str) -> Case | None:
    """One of the letter's that the department has still."""
    if number not in way.numbers:
        return None
    return of_department(letter.department_id).filter(number=number).first()


def _record(request: HttpRequest, letter: Letter, number: str = "") -> None:
    if request.method == "GET":
        opened_by_link(
            letter,
            name=request.session.get(NAME, ""),
            address=_address(request),
            at=timezone.now(),
            case=number,
        )


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _gone(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "handling/link_gone.html", {"why": why}, status=status)
