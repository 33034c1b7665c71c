"""The doors of the demo's start page: one click logs in as a role. Not there outside the demo."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from desk.people.models import User


@csrf_exempt  # the form stands on the sandbox's page, which has no token of ours
@require_POST
def enter(request: HttpRequest, username: str) -> HttpResponse:
    """Log in as a demo account and go to its work, or to `next` on this desk."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not settings.ONE_CLICK_LOGIN:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return redirect(target)
    return redirect("home")
