"""The address that only processes of this machine may ask: what the actions look up at the desk."""

from __future__ import annotations

from ipaddress import ip_address

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from actions.like_cases import Asked
from desk.cases.repeats import likely_repeat

_LARGEST = 64_000
# A proxy on the same machine calls from loopback too, and says for whom.
_OF_A_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@csrf_exempt
@require_POST
def repeats(request: HttpRequest) -> HttpResponse:
    """The likeliest open case of the same issue, or null."""
    if not _is_of_this_machine(request):
        return HttpResponse(status=404)
    if len(request.body) > _LARGEST:
        return HttpResponse(status=413)
    try:
        asked = msgspec.json.decode(request.body, type=Asked)
        repeat = likely_repeat(asked)
    except (msgspec.DecodeError, ValueError):
        return HttpResponse(status=400)
    return HttpResponse(msgspec.json.encode({"repeat": repeat}), content_type="application/json")


def _is_of_this_machine(request: HttpRequest) -> bool:
    if any(request.META.get(name) for name in _OF_A_PROXY):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR") or "").is_loopback
    except ValueError:
        return False


urlpatterns = [path("repeats", repeats, name="internal-repeats")]
