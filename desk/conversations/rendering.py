"""Fills in what the bot must not know or cannot know yet: numbers, places, the state of cases."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from actions.protocol import Reply
from desk.cases.joining import cases_of
from desk.cases.models import Case
from desk.conversations.models import Conversation
from desk.conversations.ownership import place_in_queue
from desk.people.shifts import next_shift_in_words, someone_on_shift
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
    if "{cases}" in text:
        text = text.replace("{cases}", _cases_of(conversation))
    return Reply(text=text, options=reply.options, entry=reply.entry)


def _shift(hotline: str) -> str:
    """Nothing while somebody is on shift; otherwise that nobody is, and when somebody will be."""
    if someone_on_shift(hotline):
        return ""
    return _("Nobody is on shift right now.") + next_shift_in_words(hotline)


def _cases_of(conversation: Conversation) -> str:
    cases = (
        cases_of(conversation.citizen_id).select_related("department").order_by("-id")[:SHOWN_CASES]
    )
    if not cases:
        return _("We have no case of yours here.")
    return "\n".join(_line(case) for case in cases)


def _line(case: Case) -> str:
    day = date_format(localtime(case.accepted_at), "n月j日")
    state = case.get_state_display()
    if case.department and case.state != "accepted":
        return _("%(number)s (%(day)s): %(state)s, with %(department)s") % {
            "number": case.number,
            "day": day,
            "state": state,
            "department": case.department.name,
        }
    return _("%(number)s (%(day)s): %(state)s") % {
        "number": case.number,
        "day": day,
        "state": state,
    }
