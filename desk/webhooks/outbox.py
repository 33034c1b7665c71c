"""Writes down who is to be told of an event, in the transaction of the event itself: what is rolled
back was never told, and what is committed is told sooner or later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from desk.cases.models import Case, CaseEvent
from desk.cases.moments import iso
from desk.webhooks.models import Delivery, Endpoint


def enqueue(events: Sequence[CaseEvent]) -> None:
    """One query when nobody listens, two when somebody does. The events are saved, their cases as
    they stand after them; nothing of a practice is told.
    """
    told = [event for event in events if not event.case.is_practice]
    if not told:
        return
    # Not the event's own moment: a late round writes down what happened the day before.
    now = timezone.now()
    rows = [
        Delivery(
            endpoint=endpoint,
            event=event,
            case=event.case,
            stood=standing(event.case),
            at=now,
            since=now,
            next_at=now,
        )
        for endpoint in Endpoint.objects.filter(active=True).only("kinds", "hotlines")
        for event in told
        if wants(endpoint, event)
    ]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def wants(endpoint: Endpoint, event: CaseEvent) -> bool:
    if endpoint.kinds and event.kind not in endpoint.kinds:
        return False
    return not endpoint.hotlines or event.case.hotline_id in endpoint.hotlines


def standing(case: Case) -> dict[str, Any]:
    """What later events change: kept, so that a repeat says what the first try said."""
    return {
        "hotline": case.hotline_id,
        "state": case.state,
        "department": case.department.name if case.department else "",
        "due_at": iso(case.due_at),
    }
