"""Passing a talk on, as the open talk asks for it: to whom, with a note for them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from desk.conversations import looking
from desk.conversations.models import Conversation
from desk.conversations.ownership import NotAllowed
from desk.conversations.talk import conversation_for
from desk.conversations.views import reader
from desk.people.models import PRESENT_FOR, Skill, User
from desk.people.rights import Right, staff_for
from desk.people.serving import serving_lines
from desk.routing.targets import pass_to


@login_required
@require_http_methods(["GET", "POST"])
def pass_on(request: HttpRequest, number: int) -> HttpResponse:
    user = reader(request)
    conversation = conversation_for(user, number)
    is_fragment = bool(request.headers.get("HX-Request"))
    fault, note = "", request.POST.get("note", "")
    if request.method == "POST":
        try:
            pass_to(number, user, request.POST.get("to", ""), note)
        except NotAllowed as error:
            fault = str(error)
        else:
            if not is_fragment:
                return redirect("conversations:talk", number)
            return trigger_client_event(HttpResponse(""), "talk-changed", {"conversation": number})
    context = {
        "number": number,
        "fault": fault,
        "note": note,
        "colleagues": _present(conversation, user),
        "groups": list(Skill.objects.all()),
        "hotlines": list(serving_lines().exclude(pk=conversation.hotline_id)),
        "place": "conversations",
    }
    template = "routing/pass_on.html" if is_fragment else "routing/page.html"
    return render(request, template, context, status=409 if fault and not is_fragment else 200)


@login_required
@require_POST
def look(request: HttpRequest, number: int) -> HttpResponse:
    """An open talk says every 20 s that somebody looks; the answer says who else does."""
    user = reader(request)
    conversation = conversation_for(user, number)
    looking.look(conversation, user)
    others = looking.others_looking(conversation, user)
    return HttpResponse(looking.in_words(others), content_type="text/plain; charset=utf-8")


def _present(conversation: Conversation, user: User) -> list[User]:
    """Colleagues who serve the hotline and are at the desk now."""
    there = staff_for(conversation.hotline_id, Right.TALK).filter(
        seen_at__gt=timezone.now() - PRESENT_FOR
    )
    return list(there.exclude(pk__in=[user.pk, conversation.agent_id or 0]).order_by("username"))
