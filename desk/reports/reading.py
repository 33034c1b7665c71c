"""Who reads which report: a line's people those of their lines, a department's people their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from desk.people.doors import holder
from desk.people.models import Role, User
from desk.people.rights import Right, hotlines_of, may
from desk.reports.figures import GROUPS, Scope
from desk.reports.months import Month, NoMonth, month_of, read_month


@dataclass(frozen=True)
class Choice:
    month: Month
    group: str
    hotline: str
    scope: Scope


def reader(request: HttpRequest) -> User:
    return holder(request, Right.READ_REPORTS)


def choice_of(request: HttpRequest, user: User) -> Choice:
    """The month (the running one, unless asked), and what it is narrowed to."""
    try:
        month = read_month(request.GET.get("month", ""))
    except NoMonth:
        month = month_of(timezone.now())
    group = request.GET.get("by", "department")
    hotline, own = request.GET.get("hotline", "")[:20], hotlines_of(user)
    if own is not None and hotline not in own:
        hotline = ""
    hotlines = frozenset({hotline}) if hotline else own
    return Choice(
        month, group if group in GROUPS else "department", hotline, Scope(hotlines=hotlines)
    )


def may_read_department(user: User, department: int) -> bool:
    """A department's own page is also its handlers'."""
    if may(user, Right.READ_REPORTS):
        return True
    return user.role == Role.HANDLER and user.department_id == department
