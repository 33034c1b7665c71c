"""Which talk somebody may read: one of an own line, and one that a case of an own line came from.

The second is for reading alone: who acts in a talk goes through `talk.conversation_for`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from desk.cases.models import Case
from desk.cases.reading import readable
from desk.conversations.inbox import practice_of, visible
from desk.conversations.models import Conversation
from desk.people.models import User
from desk.people.rights import Right, may


@dataclass(frozen=True)
class Found:
    conversation: Conversation
    because_of: Case | None = None  # the case that leads to a talk of another line


def talk_to_read(user: User, number: int) -> Found | None:
    """None: not theirs, or not there."""
    if not may(user, Right.READ_CONVERSATIONS):
        return None
    own = visible(user).filter(pk=number).first() or practice_of(user).filter(pk=number).first()
    if own is not None:
        return Found(own)
    case = _case_that_leads_to(user, number)
    if case is None:
        return None
    talks = Conversation.objects.select_related("citizen", "agent", "hotline")
    talk = talks.filter(pk=number).first()
    return Found(talk, case) if talk is not None else None


def _case_that_leads_to(user: User, number: int) -> Case | None:
    if not may(user, Right.READ_CASES):
        return None
    of_the_talk = Q(conversation=number) | Q(joined__conversation=number)
    return readable(user).filter(of_the_talk).order_by("-id").first()
