"""What became of the notices of an Outbound, and the line in the history that says a citizen was
told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from desk.cases.actors import SYSTEM
from desk.cases.recording import record, tell_pages
from desk.telling.models import Asking, AskingState, Notice, NoticeState
from desk.telling.wording import STAGES
from wire.messages import Delivery, DeliveryState

BY_TEMPLATE = "template"
# WeChat's window has closed: the citizen hears of it when they write next.
WINDOW_CLOSED = frozenset({"45015", "45047"})
SENT_IN_PART = "rest"  # reason of an Outbound that was superseded after its first part
KEPT_WORDS = 300  # in the history


def note(deliveries: Mapping[str, Delivery]) -> None:
    """By Outbound, inside the transaction of the deliveries; others than notices cost one look."""
    notices = list(
        Notice.objects.select_related("case", "citizen")
        .filter(outbound__in=list(deliveries))
        .exclude(state__in=[NoticeState.SENT, NoticeState.BY_TEMPLATE])
    )
    for notice in notices:
        assert notice.outbound_id is not None
        _end(notice, deliveries[notice.outbound_id])
    _not_asked([key for key, one in deliveries.items() if one.state == DeliveryState.REFUSED])


def _end(notice: Notice, delivery: Delivery) -> None:
    notice.state = state_of(delivery)
    notice.save(update_fields=["state"])
    if notice.state in (NoticeState.SENT, NoticeState.BY_TEMPLATE):
        told(notice, delivery.via, delivery.at)


def state_of(delivery: Delivery) -> NoticeState:
    if delivery.state == DeliveryState.SENT:
        return NoticeState.BY_TEMPLATE if delivery.via == BY_TEMPLATE else NoticeState.SENT
    if delivery.state == DeliveryState.REFUSED and delivery.reason in WINDOW_CLOSED:
        return NoticeState.WAITS_FOR_CONTACT
    if delivery.state == DeliveryState.SUPERSEDED:
        # It went with a reply whose speaker has changed: either as its first part, or not at all.
        is_first = delivery.reason == SENT_IN_PART
        return NoticeState.SENT if is_first else NoticeState.WAITS_FOR_CONTACT
    if delivery.state == DeliveryState.UNKNOWN:
        return NoticeState.UNKNOWN
    return NoticeState.REFUSED


def told(notice: Notice, via: str, at: datetime) -> None:
    """What and how, in the history of the case."""
    case = notice.case
    what = notice.words if notice.citizen_id == case.citizen_id else str(STAGES[notice.event])
    what = what if len(what) <= KEPT_WORDS else what[: KEPT_WORDS - 1] + "…"
    by_template = pgettext("the citizen was told", "by a template message")
    how = by_template if via == BY_TEMPLATE else pgettext("the citizen was told", "by message")
    record(
        case,
        "told_citizen",
        SYSTEM,
        at=at,
        note=_("%(how)s: %(what)s") % {"how": how, "what": what},
        data={"notice": notice.pk, "event": notice.event, "via": via},
        key=f"told {notice.pk}",
    )
    tell_pages(case)


def _not_asked(outbounds: list[str]) -> None:
    """A question that did not arrive is the agents' to ask."""
    Asking.objects.filter(outbound__in=outbounds, state=AskingState.ASKED).update(
        state=AskingState.MISSED
    )
