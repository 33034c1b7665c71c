"""What a person does in a talk: speak, note, take over, give back, end it, look at a contact.

Each answers an htmx request with the events that open pages refresh on, and a plain form with the
page. Nothing that was typed is lost: a refusal leaves the box as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from desk.cases.models import Case, ContactReveal
from desk.composing import mentions, words
from desk.conversations import ownership, speaking
from desk.conversations.models import Author, Conversation, Message
from desk.conversations.ownership import NotAllowed
from desk.conversations.registering import Blank, register
from desk.conversations.sent_files import uploads_of
from desk.conversations.speaking import CitizenWrote
from desk.conversations.talk import contact_of, conversation_for
from desk.conversations.views import page, reader
from desk.people.models import User
from desk.people.rights import Right, may
from desk.replies.filling import blanks_in

SHOWN_MEANWHILE = 3  # of what the citizen wrote while the agent typed


@login_required
@require_POST
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Send the words, unless the citizen wrote meanwhile and the agent has not seen it."""
    user = reader(request)
    conversation_for(user, number)
    text = request.POST.get("text", "")
    # Sent anyway: up to the words that the warning showed, and no further.
    seen = request.POST.get("anyway") or request.POST.get("seen", "")
    if left := blanks_in(text):
        reason = _("Still to fill in: %s") % "、".join(left)
        return _refused(request, user, number, text, reason=reason)
    try:
        message = speaking.say(
            number,
            user,
            text,
            seen=int(seen) if seen.isdecimal() else None,
            files=uploads_of(request.FILES.getlist("file")),
        )
    except CitizenWrote:
        return _refused(request, user, number, text, meanwhile=_since(number, int(seen)))
    except NotAllowed as error:
        return _refused(request, user, number, text, reason=str(error))
    words.forget(number, user)
    return _done(request, number, said=message.pk)


@login_required
@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    user = reader(request)
    conversation = conversation_for(user, number)
    text = request.POST.get("text", "")
    try:
        message = mentions.note(conversation, user, text)
    except NotAllowed as error:
        return _refused(request, user, number, text, reason=str(error))
    words.forget(number, user)
    return _done(request, number, said=message.pk)


@login_required
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """The person who has the talk looks at it."""
    user = reader(request)
    conversation = conversation_for(user, number)
    if conversation.agent_id == user.pk:
        speaking.mark_read(number)
    mentions.mark_seen(conversation, user, timezone.now())
    return HttpResponse(status=204)


@login_required
@require_POST
def take_over(request: HttpRequest, number: int) -> HttpResponse:
    return _change(request, number, ownership.take_over)


@login_required
@require_POST
def hand_back(request: HttpRequest, number: int) -> HttpResponse:
    return _change(request, number, ownership.hand_back)


@login_required
@require_POST
def requeue(request: HttpRequest, number: int) -> HttpResponse:
    return _change(request, number, ownership.requeue)


@login_required
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    return _change(request, number, ownership.close)


@login_required
@require_POST
def open_case(request: HttpRequest, number: int) -> HttpResponse:
    """Turn the talk into a case, as the form says."""
    user = reader(request)
    conversation_for(user, number)
    posted = request.POST
    asked = Blank(
        content=posted.get("content", ""),
        place=posted.get("place", ""),
        kind=posted.get("kind", ""),
        department=posted.get("department", ""),
    )
    try:
        case = register(number, user, asked)
    except NotAllowed as error:
        if request.headers.get("HX-Request"):
            return render(request, "cases/step_fault.html", {"fault": str(error)})
        return page(request, user, number, status=409, asked=asked, fault=str(error))
    if not request.headers.get("HX-Request"):
        return redirect("conversations:talk", number)
    return trigger_client_event(HttpResponse(status=204), "case-changed", {"case": case.number})


@login_required
@require_POST
def reveal(request: HttpRequest, number: int) -> HttpResponse:
    """The citizen's contact in full; that it was looked at stays on record."""
    user = reader(request)
    conversation = conversation_for(user, number)
    if not may(user, Right.SEE_CONTACTS):
        return _refused(request, user, number, "")
    case = Case.objects.filter(conversation=conversation).order_by("-id").first()
    ContactReveal.objects.create(user=user, citizen=conversation.citizen, case=case)
    context = {
        "conversation": conversation,
        "contact": contact_of(conversation, case, is_revealed=True),
        "may_see_contacts": True,
    }
    if request.headers.get("HX-Request"):
        return render(request, "conversations/contact.html", context)
    return page(request, user, number, is_revealed=True)


def _change(
    request: HttpRequest, number: int, change: Callable[[int, User], Conversation]
) -> HttpResponse:
    user = reader(request)
    conversation_for(user, number)
    try:
        change(number, user)
    except NotAllowed as error:
        return _refused(request, user, number, request.POST.get("text", ""), reason=str(error))
    return _done(request, number)


def _done(request: HttpRequest, number: int, *, said: int = 0) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("conversations:talk", number)
    response = HttpResponse(status=204)
    return trigger_client_event(response, "talk-changed", {"conversation": number, "said": said})


def _refused(
    request: HttpRequest,
    user: User,
    number: int,
    text: str,
    *,
    reason: str = "",
    meanwhile: list[Message] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "reason": reason,
        "meanwhile": meanwhile or [],
        "shown": meanwhile[-1].pk if meanwhile else 0,
        "open_number": number,
    }
    if not request.headers.get("HX-Request"):
        return page(request, user, number, status=409, typed=text, **context)
    # For htmx a refusal is an answer like any other: words for the place beside the box.
    response = render(request, "conversations/refusal.html", context)
    return trigger_client_event(response, "talk-changed", {"conversation": number})


def _since(number: int, seen: int) -> list[Message]:
    return list(
        Message.objects.filter(conversation=number, author=Author.CITIZEN, pk__gt=seen).order_by(
            "id"
        )[:SHOWN_MEANWHILE]
    )
