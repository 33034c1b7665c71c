"""Pages for administrators: which systems are told, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right
from desk.webhooks import editing
from desk.webhooks.editing import BadEndpoint
from desk.webhooks.forms import Typed
from desk.webhooks.models import Endpoint
from desk.webhooks.standing import newest, standings

SHOWN = 100  # deliveries
_SECRET = "webhook_secret"  # noqa: S105  # the key in the session of who made it


def administrator(request: HttpRequest) -> User:
    return holder(request, Right.ADMINISTER)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def endpoints(request: HttpRequest) -> HttpResponse:
    """All endpoints, and a form for one more."""
    user = administrator(request)
    typed, fault = Typed(), None
    if request.method == "POST":
        typed = Typed.of(request.POST)
        try:
            made = editing.add(typed.url, typed.kinds, typed.hotlines, by=user, at=timezone.now())
        except BadEndpoint as error:
            fault = error
        else:
            request.session[_SECRET] = {"endpoint": made.pk, "secret": made.secret}
            return redirect("webhooks:endpoint", made.pk)
    context = {
        "place": "webhooks",
        "standings": standings(),
        "most": editing.MOST,
        "typed": typed,
        "fault": fault,
    }
    return render(request, "webhooks/list.html", context, status=422 if fault else 200)


@login_required
@never_cache
@require_safe
def endpoint(request: HttpRequest, number: int) -> HttpResponse:
    """One endpoint with its last deliveries; right after it was made, and only then, its secret."""
    administrator(request)
    found = get_object_or_404(Endpoint, pk=number)
    context: dict[str, Any] = {
        "place": "webhooks",
        "endpoint": found,
        "lines": newest(found, SHOWN),
        "most": SHOWN,
    }
    kept = request.session.get(_SECRET) or {}
    if request.method == "GET" and kept.get("endpoint") == number:
        context["secret"] = request.session.pop(_SECRET)["secret"]
    return render(request, "webhooks/endpoint.html", context)


@login_required
@require_POST
def test(request: HttpRequest, number: int) -> HttpResponse:
    administrator(request)
    editing.test(get_object_or_404(Endpoint, pk=number), at=timezone.now())
    messages.info(request, _("A test is on its way; what became of it stands below in a moment."))
    return redirect("webhooks:endpoint", number)


@login_required
@require_POST
def off(request: HttpRequest, number: int) -> HttpResponse:
    administrator(request)
    editing.turn_off(get_object_or_404(Endpoint, pk=number), at=timezone.now())
    messages.success(request, _("Turned off. What happens from now on is not told there."))
    return redirect("webhooks:endpoint", number)


@login_required
@require_POST
def on(request: HttpRequest, number: int) -> HttpResponse:
    administrator(request)
    editing.turn_on(get_object_or_404(Endpoint, pk=number))
    messages.success(request, _("Turned on. It is told of what happens from now on."))
    return redirect("webhooks:endpoint", number)


@login_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    administrator(request)
    get_object_or_404(Endpoint, pk=number).delete()
    messages.success(request, _("Removed, with its list of deliveries."))
    return redirect("webhooks:list")


@login_required
@require_POST
def again(request: HttpRequest, number: int, delivery: int) -> HttpResponse:
    administrator(request)
    found = get_object_or_404(Endpoint, pk=number)
    row = get_object_or_404(found.deliveries, pk=delivery)
    if editing.again(row, at=timezone.now()):
        messages.info(request, _("It is sent again, under the same id."))
    else:
        messages.info(request, _("It waits already, or has arrived."))
    return redirect("webhooks:endpoint", number)
