"""The rates of a month over the API."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from desk.api.errors import forbidden, invalid
from desk.people.models import User
from desk.people.rights import Right, hotlines_of, may
from desk.reports.counting import Rate
from desk.reports.figures import Row, Scope, figures, total
from desk.reports.months import NoMonth, read_month

router = Router(tags=["reports"])


@router.get("/departments")
def departments(request: HttpRequest, month: str, hotline: str = "") -> dict[str, Any]:
    """One item a department; each rate with what is above and below its line."""
    return _report(request, month, "department", hotline)


@router.get("/{group}")
def grouped(
    request: HttpRequest, group: Literal["hotlines", "categories"], month: str, hotline: str = ""
) -> dict[str, Any]:
    column = {"hotlines": "hotline", "categories": "category"}[group]
    return _report(request, month, column, hotline)


def _report(request: HttpRequest, month: str, group: str, hotline: str) -> dict[str, Any]:
    user = request.user
    assert isinstance(user, User)
    if not may(user, Right.READ_REPORTS):
        raise forbidden()
    try:
        counted = read_month(month)
    except NoMonth as error:
        raise invalid(_("`month` is no month like 2026-10: %s") % month, "month") from error
    own = hotlines_of(user)
    hotlines = own if not hotline else frozenset({hotline})
    if own is not None and hotline and hotline not in own:
        raise forbidden()
    rows = figures(counted, group, Scope(hotlines=hotlines))
    return {
        "month": str(counted),
        "items": [_as_json(row, group) for row in rows],
        "total": _as_json(total(rows, ""), group),
        "next": None,
    }


def _as_json(row: Row, group: str) -> dict[str, Any]:
    rates = {
        str(rate): {
            "numerator": row[rate].n,
            "denominator": row[rate].d,
            "rate": round(row[rate].n / row[rate].d, 4) if row[rate].d else None,
        }
        for rate in Rate
    }
    return {group: row.name, **rates, "merged": row.merged, "returns": row.returns}
