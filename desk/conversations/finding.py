"""What the command bar finds: talks, cases and pages that this person may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.cases.models import Case
from desk.cases.reading import narrowed, readable
from desk.conversations.inbox import SHORTEST_SEARCH, visible
from desk.conversations.models import Conversation
from desk.conversations.searching import matching
from desk.conversations.views import reader
from desk.pages.navigation import doors
from desk.pages.typed import storable
from desk.people.models import Department, User
from desk.people.rights import Right, may

SHOWN = 5
LOOKED_AT = 50  # of the newest, among which the open ones stand first
SHOWN_DEPARTMENTS = 4


@dataclass(frozen=True)
class Target:
    """A page to go to."""

    label: str
    url: str


@login_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The options for what is typed; without words the pages alone."""
    user = reader(request)
    q = storable(request.GET.get("q", "")).strip()[:60]
    context: dict[str, object] = {"pages": _pages(user, q)}
    if len(q) >= SHORTEST_SEARCH:
        context |= {
            "talks": _talks(user, q),
            "cases": _cases(user, q),
            "departments": _departments(q) if request.GET.get("case") else [],
        }
    return render(request, "conversations/found.html", context)


def _pages(user: User, q: str) -> list[Target]:
    pages = [Target(str(door.label), door.url) for door in doors(user)]
    pages.append(Target(_("Canned replies"), reverse("replies:all")))
    if may(user, Right.OPEN_CASES):
        pages.append(Target(_("Transfers between lines"), reverse("lines:transfers")))
    if may(user, Right.TALK):
        pages.append(Target(_("Practice with simulated citizens"), reverse("practice:citizens")))
    return [page for page in pages if q.lower() in page.label.lower()]


def _talks(user: User, q: str) -> list[Conversation]:
    return list(matching(visible(user), q, LOOKED_AT).order_by("closed_at", "-last_at")[:SHOWN])


def _cases(user: User, q: str) -> list[Case]:
    if not may(user, Right.READ_CASES):
        return []
    return list(narrowed(readable(user).prefetch_related(None), q=q).order_by("-id")[:SHOWN])


def _departments(q: str) -> list[str]:
    """`派给 城管`, or the department's name alone."""
    name = q.removeprefix("派给").removeprefix("派").strip()
    if not name:
        return []
    wanted = Q(name__icontains=name) | Q(purpose__icontains=name)
    return list(
        Department.objects.filter(wanted).values_list("name", flat=True)[:SHOWN_DEPARTMENTS]
    )
