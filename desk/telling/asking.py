"""Asks citizens whether it is solved, where a message reaches them; else it stays with the agents.

Not while somebody has the talk or a complaint is being taken, not at night, and not for longer than
a day: then an agent calls.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actions.drafting import in_dialogue
from actions.protocol import Option
from desk.composing.window import LIMITED, granted_to
from desk.conversations import outbox
from desk.conversations.drafts import draft_of
from desk.conversations.live import announce
from desk.conversations.models import Author, Citizen, Message, Owner
from desk.telling import answers
from desk.telling.models import Asking, AskingState
from desk.telling.options import whether_solved
from desk.telling.talks import talk_to
from wire.messages import Option as WireOption
from wire.messages import Part

LASTS = timedelta(days=1)
HALF_LASTS = timedelta(hours=1)  # who said whether it is solved, and then no more
AT_ONCE = 100
HOURS = range(8, 22)  # in which citizens are asked


def ask(now: datetime) -> None:
    """One round: ask, give up, and keep what was said by who says no more. Safe to repeat."""
    _give_up(now)
    waiting = Asking.objects.filter(state=AskingState.WAITING).order_by("at", "pk")
    if localtime(now).hour in HOURS:
        for key in list(waiting.values_list("pk", flat=True)[:AT_ONCE]):
            _ask_one(key, now)
    half = Asking.objects.filter(state=AskingState.HALF, answered_at__lt=now - HALF_LASTS)
    for key in list(half.values_list("pk", flat=True)[:AT_ONCE]):
        answers.keep_half(key, now)


def _give_up(now: datetime) -> None:
    Asking.objects.filter(state=AskingState.WAITING, at__lt=now - LASTS).update(
        state=AskingState.MISSED
    )
    Asking.objects.filter(state=AskingState.ASKED, asked_at__lt=now - LASTS).update(
        state=AskingState.MISSED
    )


def _ask_one(key: int, now: datetime) -> None:
    asking = Asking.objects.select_related("citizen", "case").get(pk=key)
    is_open = _window_is_open(asking.citizen)
    if is_open is None:
        return  # nobody can say now
    if not is_open:
        Asking.objects.filter(pk=key, state=AskingState.WAITING).update(state=AskingState.MISSED)
        return
    try:
        with transaction.atomic():
            _put(asking, now)
    except IntegrityError:
        return  # the citizen begins a talk in this moment; the next round finds it


def _window_is_open(citizen: Citizen) -> bool | None:
    if citizen.is_erased:
        return False
    if citizen.channel not in LIMITED:
        return True
    granted = granted_to(citizen)
    return None if granted is None else granted[0] > 0


def _put(asking: Asking, now: datetime) -> None:
    talk = talk_to(asking.citizen_id, asking.case.hotline_id, now)
    if talk.owner != Owner.BOT or in_dialogue(draft_of(talk)):
        return
    asking = Asking.objects.select_for_update(of=("self",)).select_related("case").get(pk=asking.pk)
    if asking.state != AskingState.WAITING:
        return
    if asking.case.callback_due_at is None:
        asking.state = AskingState.MISSED  # somebody has called
        asking.save(update_fields=["state"])
        return
    text = _("Your case %s: is it solved?") % asking.case.number
    options = whether_solved(asking.case.number)
    asking.outbound = outbox.write_notice(talk, [Part(text=text, options=_on_the_wire(options))])
    asking.state, asking.asked_at = AskingState.ASKED, now
    asking.save(update_fields=["state", "asked_at", "outbound"])
    offered = [{"id": option.id, "label": option.label} for option in options]
    Message.objects.create(
        conversation=talk,
        author=Author.SYSTEM,
        text=text,
        options=offered,
        outbound=asking.outbound,
        at=now,
    )
    talk.offered = offered
    talk.save(update_fields=["offered"])
    announce("message", hotline=talk.hotline_id, conversation=talk.pk)


def _on_the_wire(options: tuple[Option, ...]) -> tuple[WireOption, ...]:
    return tuple(WireOption(id=option.id, label=option.label) for option in options)
