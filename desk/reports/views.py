"""The month on a page, as a spreadsheet and as PDF; a department's page; the cases of a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.cases.models import UNANSWERED, Case
from desk.conversations.views import own_hotlines
from desk.pages.typed import whole_number
from desk.people.models import Department, User
from desk.people.rights import Right, may
from desk.reports.cells import cells_of
from desk.reports.chart import HEIGHT, SPARK_HEIGHT, SPARK_WIDTH, WIDTH, line, spark
from desk.reports.counting import Rate, behind
from desk.reports.figures import GROUPS, Row, Scope, Share, due_by_category, figures, total
from desk.reports.months import Month
from desk.reports.paper import as_pdf
from desk.reports.reading import Choice, choice_of, may_read_department, reader
from desk.reports.sheet import as_xlsx
from desk.reports.trends import kept_total, rises, trend
from desk.reports.words import FORMULAS, GOALS, LABELS, figures_of, summary

SHOWN = 100  # cases of a figure at a time
SHOWN_ROWS = {"department": 100, "hotline": 100, "category": 40}  # all of them when asked
SHOWN_CATEGORIES = 12


@login_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    choice = choice_of(request, user)
    rows, whole, before = _counted(choice)
    if choice.group == "category":  # there are many: what most is about comes first
        rows.sort(key=lambda row: -row[Rate.CLOSURE].d)
    shown = rows if request.GET.get("rows") == "all" else rows[: SHOWN_ROWS[choice.group]]
    sparks = trend(choice.group, choice.month, [row.key for row in shown])
    link = _cases_link(choice)
    context: dict[str, Any] = {
        **_common(user, choice),
        "summary": summary(whole, rows, choice.group),
        "totals": figures_of(whole, before),
        "rows": [
            (row, cells_of(row, link), spark(sparks.get(row.key, {}), Rate.CLOSURE))
            for row in shown
        ],
        "hidden": len(rows) - len(shown),
        "whole": whole,
        "rises": rises(timezone.now(), choice.scope)[:8],
        "spark_box": f"-2 -2 {SPARK_WIDTH + 4} {SPARK_HEIGHT + 4}",
    }
    return render(request, "reports/month.html", context)


@login_required
@require_safe
def department(request: HttpRequest, number: int) -> HttpResponse:
    """The page for a department and its leader: twelve months, and what it owes now."""
    user = request.user
    if not isinstance(user, User) or not may_read_department(user, number):
        raise PermissionDenied
    found = get_object_or_404(Department, pk=number)
    choice = choice_of(request, user)
    scope = Scope(department=found.pk)
    whole = total(figures(choice.month, "department", scope), "")
    months = trend("department", choice.month, [str(found.pk)]).get(str(found.pk), {})
    owed = Case.objects.filter(department=found, state__in=UNANSWERED)
    context: dict[str, Any] = {
        **_common(user, choice),
        "department": found,
        "is_line": may(user, Right.READ_REPORTS),
        "totals": figures_of(whole, _month_before(months, choice.month, scope)),
        "lines": [(LABELS[rate], rate, line(months, rate)) for rate in Rate],
        "size": (WIDTH, HEIGHT),
        "chart_box": f"-8 -20 {WIDTH + 120} {HEIGHT + 72}",  # room for words
        "owed": list(owed.order_by("due_at", "pk")[:10]),
        "owed_count": owed.count(),
        "returns": whole.returns,
        "categories": due_by_category(choice.month, scope, SHOWN_CATEGORIES),
    }
    return render(request, "reports/department.html", context)


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure, above the line or all."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    rate = request.GET.get("rate", "")
    if rate not in set(Rate):
        raise Http404
    choice, key = choice_of(request, user), request.GET.get("key", "")
    if not may(user, Right.READ_REPORTS):
        is_own = choice.group == "department" and key == str(user.department_id)
        if not is_own or not may_read_department(user, user.department_id or 0):
            raise PermissionDenied
    above = request.GET.get("above") == "1"
    rows = behind(Rate(rate), choice.month, above=above).filter(choice.scope.of_cases())
    if "key" in request.GET:
        column = GROUPS[choice.group]
        if choice.group == "department" and not key.isdecimal():
            rows = rows.filter(counted_for=None)
        else:
            rows = rows.filter(**{column: key})
    start = request.GET.get("start", "")
    first = whole_number(start, 6) or 0
    found = list(
        rows.select_related("department").order_by("due_at", "pk")[first : first + SHOWN + 1]
    )
    context = {
        **_common(user, choice),
        "cases": found[:SHOWN],
        "following": first + SHOWN if len(found) > SHOWN else None,
        "count": rows.count(),
        "label": LABELS[Rate(rate)],
        "formula": FORMULAS[Rate(rate)],
        "above": above,
        "name": _name(choice.group, key),
    }
    return render(request, "reports/cases.html", context)


@login_required
@require_safe
def spreadsheet(request: HttpRequest) -> HttpResponse:
    choice = choice_of(request, reader(request))
    rows, whole, _before = _counted(choice)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(as_xlsx(choice, rows, whole), kind, f"report-{choice.month}.xlsx")


@login_required
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    choice = choice_of(request, reader(request))
    rows, whole, before = _counted(choice)
    body = as_pdf(choice, rows, whole, before, timezone.now())
    return _file(body, "application/pdf", f"report-{choice.month}.pdf")


def _counted(choice: Choice) -> tuple[list[Row], Row, Row]:
    rows = figures(choice.month, choice.group, choice.scope)
    before = kept_total(choice.month.before, choice.scope.hotlines)
    if before is None:
        before = total(figures(choice.month.before, choice.group, choice.scope), "")
    return rows, total(rows, ""), before


def _month_before(months: Mapping[Month, dict[Rate, Share]], month: Month, scope: Scope) -> Row:
    """As it was counted last, if it was."""
    kept = months.get(month.before)
    if kept is not None:
        return Row("", "", dict(kept))
    return total(figures(month.before, "department", scope), "")


def _common(user: User, choice: Choice) -> dict[str, Any]:
    return {
        "place": "reports",
        "choice": choice,
        "cases_link": _cases_link(choice),
        "following_month": choice.month.next,
        "month_before": choice.month.before,
        "hotlines": own_hotlines(user),
        "goals": GOALS,
    }


def _cases_link(choice: Choice) -> str:
    """Of the cases behind the figures of a page; each figure adds its rate and its row."""
    asked = {"month": str(choice.month), "by": choice.group}
    if choice.hotline:
        asked["hotline"] = choice.hotline
    return f"{reverse('reports:cases')}?{urlencode(asked)}"


def _name(group: str, key: str) -> str:
    if group == "department" and key.isdecimal():
        return Department.objects.filter(pk=key).values_list("name", flat=True).first() or ""
    return key


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
