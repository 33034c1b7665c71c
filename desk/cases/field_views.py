"""Setting the fields of a case from beside its talk: one, all, or another value."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from desk.cases.confirming import change, confirm, confirm_all, may_set_fields
from desk.cases.errors import BadBody
from desk.cases.fields import LABELS, form_of_case
from desk.cases.models import Case, Kind
from desk.cases.views import case_for, reader
from desk.pages.typed import storable
from desk.people.models import Department


@login_required
@require_POST
def confirm_field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    return _set(request, number, lambda user: confirm(number, name, user))


@login_required
@require_POST
def confirm_fields(request: HttpRequest, number: str) -> HttpResponse:
    return _set(request, number, lambda user: confirm_all(number, user))


@login_required
@require_safe
def edit_field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The form that stands in the field's place."""
    user = reader(request)
    case = case_for(user, number)
    line = next((line for line in form_of_case(case).lines if line.name == name), None)
    if name not in LABELS or not may_set_fields(case, user):
        raise Http404
    context = {
        "case": case,
        "name": name,
        "label": LABELS[name],
        "typed": line.typed if line else "",
        "kinds": Kind.choices if name == "kind" else (),
        "departments": list(Department.objects.values_list("name", flat=True))
        if name == "department"
        else (),
    }
    return render(request, "cases/edit_field.html", context)


@login_required
@require_POST
def change_field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    value = storable(request.POST.get("value", ""))
    return _set(request, number, lambda user: change(number, name, value, user))


def _set(request: HttpRequest, number: str, act: Callable[..., Case]) -> HttpResponse:
    user = reader(request)
    case_for(user, number)
    try:
        act(user)
    except BadBody as error:
        # Words for the place beside the field; what was typed stays there.
        return render(request, "cases/step_fault.html", {"fault": str(error)})
    if not request.headers.get("HX-Request"):
        return redirect("cases:page", number)
    return trigger_client_event(HttpResponse(status=204), "fields-changed", {"case": number})
