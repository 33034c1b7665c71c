"""What could not be told while a platform's window was closed: when the citizen writes again it
comes first, together and shortly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from desk.composing.window import LIMITED
from desk.conversations.models import Author, Conversation, Message, OutboundMessage
from desk.telling.links import link_for
from desk.telling.models import Notice, NoticeState
from wire.messages import Part

TOGETHER = 5
SHORTLY = 160  # characters of each; all of it is on the case's page


def waiting_for(talk: Conversation) -> list[Notice]:
    """The notices of the citizen of a locked talk, the latest of them; older ones are overtaken."""
    if talk.citizen.channel not in LIMITED:
        return []
    waiting = list(
        Notice.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(citizen=talk.citizen_id, state=NoticeState.WAITS_FOR_CONTACT)
    )
    if overtaken := [notice.pk for notice in waiting[:-TOGETHER]]:
        Notice.objects.filter(pk__in=overtaken).update(state=NoticeState.SUPERSEDED)
    return waiting[-TOGETHER:]


def part_of(notices: Sequence[Notice]) -> Part:
    lines = [_("While we could not reach you:")]
    last = {notice.case_id: notice.pk for notice in notices}
    for notice in notices:
        words = notice.words
        lines.append(words if len(words) <= SHORTLY else words[: SHORTLY - 1] + "…")
        if last[notice.case_id] == notice.pk:
            lines.append(link_for(notice.case.number, notice.citizen_id))
    return Part(text="\n".join(lines))


def told_with(
    talk: Conversation, notices: Sequence[Notice], row: OutboundMessage, at: datetime
) -> None:
    """They go out as the first part of this Outbound, and are nobody's answer."""
    Message.objects.create(
        conversation=talk, author=Author.SYSTEM, text=part_of(notices).text, outbound=row, at=at
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        state=NoticeState.PENDING, outbound=row
    )
