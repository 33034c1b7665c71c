"""A wrong answer of the bot: which entry would have been right, in two clicks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.models import Author, Conversation, Message
from desk.conversations.ownership import NotAllowed
from desk.knowledge.live import all_live
from desk.knowledge.models import Entry
from desk.knowledge.trying import finder
from desk.lessons.models import WrongAnswer
from desk.people.models import User
from intake.privacy import mask_for_screen

OFFERED = 5
LONGEST = 300


@dataclass(frozen=True)
class Choice:
    """An entry that may be the right one."""

    external_id: str
    question: str
    department: str


def answer_in(conversation: Conversation, number: int) -> Message:
    """An answer that the bot gave out of the knowledge in this talk.

    Raises `NotAllowed`.
    """
    message = Message.objects.filter(
        conversation=conversation, pk=number, author=Author.BOT
    ).first()
    if message is None or not message.entry:
        raise NotAllowed(_("This is no answer out of the knowledge."))
    return message


def asked_before(message: Message) -> str:
    """What the citizen said last before these words."""
    asked = (
        Message.objects.filter(
            conversation=message.conversation_id, author=Author.CITIZEN, pk__lt=message.pk
        )
        .exclude(text="")
        .order_by("-pk")
        .first()
    )
    return asked.text if asked else ""


def choices(message: Message, wanted: str = "") -> list[Choice]:
    """The entries nearest to the question, or to what the colleague looks for instead.

    Raises `IndexUnavailable`.
    """
    hotline = message.conversation.hotline_id
    now = timezone.now()
    text = wanted.strip() or asked_before(message)
    ordered = finder().rank(text, hotline=hotline, now=now).ordered() if text else []
    others = [external_id for external_id in ordered[: 3 * OFFERED] if external_id != message.entry]
    live = all_live(others, hotline, now)
    found = Entry.objects.filter(external_id__in=live).select_related("department")
    by_id = {entry.external_id: entry for entry in found}
    return [
        Choice(one, by_id[one].question, str(by_id[one].department or ""))
        for one in others
        if one in by_id
    ][:OFFERED]


def report(message: Message, user: User, right_entry: str) -> WrongAnswer:
    """Once a message; who reports again corrects what was said. Raises `NotAllowed`."""
    if right_entry and not Entry.objects.filter(external_id=right_entry).exists():
        raise NotAllowed(_("There is no such entry any more."))
    if right_entry == message.entry:
        raise NotAllowed(_("That is the entry that the bot used."))
    reported, _new = WrongAnswer.objects.update_or_create(
        message=message,
        defaults={
            "question": mask_for_screen(asked_before(message))[:LONGEST],
            "entry": message.entry,
            "right_entry": right_entry,
            "by": user,
            "at": timezone.now(),
            "settled_by": None,
            "settled_at": None,
        },
    )
    return reported


def unsettled() -> QuerySet[WrongAnswer]:
    """What editors have still to look at, newest first."""
    return WrongAnswer.objects.filter(settled_at__isnull=True).select_related("by")


def settle(number: int, user: User) -> None:
    """An editor has looked at it. Twice is once."""
    WrongAnswer.objects.filter(pk=number, settled_at__isnull=True).update(
        settled_by=user, settled_at=timezone.now()
    )
