"""Joining a case instead of opening a like one: the citizen's words go into it.

Who opened a case and who joined it ask for its state, push it and find it in their list alike; who
they are stays between them and the desk.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from desk.cases.actors import CITIZEN
from desk.cases.models import OPEN_STATES, Case, CaseEvent, JoinedCitizen
from desk.cases.recording import record, tell_pages
from desk.conversations.models import Conversation, Message


def join(number: str, conversation: Conversation, cause: Message, words: str) -> Case | None:
    """Add what a citizen says to an open case, in the transaction of the message that confirmed it.

    None when the case is not open any more, confidential or of another hotline. Twice for the same
    message, or by the same citizen, is once; their words are kept each time.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .filter(number=number, hotline=conversation.hotline_id, state__in=OPEN_STATES)
        .filter(Q(confidential=False) | Q(citizen=conversation.citizen_id))
        .first()
    )
    if case is None:
        return None
    if CaseEvent.objects.filter(case=case, kind="joined", data__message=cause.pk).exists():
        return case
    if case.citizen_id != conversation.citizen_id:
        JoinedCitizen.objects.update_or_create(
            case=case,
            citizen_id=conversation.citizen_id,
            defaults={"conversation": conversation},  # their latest talk is where they are told
        )
    record(case, "joined", CITIZEN, at=timezone.now(), note=words, data={"message": cause.pk})
    tell_pages(case)
    return case


def cases_of(citizen: int) -> QuerySet[Case]:
    """The cases that a citizen opened or joined."""
    joined = JoinedCitizen.objects.filter(case=OuterRef("pk"), citizen=citizen)
    return Case.objects.filter(Q(citizen=citizen) | Exists(joined))
