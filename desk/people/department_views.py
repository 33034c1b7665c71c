"""Departments as a supervisor keeps them: where letters go, and whom in charge gets a copy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from desk.pages.typed import storable, whole_number
from desk.people.departments import set_addresses
from desk.people.doors import holder
from desk.people.models import AddressChange, Department, Role, User
from desk.people.rights import Right

SHOWN = 100


class AddressForm(forms.ModelForm[Department]):
    class Meta:
        model = Department
        fields = ("mail", "leader", "leader_mail")
        labels = {
            "mail": gettext_lazy("Mail address of the department"),
            "leader": gettext_lazy("Leader in charge"),
            "leader_mail": gettext_lazy("Mail address of the leader"),
        }
        help_texts = {
            "mail": gettext_lazy("Empty: letters stand at the desk only."),
            "leader_mail": gettext_lazy("Gets a copy of chases and of the supervision list."),
        }


def _supervisor(request: HttpRequest) -> User:
    return holder(request, Right.SUPERVISE)


@login_required
@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """By name; `without` leaves only those that get no mail."""
    _supervisor(request)
    q = storable(request.GET.get("q", "").strip())[:60]
    without = request.GET.get("without") == "1"
    start = request.GET.get("start", "")
    first = whole_number(start, 5) or 0
    rows = _rows()
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(leader__icontains=q))
    if without:
        rows = rows.filter(mail="")
    found = list(rows.order_by("name")[first : first + SHOWN + 1])
    context: dict[str, Any] = {
        "place": "supervision",
        "departments": found[:SHOWN],
        "following": first + SHOWN if len(found) > SHOWN else None,
        "q": q,
        "without": without,
        "count_without": Department.objects.filter(mail="").count(),
    }
    return render(request, "people/departments.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, number: int) -> HttpResponse:
    user = _supervisor(request)
    found = get_object_or_404(Department, pk=number)
    form = AddressForm(request.POST or None, instance=found)
    if request.method == "POST":
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in form.fields}
            if set_addresses(found, **values, by=user, at=timezone.now()):
                messages.success(request, _("Kept: %s") % found.name)
            return redirect("departments:list")
        found.refresh_from_db()  # the form has written what was typed into it
    context = {
        "place": "supervision",
        "department": found,
        "form": form,
        "people": User.objects.filter(department=found, role=Role.HANDLER, is_active=True).order_by(
            "username"
        )[:20],
        "changes": AddressChange.objects.filter(department=found).select_related("user")[:10],
    }
    status = 422 if form.errors else 200
    return render(request, "people/department.html", context, status=status)


def _rows() -> QuerySet[Department]:
    handlers = Count("user", filter=Q(user__role=Role.HANDLER, user__is_active=True))
    return Department.objects.annotate(handlers=handlers)
