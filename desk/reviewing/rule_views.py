"""The page of the sample rules: of all hotlines, or of one."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from desk.conversations.views import own_hotlines
from desk.people.models import Hotline, User
from desk.reviewing.access import supervisor
from desk.reviewing.forms import SampleRuleForm
from desk.reviewing.models import SampleRule
from desk.reviewing.rules import drop_rule, keep_rule, rule_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    user = supervisor(request)
    hotline = _hotline(request.GET.get("hotline", ""), user)
    form = SampleRuleForm(request.POST or None, instance=rule_for(hotline))
    if request.method == "POST" and form.is_valid():
        keep_rule(form.save(commit=False), by=user)
        messages.success(request, _("Kept. It holds for the next drawing."))
        return _to_rule(hotline)
    own = SampleRule.objects.filter(hotline__isnull=False).values_list("hotline_id", flat=True)
    context = {
        "place": "reviews",
        "tab": "rules",
        "hotline": hotline,
        "hotlines": own_hotlines(user),
        "with_own": set(own),
        "form": form,
    }
    return render(request, "reviewing/rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    user = supervisor(request)
    hotline = _hotline(request.POST.get("hotline", ""), user)
    if hotline is not None:
        drop_rule(hotline, by=user)
        messages.success(request, _("This hotline follows the rule of all hotlines again."))
    return _to_rule(hotline)


def _to_rule(hotline: Hotline | None) -> HttpResponse:
    query = f"?{urlencode({'hotline': hotline.pk})}" if hotline else ""
    return redirect(f"{reverse('reviewing:rules')}{query}")


def _hotline(code: str, user: User) -> Hotline | None:
    if not code:
        return None
    found = next((one for one in own_hotlines(user) if one.code == code), None)
    if found is None:
        raise Http404
    return found
