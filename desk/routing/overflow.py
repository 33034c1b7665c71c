"""Over to the city line, when the district has nobody or lets a citizen wait too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Owner, Reason
from desk.conversations.ownership import change_owner, locked, place_in_queue, tell
from desk.people.models import Hotline
from desk.people.shifts import rule_of, someone_on_shift
from desk.routing.unattended import remember_place

CITY_LINE = "12345"
MOST = 200


def overflow_waiting(now: datetime | None = None) -> int:
    """Move who has waited for the set time, or for nobody; returns how many."""
    now = now or timezone.now()
    waiting = (
        Conversation.objects.filter(owner=Owner.QUEUE, closed_at__isnull=True)
        .exclude(hotline_id=CITY_LINE)
        .order_by("queued_at")
        .values_list("pk", "hotline_id", "queued_at")[:MOST]
    )
    moved = 0
    is_empty: dict[str, bool] = {}
    waits: dict[str, timedelta] = {}
    for number, hotline, queued_at in list(waiting):
        if hotline not in is_empty:
            is_empty[hotline] = not someone_on_shift(hotline, now)
            waits[hotline] = timedelta(minutes=rule_of(hotline).overflow_minutes)
        has_waited = queued_at is not None and now - queued_at >= waits[hotline]
        if has_waited or is_empty[hotline]:
            moved += _overflow(number, hotline, is_empty=is_empty[hotline])
    return moved


def _overflow(number: int, hotline: str, *, is_empty: bool) -> bool:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.QUEUE or conversation.hotline_id != hotline:
            return False
        if not over_to_the_city(conversation):
            return False
        remember_place(conversation)
        words = (
            _("Nobody of this district is on shift right now")
            if is_empty
            else _("All colleagues of this district are busy")
        )
        rest = _(", so the city line 12345 takes over. You are number %d.")
        tell(conversation, words + rest % place_in_queue(conversation), may_cancel=True)
    return True


def over_to_the_city(conversation: Conversation) -> bool:
    """Give a locked conversation in the queue to the city line, when somebody is there."""
    before = conversation.hotline_id
    if before == CITY_LINE or not rule_of(before).overflows:
        return False
    city = Hotline.objects.filter(pk=CITY_LINE).first()
    if city is None or not someone_on_shift(CITY_LINE):
        return False
    to_hotline(conversation, city)
    change_owner(
        conversation,
        Owner.QUEUE,
        by=Author.SYSTEM,
        reason=Reason.OVERFLOW,
        target=str(city),
    )
    announce("owner", hotline=before, conversation=conversation.pk)
    return True


def to_hotline(conversation: Conversation, hotline: Hotline) -> None:
    """Served by another hotline from now on; where the citizen wrote to is kept. Not saved."""
    home = conversation.home_id or conversation.hotline_id
    conversation.hotline = hotline
    conversation.home_id = home if home != hotline.pk else None
