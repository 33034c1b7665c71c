"""Whoever leaves the desk gives their talks back at once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver

from desk.conversations.models import Owner, Reason
from desk.conversations.ownership import locked, talks_of
from desk.people.models import User
from desk.routing.silence import put_back


def leave(user: User) -> int:
    """Put all talks of the user back into the queue; returns how many."""
    given_back = 0
    for number in list(talks_of(user).values_list("pk", flat=True)):
        with transaction.atomic():
            conversation = locked(number)
            if conversation.owner == Owner.AGENT and conversation.agent_id == user.pk:
                put_back(conversation, Reason.AWAY)
                given_back += 1
    return given_back


@receiver(user_logged_out)
def on_logout(user: Any, **_more: Any) -> None:
    if isinstance(user, User):
        User.objects.filter(pk=user.pk).update(seen_at=None)
        leave(user)
