"""The talk that a case came from goes to another line with it: asked for by who may pass it on.

The talk's row is locked before the case's, as the router does it: `taking.take` sees to that.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.errors import BadBody
from desk.cases.models import Case
from desk.conversations.models import Conversation, Owner
from desk.conversations.ownership import NotAllowed
from desk.people.models import Hotline, User
from desk.people.rights import Right, may
from desk.routing import passing


def talk_can_go(case: Case, user: User) -> bool:
    """Whether a person is wanted or has the open talk, and this user may pass it on."""
    talk = case.conversation
    if talk is None or not talk.is_open or talk.owner == Owner.BOT or talk.is_practice:
        return False
    if talk.hotline_id != case.hotline_id:
        return False
    return may(user, Right.SUPERVISE) or (talk.owner == Owner.AGENT and talk.agent_id == user.pk)


def pass_talk(case: Case, hotline: Hotline, actor: Actor, reason: str) -> None:
    """To the queue of the other line. Raises `BadBody`: then nothing has moved."""
    if actor.user is None or not talk_can_go(case, actor.user):
        raise BadBody(
            _("The talk cannot go with the case: no person has it, or it is not yours to pass on.")
        )
    assert case.conversation_id is not None
    try:
        passing.to_line(case.conversation_id, actor.user, hotline, reason)
    except NotAllowed as error:
        raise BadBody(str(error)) from error


def lock_talk(number: str, body: dict[str, Any]) -> None:
    """Of a case that takes its talk along; inside the transaction, before the case is locked."""
    if body.get("with_talk"):
        talk = Case.objects.filter(number=number).values("conversation")
        list(Conversation.objects.select_for_update().filter(pk__in=talk).values_list("pk"))
