"""The talk in which a citizen is told something: the open one, or a new one that begins with it."""

from __future__ import annotations

from datetime import datetime

from desk.conversations.models import Citizen, Conversation
from desk.conversations.ownership import IDLE_AFTER, end_idle, locked


def open_talk_of(citizen: int, now: datetime) -> Conversation | None:
    """The citizen's open talk under its row lock, if there is one. Only inside a transaction."""
    found = Conversation.objects.filter(citizen=citizen, closed_at__isnull=True).first()
    if found is None:
        return None
    talk = locked(found.pk)
    if talk.last_at < now - IDLE_AFTER:
        end_idle(talk)
    return talk if talk.is_open else None


def talk_to(citizen: int, hotline: str, now: datetime) -> Conversation:
    """The open talk under its row lock, or a new one at the line where they wrote last.

    Raises `IntegrityError` when the citizen begins one in the same moment.
    """
    talk = open_talk_of(citizen, now)
    if talk is not None:
        return talk
    person = Citizen.objects.select_for_update().get(pk=citizen)
    last = person.conversations.order_by("-pk").first()
    line = (last.home_id or last.hotline_id) if last else hotline
    return Conversation.objects.create(citizen=person, hotline_id=line, opened_at=now, last_at=now)
