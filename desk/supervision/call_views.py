"""The list of citizens to call back today, the longest waiting first."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.people.doors import holder
from desk.people.rights import Right, may
from desk.supervision.callbacks import SHOWN, due_calls


@login_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    user = holder(request, Right.CALL_BACK, Right.SUPERVISE)
    rows = due_calls(user)
    cases = list(rows[: SHOWN + 1])
    context: dict[str, Any] = {
        "place": "supervision" if may(user, Right.SUPERVISE) else "calls",
        "cases": cases[:SHOWN],
        "has_more": len(cases) > SHOWN,
        "count": rows.order_by().count(),
    }
    return render(request, "supervision/calls.html", context)
