"""Fills in what the bot must not know or cannot know yet: numbers, places, the state of cases."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case as CaseWhen
from django.db.models import When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actions.options import CHASE
from actions.protocol import Option, Reply
from desk.cases.joining import cases_of
from desk.cases.models import OPEN_STATES, Case
from desk.conversations.models import Conversation
from desk.conversations.ownership import place_in_queue
from desk.people.shifts import next_shift_in_words, someone_on_shift
from desk.telling.links import link_for
from desk.telling.standing import MAY_PUSH, standing_of
from desk.workdays.calendar import current
from intake.privacy import mask_phone

SHOWN_CASES = 3


def render(reply: Reply, conversation: Conversation, *, number: str = "") -> Reply:
    """The reply with its placeholders filled. Words between other braces stay as they are."""
    text = reply.text
    if "{number}" in text:
        text = text.replace("{number}", number)
    if "{phone}" in text:
        phone = conversation.citizen.phone
        text = text.replace("{phone}", mask_phone(phone) if phone else _("not given"))
    if "{position}" in text:
        text = text.replace("{position}", str(place_in_queue(conversation)))
    if "{next_shift}" in text:
        text = text.replace("{next_shift}", next_shift_in_words(conversation.hotline_id))
    if "{shift}" in text:
        text = text.replace("{shift}", _shift(conversation.hotline_id))
    if "{ahead}" in text:
        text = text.replace("{ahead}", str(place_in_queue(conversation) - 1))
    options = reply.options
    if "{cases}" in text:
        cases = _cases_of(conversation)
        text = text.replace("{cases}", _told(cases, conversation.citizen_id))
        # Where nothing else may be tapped, something else is under way.
        options = (*_pushes(cases), *options) if options else ()
    return Reply(text=text, options=options, entry=reply.entry)


def _shift(hotline: str) -> str:
    """Nothing while somebody is on shift; otherwise that nobody is, and when somebody will be."""
    if someone_on_shift(hotline):
        return ""
    return _("Nobody is on shift right now.") + next_shift_in_words(hotline)


def _cases_of(conversation: Conversation) -> list[Case]:
    """The latest; what is open before what is done."""
    is_done = CaseWhen(When(state__in=OPEN_STATES, then=0), default=1)
    return list(
        cases_of(conversation.citizen_id)
        .select_related("department", "merged_into")
        .order_by(is_done, "-id")[:SHOWN_CASES]
    )


def _told(cases: Sequence[Case], citizen: int) -> str:
    """Each in a sentence or two, with the address of its page."""
    if not cases:
        return _("We have no case of yours here.")
    now, calendar = timezone.now(), current()
    return "\n\n".join(
        _("%(number)s (%(day)s): %(standing)s\n%(link)s")
        % {
            "number": case.number,
            "day": date_format(localtime(case.accepted_at), "n月j日"),
            "standing": standing_of(case, now, calendar, for_owner=case.citizen_id == citizen),
            "link": link_for(case.number, citizen),
        }
        for case in cases
    )


def _pushes(cases: Sequence[Case]) -> tuple[Option, ...]:
    """What can be chased with one tap."""
    late = [case.number for case in cases if case.state in MAY_PUSH]
    if len(late) == 1:
        return (Option(id=f"{CHASE}{late[0]}", label=_("Chase it")),)
    return tuple(
        Option(id=f"{CHASE}{number}", label=_("Chase …%s") % number[-4:]) for number in late
    )
