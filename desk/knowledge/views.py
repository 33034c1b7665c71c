"""Puts a question to the live index for an editor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.knowledge.trying import told_now, told_then
from desk.knowledge.writing.typed import typed_article
from desk.people.doors import holder
from desk.people.models import Hotline, User
from desk.people.rights import Right
from kb_index.index import IndexUnavailable

LONGEST = 500


def writer(request: HttpRequest) -> User:
    """The user, when their role writes knowledge."""
    return holder(request, Right.WRITE_KNOWLEDGE)


@login_required
@require_POST
def try_question(request: HttpRequest) -> HttpResponse:
    """`outcome` and the entries, in the words that are live now; 503 without an index.

    With the form of an entry (`asked` is the question then) also `then`: what would be told.
    """
    writer(request)
    has_form = "asked" in request.POST
    question = request.POST.get("asked" if has_form else "question", "").strip()[:LONGEST]
    hotline = request.POST.get("hotline", "")
    if not question or not Hotline.objects.filter(code=hotline).exists():
        return JsonResponse({"message": _("A question and a hotline are needed.")}, status=422)
    try:
        told = told_now(question, hotline)
        if has_form and (article := typed_article(request.POST)).question:
            told["then"] = told_then(question, hotline, article)
        return JsonResponse(told)
    except IndexUnavailable:
        message = _("The index does not answer; citizens are offered an agent meanwhile.")
        return JsonResponse({"message": message}, status=503)
