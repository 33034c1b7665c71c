"""What the box asks for while somebody writes: lists, a suggestion, a place to keep words."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from desk.cases.models import Case
from desk.cases.reading import readable_of
from desk.composing import words
from desk.composing.knowledge import found_for
from desk.composing.mentions import colleagues
from desk.composing.suggesting import suggestion_for
from desk.conversations.models import Conversation
from desk.conversations.talk import conversation_for
from desk.conversations.views import reader
from desk.pages.typed import storable
from desk.people.models import User
from desk.replies.filling import filled
from desk.replies.keeping import found
from kb_index.index import IndexUnavailable

SHOWN = 6


@login_required
@require_POST
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """The box as it is now; the answer says when it was kept."""
    user = reader(request)
    conversation = conversation_for(user, number)
    now = timezone.now()
    text = storable(request.POST.get("text", ""))
    is_note = request.POST.get("mode") == "note"
    words.keep(conversation, user, text, is_note=is_note, at=now)
    return JsonResponse({"kept": f"{localtime(now):%H:%M}", "at": int(now.timestamp() * 1000)})


@login_required
@require_safe
def replies(request: HttpRequest, number: int) -> HttpResponse:
    """`/`: canned replies, filled in for this talk."""
    user = reader(request)
    conversation = conversation_for(user, number)
    case = case_of(user, conversation)
    rows = [
        (reply, filled(reply.text, conversation, case, user))
        for reply in found(user, sought(request), SHOWN)
    ]
    return render(request, "composing/replies.html", {"rows": rows})


@login_required
@require_safe
def knowledge(request: HttpRequest, number: int) -> HttpResponse:
    """`??`: entries of the live index that this hotline may say."""
    user = reader(request)
    conversation = conversation_for(user, number)
    q = sought(request)
    rows, is_down = [], False
    if q:
        try:
            rows = found_for(q, conversation.hotline_id, timezone.now(), SHOWN)
        except IndexUnavailable:
            is_down = True
    return render(
        request, "composing/knowledge.html", {"rows": rows, "is_down": is_down, "sought": q}
    )


@login_required
@require_safe
def people(request: HttpRequest, number: int) -> HttpResponse:
    """`@@`: colleagues who read this talk."""
    user = reader(request)
    conversation = conversation_for(user, number)
    q = sought(request).lower()
    rows = [
        other
        for other in colleagues(conversation, user)
        if q in str(other).lower() or q in other.username.lower()
    ]
    return render(request, "composing/people.html", {"rows": rows[:SHOWN]})


@login_required
@require_safe
def suggestion(request: HttpRequest, number: int) -> HttpResponse:
    """What could be answered now; empty when there is nothing to go by."""
    user = reader(request)
    conversation = conversation_for(user, number)
    offered = suggestion_for(conversation, timezone.now())
    return render(request, "composing/suggestion.html", {"suggestion": offered})


def sought(request: HttpRequest) -> str:
    return storable(request.GET.get("q", "")).strip()[:60]


def case_of(user: User, conversation: Conversation) -> Case | None:
    return readable_of(user, conversation).filter(conversation=conversation).first()
