"""Waiting, told truly: the place when it gets notably better, and that nobody is on shift.

With nobody on shift what was said becomes a case, so that somebody must call back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.protocol import Draft, Field, Stage, Words
from desk.cases.models import OPEN_STATES, Case, Kind
from desk.cases.opening import open_from_talk
from desk.conversations.drafts import draft_of
from desk.conversations.models import Author, Conversation, Message, Owner
from desk.conversations.ownership import locked, place_in_queue, tell
from desk.people.shifts import next_shift_in_words, someone_on_shift

CONTENT_OF = 5  # the citizen's last messages that become a case when nobody is on shift
GRACE = timedelta(minutes=2)  # a page that is loaded anew is not a shift that ends
MOST = 500


def remember_place(conversation: Conversation) -> None:
    """The place that the citizen has just been told."""
    conversation.told_place = place_in_queue(conversation)
    conversation.told_nobody_at = None
    conversation.save(update_fields=["told_place", "told_nobody_at"])


def remember_nobody(conversation: Conversation) -> None:
    """The citizen has just been told that nobody is on shift."""
    if conversation.told_nobody_at is None:
        conversation.told_nobody_at = timezone.now()
        conversation.save(update_fields=["told_nobody_at"])


def tell_waiting(now: datetime | None = None) -> int:
    """Tell those in the queue whose place or prospect has changed notably; returns how many."""
    now = now or timezone.now()
    waiting = (
        Conversation.objects.filter(owner=Owner.QUEUE, closed_at__isnull=True)
        .order_by("queued_at", "pk")
        .values_list("pk", "hotline_id", "queued_at", "told_place", "told_nobody_at")[:MOST]
    )
    told = 0
    places: dict[str, int] = {}
    is_staffed: dict[str, bool] = {}
    for number, hotline, queued_at, told_place, told_nobody_at in list(waiting):
        places[hotline] = places.get(hotline, 0) + 1
        if hotline not in is_staffed:
            is_staffed[hotline] = someone_on_shift(hotline, now)
        if is_staffed[hotline]:
            if told_nobody_at is not None or is_notable(places[hotline], told_place):
                told += _tell_place(number)
        elif told_nobody_at is None and queued_at is not None and now - queued_at >= GRACE:
            told += _tell_nobody(number)
    return told


def is_notable(place: int, told: int | None) -> bool:
    """Next, or only half as many before them: a platform allows few words without an answer."""
    return told is not None and place < told and (place == 1 or 2 * place <= told)


def _tell_place(number: int) -> bool:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.QUEUE or not conversation.is_open:
            return False
        place, is_back = place_in_queue(conversation), conversation.told_nobody_at is not None
        if not is_back and not is_notable(place, conversation.told_place):
            return False
        words = _("Somebody is on shift now. ") if is_back else ""
        words += _("You are next.") if place == 1 else _("You are number %d now.") % place
        remember_place(conversation)
        tell(conversation, words, may_cancel=True)
    return True


def _tell_nobody(number: int) -> bool:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.QUEUE or not conversation.is_open:
            return False
        if conversation.told_nobody_at is not None:
            return False
        remember_nobody(conversation)
        case = _case(conversation)
        words = _("Nobody is on shift any more.") + next_shift_in_words(conversation.hotline_id)
        words += (
            _("Your words are kept as case %s; a colleague will answer you here or call you back.")
            % case.number
            if case
            else _("You keep your place; a colleague will answer you here.")
        )
        tell(conversation, words, may_cancel=True)
    return True


def _case(conversation: Conversation) -> Case | None:
    """What is open already, or what was said; a complaint half told waits for its end."""
    draft = draft_of(conversation)
    if draft is not None and draft.stage is not Stage.NONE:
        return None
    last = (
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .order_by("-id")
        .first()
    )
    return open_case_of(conversation) or (case_of_the_talk(conversation, last) if last else None)


def open_case_of(conversation: Conversation) -> Case | None:
    """What this talk has already become."""
    return conversation.cases.filter(state__in=OPEN_STATES).order_by("-id").first()


def case_of_the_talk(conversation: Conversation, cause: Message) -> Case | None:
    """What the citizen said, without the wish for a person itself; None when that was nothing."""
    said = list(
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .exclude(pk=cause.pk, status="handed_over")
        .order_by("-id")[:CONTENT_OF]
    )[::-1]
    if not said:
        return None
    longest = max(said, key=lambda message: len(message.text))
    content = "\n".join(message.text for message in said)
    draft = Draft(
        stage=Stage.CONFIRMING,
        fields={
            "content": Field(
                value=content,
                confidence=1.0,
                evidence=Words(message=longest.platform_id, start=0, end=len(longest.text)),
            ),
            "kind": Field(value=Kind.HELP, confidence=0.3),
        },
    )
    return open_from_talk(conversation, cause, draft)
