"""A conversation over the API, with all that was said in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime
from ninja import Router

from desk.api.errors import forbidden, not_found
from desk.conversations.models import Message
from desk.conversations.reading import talk_to_read
from desk.people.models import User
from desk.people.rights import Right, may, of_own_hotlines
from intake.privacy import mask_for_screen

router = Router(tags=["conversations"])
MOST = 500  # messages


@router.get("/{int:number}")
def read_conversation(request: HttpRequest, number: int) -> dict[str, Any]:
    user = request.user
    assert isinstance(user, User)
    if not may(user, Right.READ_CONVERSATIONS):
        raise forbidden()
    found = talk_to_read(user, number)
    if found is None or found.conversation.is_practice:
        raise not_found(str(number))
    conversation = found.conversation
    cases = conversation.cases.all()
    if found.because_of is not None:  # a talk of another line, whose other cases are not theirs
        cases = of_own_hotlines(cases, user)
    messages = (
        Message.objects.filter(conversation=conversation)
        .select_related("outbound", "user")
        .order_by("-id")[:MOST]
    )
    return {
        "id": conversation.pk,
        "hotline": conversation.hotline_id,
        "channel": conversation.citizen.channel,
        "owner": conversation.owner,
        "agent": conversation.agent.username if conversation.agent else None,
        "opened_at": localtime(conversation.opened_at).isoformat(),
        "closed_at": localtime(conversation.closed_at).isoformat()
        if conversation.closed_at
        else None,
        "cases": list(cases.values_list("number", flat=True)[:50]),
        "messages": [_as_json(message) for message in reversed(messages)],
    }


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "at": localtime(message.at).isoformat(),
        "author": message.author,
        "by": message.user.username if message.user else None,
        "text": mask_for_screen(message.text),
        "kind": message.kind,
        "reason": message.status,
        "why": message.reason or None,
        "entry": message.entry or None,
        "rating": message.rating or None,
        "delivery": message.outbound.status if message.outbound else None,
    }
