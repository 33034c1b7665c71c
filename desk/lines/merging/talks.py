"""Open talks: with the bot, in the queue and with agents. Who waits has waited as long as before,
an agent keeps their talk. Ended ones are the merged line's history.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Owner, OwnerChange, Reason
from desk.conversations.ownership import locked
from desk.lines.merging.kinds import BATCH, EXAMPLES, Findings, Kind, Lines


def look(lines: Lines) -> Findings:
    rows = still_there(lines)
    owners = dict(Owner.choices)
    by_owner = rows.order_by("owner").values_list("owner").annotate(n=Count("pk"))
    ended = Conversation.objects.filter(hotline=lines.source, closed_at__isnull=False)
    return Findings(
        count=rows.count(),
        parts=[
            *((str(owners[Owner(owner)]), number) for owner, number in by_owner),
            (_("ended: they stay as history"), ended.count()),
        ],
        examples=[f"#{number}" for number in rows.values_list("pk", flat=True)[:EXAMPLES]],
    )


def move(lines: Lines, _actor: Actor, _at: datetime) -> int:
    numbers = list(still_there(lines).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for number in numbers:
        _move(number, lines)
    return len(numbers)


def still_there(lines: Lines) -> QuerySet[Conversation]:
    """Also talks that another line serves, and that would come back to this one."""
    here = Q(hotline=lines.source) | Q(home=lines.source)
    return Conversation.objects.filter(here, closed_at__isnull=True)


def _move(number: int, lines: Lines) -> None:
    talk = locked(number)
    if not talk.is_open:
        return
    is_here = talk.hotline_id == lines.source.pk
    if is_here:
        talk.hotline = lines.into
    if talk.home_id == lines.source.pk:
        talk.home = lines.into
    if talk.home_id == talk.hotline_id:
        talk.home = None
    talk.save(update_fields=["hotline", "home"])
    if not is_here:
        return
    # Nobody else speaks now, so that no answer under way is held back: the epoch stays.
    OwnerChange.objects.create(
        conversation=talk,
        before=talk.owner,
        after=talk.owner,
        by=Author.SYSTEM,
        agent_id=talk.agent_id,
        reason=Reason.HOTLINE,
        target=str(lines.into)[:80],
        epoch=talk.epoch,
    )
    for hotline in (lines.source.pk, lines.into.pk):
        announce("owner", hotline=hotline, conversation=talk.pk)


KIND = Kind("talks", gettext_lazy("Open talks"), look, move)
