"""The page of canned replies, and the list that `/` opens above the box."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from desk.conversations.views import reader
from desk.pages.typed import storable
from desk.people.models import User
from desk.replies.filling import FIELDS, unknown_fields
from desk.replies.keeping import (
    NotKept,
    count_use,
    for_user,
    keep,
    keeps_the_teams,
    may_change,
)
from desk.replies.models import CannedReply

PROBLEMS = {
    "empty": gettext_lazy("Title and text are both needed."),
    "too_long": gettext_lazy("This is too long: a title has 40 characters, a text 4000."),
    "not_yours": gettext_lazy("The team's replies are kept by supervisors."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replies(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """All of a person's replies; with a number, that one in the form."""
    user = reader(request)
    reply = _own(user, number) if number is not None else None
    if request.method != "POST":
        return _page(request, user, reply)
    is_teams = request.POST.get("whose") == "team"
    title = storable(request.POST.get("title", ""))
    text = storable(request.POST.get("text", ""))
    try:
        keep(user, title=title, text=text, is_teams=is_teams, at=timezone.now(), reply=reply)
    except NotKept as error:
        typed = {"title": title, "text": text, "is_teams": is_teams}
        return _page(request, user, reply, typed, str(PROBLEMS[error.problem]))
    if unknown := unknown_fields(text):
        messages.warning(request, _("Kept. Nothing fills these in: %s") % "、".join(unknown))
    else:
        messages.success(request, _("Kept. It stands behind / in every talk."))
    return redirect("replies:all")


@login_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    user = reader(request)
    _own(user, number).delete()
    messages.success(request, _("The reply is gone."))
    return redirect("replies:all")


@login_required
@require_POST
def used(request: HttpRequest, number: int) -> HttpResponse:
    """It was put into a box."""
    count_use(reader(request), number)
    return HttpResponse(status=204)


def _own(user: User, number: int) -> CannedReply:
    """Not there and not this person's to see answer alike."""
    reply = for_user(user).filter(pk=number).first()
    if reply is None:
        raise Http404
    if not may_change(user, reply):
        raise PermissionDenied
    return reply


def _page(
    request: HttpRequest,
    user: User,
    reply: CannedReply | None,
    typed: dict[str, object] | None = None,
    fault: str = "",
) -> HttpResponse:
    rows = list(for_user(user))
    context = {
        "place": "conversations",
        "reply": reply,
        "typed": typed
        or {
            "title": reply.title if reply else "",
            "text": reply.text if reply else "",
            "is_teams": reply is not None and reply.owner_id is None,
        },
        "fault": fault,
        "groups": [
            (_("My own"), [row for row in rows if row.owner_id], True),
            (_("The team's"), [row for row in rows if not row.owner_id], keeps_the_teams(user)),
        ],
        "keeps_the_teams": keeps_the_teams(user),
        "fields": ["{{%s}}" % name for name in FIELDS],  # noqa: UP031
    }
    return render(request, "replies/page.html", context, status=422 if fault else 200)
