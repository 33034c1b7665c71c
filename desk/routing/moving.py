"""The page on which a supervisor moves several talks at once (批量移交)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.conversations.models import Conversation, Owner
from desk.conversations.views import own_hotlines, reader
from desk.people.models import PRESENT_FOR, Role, Skill, User
from desk.people.rights import Right, may
from desk.people.serving import serving_lines
from desk.routing.passing import LONGEST_NOTE, each
from desk.routing.targets import pass_to

MOST = 200  # rows; moving more at once is a matter of the rules


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    if not may(user, Right.SUPERVISE):
        raise PermissionDenied
    hotline, agent = request.GET.get("hotline", ""), request.GET.get("agent", "")
    if request.method == "POST":
        _move(request, user)
        query = urlencode({"hotline": hotline, "agent": agent})
        return redirect(f"{reverse('routing:move')}?{query}")
    rows = list(_talks(hotline, agent)[: MOST + 1])
    context = {
        "place": "wall",
        "hotline": hotline,
        "hotlines": own_hotlines(user),
        "agent": User.objects.filter(pk=agent).first() if agent.isdecimal() else None,
        "agents": User.objects.filter(talks__in=_talks(hotline, "")).distinct(),
        "rows": rows[:MOST],
        "has_more": len(rows) > MOST,
        "colleagues": _present(),
        "groups": Skill.objects.all(),
        "others": serving_lines(),
        "longest": LONGEST_NOTE,
    }
    return render(request, "routing/move.html", context)


def _move(request: HttpRequest, user: User) -> None:
    numbers = [int(one) for one in request.POST.getlist("talk") if one.isdecimal()][:MOST]
    to, note = request.POST.get("to", ""), request.POST.get("note", "")
    if not numbers:
        messages.error(request, _("Mark the talks that are to be moved."))
        return
    moved = each(numbers, lambda number: pass_to(number, user, to, note))
    if moved.done:
        messages.success(request, _("Moved: %s talks.") % len(moved.done))
    for why in dict.fromkeys(reason for _number, reason in moved.refused):
        stayed = sum(reason == why for _number, reason in moved.refused)
        messages.error(request, _("%(n)s stayed: %(why)s") % {"n": stayed, "why": why})


def _talks(hotline: str, agent: str) -> QuerySet[Conversation]:
    """Those that wait or that a person has; who waits longest first."""
    rows = Conversation.objects.filter(closed_at__isnull=True).exclude(owner=Owner.BOT)
    if hotline:
        rows = rows.filter(hotline_id=hotline)
    if agent.isdecimal():
        rows = rows.filter(agent_id=int(agent))
    order = (F("queued_at").asc(nulls_last=True), F("unanswered_at").asc(nulls_last=True), "pk")
    return rows.select_related("citizen", "agent", "hotline").order_by(*order)


def _present() -> QuerySet[User]:
    rows = User.objects.filter(is_active=True, seen_at__gt=timezone.now() - PRESENT_FOR)
    return rows.filter(role__in=(Role.AGENT, Role.SUPERVISOR)).order_by("username")
