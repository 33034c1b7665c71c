"""Fragments that an open talk asks for, and pages of the same for who has no script."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from desk.conversations.ownership import NotAllowed
from desk.conversations.talk import conversation_for
from desk.conversations.views import reader
from desk.lessons import drafts, wrong_answers
from desk.people.doors import holder
from desk.people.rights import Right, may
from kb_index.index import IndexUnavailable


@login_required
@require_http_methods(["GET", "POST"])
def wrong(request: HttpRequest, number: int, message: int) -> HttpResponse:
    """Which entry would have been right; the second click reports it."""
    user = reader(request)
    conversation = conversation_for(user, number)
    fault = ""
    try:
        answer = wrong_answers.answer_in(conversation, message)
        if request.method == "POST":
            wrong_answers.report(answer, user, request.POST.get("entry", ""))
            return _done(request, number)
    except NotAllowed as error:
        fault = str(error)
        return _shown(request, "lessons/wrong.html", {"fault": fault, "number": number}, 409)
    wanted = request.GET.get("q", "")[:60]
    try:
        found = wrong_answers.choices(answer, wanted)
    except IndexUnavailable:
        found = []
    context = {"answer": answer, "choices": found, "number": number, "q": wanted}
    return _shown(request, "lessons/wrong.html", context)


@login_required
@require_safe
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """A line that offers the draft, or nothing."""
    user = reader(request)
    conversation = conversation_for(user, number)
    proposal = drafts.proposal_for(conversation, user) if may(user, Right.TALK) else None
    if proposal is None:
        return HttpResponse(status=204)
    return render(request, "lessons/offer.html", {"number": number, "proposal": proposal})


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """The draft, to be read over and kept."""
    user = reader(request)
    conversation = conversation_for(user, number)
    if not may(user, Right.TALK):
        raise PermissionDenied
    if request.method == "POST":
        question, answer = request.POST.get("question", ""), request.POST.get("answer", "")
        try:
            entry = drafts.keep_draft(conversation, user, question, answer)
        except NotAllowed as error:
            context = {"number": number, "fault": str(error)}
            proposal = drafts.Proposal(question, answer)
            return _page(request, context | {"proposal": proposal}, status=409)
        return _page(request, {"number": number, "kept": entry})
    proposal_now = drafts.proposal_for(conversation, user)
    if proposal_now is None:
        return redirect("conversations:talk", number)
    return _page(request, {"number": number, "proposal": proposal_now})


@login_required
@require_POST
def decline(request: HttpRequest, number: int) -> HttpResponse:
    user = reader(request)
    drafts.decline(conversation_for(user, number), user)
    return HttpResponse("") if request.headers.get("HX-Request") else redirect("home")


@login_required
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """An editor has looked at a reported answer."""
    user = holder(request, Right.WRITE_KNOWLEDGE)
    wrong_answers.settle(number, user)
    return redirect("wagtailadmin_home")


def _done(request: HttpRequest, number: int) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("conversations:talk", number)
    return trigger_client_event(HttpResponse(""), "talk-changed", {"conversation": number})


def _shown(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A fragment for htmx, which takes a refusal like any other answer; else a page around it."""
    if request.headers.get("HX-Request"):
        return render(request, template, context)
    page = {"fragment": template, "place": "conversations", **context}
    return render(request, "lessons/page.html", page, status=status)


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(
        request, "lessons/draft.html", {"place": "conversations", **context}, status=status
    )
