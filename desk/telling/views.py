"""The page of a case for its citizen: where it stands, what they can do, and how it got there.

The link is the key: no login, no cookie. So nothing can be forged with somebody's cookie either,
and the address is told to nobody: no referrer, no index, no cache.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from desk.cases.models import CaseEvent
from desk.conversations.attachments import handed_out
from desk.pages.uses import MINUTE
from desk.telling import by_citizens, limits, proof
from desk.telling.by_citizens import NotNow
from desk.telling.links import NoLonger, Opened, link_for, opened
from desk.telling.standing import MAY_PUSH, standing_of
from desk.telling.timeline import steps_of
from desk.workdays.calendar import current

type View = Callable[..., HttpResponse]
_DONE = {
    "pushed": lambda: _("Chased for you. The department sees that it was you who asked."),
    "added": lambda: _("Added. The line and the department can read it."),
    "over": lambda: _("Noted. A colleague reads it; until then the case stays open."),
}


def _private(view: View) -> View:
    @wraps(view)
    def kept_private(request: HttpRequest, signed: str, **more: Any) -> HttpResponse:
        response = view(request, signed, **more)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(kept_private)


def _with_page(what: str, most: int) -> Callable[[View], View]:
    """Opens the link; one that is none, or comes too often, gets a page that says what to do."""

    def wrap(view: View) -> View:
        @wraps(view)
        def with_page(request: HttpRequest, signed: str, **more: Any) -> HttpResponse:
            try:
                page = opened(signed)
            except NoLonger:
                address = str(request.META.get("REMOTE_ADDR", ""))
                if limits.is_too_often("wrong", address, limits.WRONG):
                    return _too_often(request)
                return render(request, "telling/gone.html", status=410)
            if limits.is_too_often(what, signed, most):
                return _too_often(request)
            return view(request, page, signed, **more)

        return _private(with_page)

    return wrap


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render(request, "telling/too_often.html", status=429)
    response.headers["Retry-After"] = str(MINUTE)
    return response


@require_safe
@_with_page("opened", limits.OPENED)
def case_page(request: HttpRequest, page: Opened, signed: str) -> HttpResponse:
    said = _DONE.get(request.GET.get("done", ""))
    return _shown(request, page, signed, said=said() if said else "")


@require_safe
@_with_page("opened", limits.OPENED)
def file(request: HttpRequest, page: Opened, signed: str, key: int) -> HttpResponse:
    """A picture or paper that proves the answer; of another case it is none."""
    found = get_object_or_404(proof.shown_to(page), pk=key)
    return handed_out(found.key, found.name)


@csrf_exempt
@require_POST
@_with_page("changed", limits.CHANGED)
def push(request: HttpRequest, page: Opened, signed: str) -> HttpResponse:
    return _done(request, page, signed, "pushed", lambda at: by_citizens.push(page, at))


@csrf_exempt
@require_POST
@_with_page("changed", limits.CHANGED)
def add(request: HttpRequest, page: Opened, signed: str) -> HttpResponse:
    words = request.POST.get("words", "")
    return _done(
        request, page, signed, "added", lambda at: by_citizens.add(page, words, at), typed=words
    )


@csrf_exempt
@require_POST
@_with_page("changed", limits.CHANGED)
def over(request: HttpRequest, page: Opened, signed: str) -> HttpResponse:
    how = request.POST.get("how", "")
    return _done(request, page, signed, "over", lambda at: by_citizens.say_over(page, how, at))


def _done(
    request: HttpRequest,
    page: Opened,
    signed: str,
    done: str,
    act: Callable[[datetime], object],
    typed: str = "",
) -> HttpResponse:
    try:
        act(timezone.now())
    except NotNow as fault:
        return _shown(request, page, signed, fault=str(fault), typed=typed)
    return HttpResponseRedirect(f"/case/{signed}?done={done}", status=303)


def _shown(
    request: HttpRequest,
    page: Opened,
    signed: str,
    *,
    said: str = "",
    fault: str = "",
    typed: str = "",
) -> HttpResponse:
    now, case = timezone.now(), page.case
    may_push = case.state in MAY_PUSH
    context: dict[str, Any] = {
        "case": case,
        "signed": signed,
        "standing": standing_of(case, now, current(), for_owner=page.is_owner),
        "about": case.category.rpartition("/")[2],
        "place": case.place if page.is_owner else "",
        "steps": steps_of(case, page.citizen.pk),
        "files": list(proof.shown_to(page)),
        "words": _own_words(page),
        "may_push": may_push,
        "pushed": by_citizens.pushed_on(page, now) if may_push else None,
        "pushes": by_citizens.pushes_of(page) if may_push else 0,
        "over": by_citizens.said_over(page) if case.is_open else "",
        "channel": page.citizen.channel,
        "into": link_for(case.merged_into.number, page.citizen.pk) if case.merged_into else "",
        "tel": case.hotline_id if case.hotline_id.isdigit() else "",
        "said": said,
        "fault": fault,
        "typed": typed,
        "longest": by_citizens.LONGEST,
    }
    return render(request, "telling/case.html", context, status=422 if fault else 200)


def _own_words(page: Opened) -> list[str]:
    """What this citizen said: of who joined, only what they brought."""
    if page.is_owner:
        return [page.case.content]
    joined = CaseEvent.objects.filter(case=page.case, kind="joined", by="citizen").order_by("at")
    own = joined.filter(
        data__message__in=list(
            page.citizen.conversations.order_by("-pk").values_list("messages", flat=True)[:500]
        )
    )
    return list(own.values_list("note", flat=True)[:5])
