"""Pages of a supervisor: the week's shifts, what agents can do, and a hotline's rules."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.conversations.models import Owner
from desk.conversations.views import own_hotlines
from desk.knowledge.models import Category
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import Hotline, Role, Skill, SkillNeed, User
from desk.people.rights import Right, may
from desk.people.shifts import agents_of, rule_of
from desk.rosters.forms import PersonForm, RuleForm, SkillForm
from desk.rosters.planning import CannotPlan, copy_week, follow_standing, put_on, take_off
from desk.rosters.table import week_of


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Agents read it too; they cannot change it."""
    user = _reader(request)
    hotline = _hotline(request.GET.get("hotline", ""), user)
    day = _day(request.GET.get("week", "")) or localdate()
    context = {
        "place": "rosters",
        "tab": "week",
        "may_plan": may(user, Right.SUPERVISE),
        "hotlines": own_hotlines(user),
        "hotline": hotline,
        "week": week_of(hotline, day, timezone.now()),
    }
    return render(request, "rosters/week.html", context)


@login_required
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """One person on one shift, or off it; `off` and `follow` say which."""
    user = _supervisor(request)
    hotline = _hotline(request.POST.get("hotline", ""), user)
    day, shift = _day(request.POST.get("day", "")), request.POST.get("shift", "")
    try:
        if "follow" in request.POST and day is not None:
            follow_standing(hotline, day)
        else:
            who = get_object_or_404(User, pk=_number(request.POST.get("user", "")))
            change = take_off if "off" in request.POST else put_on
            change(hotline, day, _number(shift), who)
    except CannotPlan as fault:
        messages.error(request, str(fault))
    return _to_week(hotline, request.POST.get("week", ""))


@login_required
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    user = _supervisor(request)
    hotline = _hotline(request.POST.get("hotline", ""), user)
    into = _day(request.POST.get("week", "")) or localdate()
    try:
        days = copy_week(hotline, into)
    except CannotPlan as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("Copied: %s days of the week before.") % days)
    return _to_week(hotline, into.isoformat())


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    _supervisor(request)
    return _people(request)


@login_required
@require_POST
def person(request: HttpRequest, number: int) -> HttpResponse:
    _supervisor(request)
    agent = get_object_or_404(_agents(), pk=number)
    form = PersonForm(request.POST, instance=agent)
    if not form.is_valid():
        messages.error(request, f"{agent}：{_first_fault(form)}")
    else:
        form.save()
        messages.success(request, _("Kept: %s") % agent)
    return redirect("rosters:people")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    user = _supervisor(request)
    hotline = _hotline(request.GET.get("hotline", ""), user)
    form = RuleForm(request.POST or None, instance=rule_of(hotline.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept. It holds from now on."))
        return redirect(f"{reverse('rosters:rules')}?{urlencode({'hotline': hotline.pk})}")
    context = {
        "place": "rosters",
        "tab": "rules",
        "may_plan": True,
        "hotlines": own_hotlines(user),
        "hotline": hotline,
        "form": form,
    }
    return render(request, "rosters/rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def skills(request: HttpRequest) -> HttpResponse:
    """A new skill or one more category for it; with `need` that one is no longer needed."""
    _supervisor(request)
    if "need" in request.POST:
        SkillNeed.objects.filter(pk=_number(request.POST["need"])).delete()
        return redirect("rosters:people")
    form = SkillForm(request.POST)
    if form.is_valid():
        messages.success(request, _("Kept: %s") % form.keep())
    else:
        messages.error(request, _first_fault(form))
    return redirect("rosters:people")


def _people(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "place": "rosters",
        "tab": "people",
        "may_plan": True,
        "agents": _agents(),
        "skills": Skill.objects.prefetch_related("needs"),
        "categories": Category.objects.values_list("name", flat=True).order_by("name"),
    }
    return render(request, "rosters/people.html", context)


def _agents() -> Any:
    talks = Count("talks", filter=Q(talks__owner=Owner.AGENT, talks__closed_at__isnull=True))
    rows = User.objects.filter(is_active=True, role__in=(Role.AGENT, Role.SUPERVISOR))
    return rows.prefetch_related("skills", "hotlines").annotate(at_hand=talks).order_by("username")


def _first_fault(form: Any) -> str:
    return next(str(faults[0]) for faults in form.errors.values())


def _to_week(hotline: Hotline, week: str) -> HttpResponse:
    return redirect(f"{reverse('rosters:week')}?{urlencode({'hotline': hotline.pk, 'week': week})}")


def _hotline(code: str, user: User) -> Hotline:
    """The one that is asked for; without one, the first that has agents of its own."""
    own = own_hotlines(user)
    if not own:
        raise Http404
    if code:
        found = next((one for one in own if one.code == code), None)
        if found is None:
            raise Http404
        return found
    return next((one for one in own if agents_of(one.code).exists()), own[0])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    number = whole_number(text, 9)
    return -1 if number is None else number


def _reader(request: HttpRequest) -> User:
    return holder(request, Right.TALK)


def _supervisor(request: HttpRequest) -> User:
    user = _reader(request)
    if not may(user, Right.SUPERVISE):
        raise PermissionDenied
    return user
