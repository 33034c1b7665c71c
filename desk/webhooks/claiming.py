"""Which deliveries are next, and the claim that makes each one sender's: a conditional UPDATE that
changes one row, or none because somebody else has it.

The claim is a lease: `next_at` moves past the longest send. A sender that dies lets it run out;
what it may have sent is *unknown* and sent again under the same key.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason

LEASE = timedelta(minutes=2)  # well beyond what a round of posts takes
AT_ONCE = 4  # posts to one endpoint
MOST = 16  # posts in a round


def claim_due(now: datetime) -> list[Delivery]:
    """Deliveries that are due and now ours, with all that a post needs."""
    found = [row for row in _due(now) if _claim(row, now)]
    return list(
        Delivery.objects.select_related("endpoint", "event", "case__citizen").filter(
            pk__in=[row.pk for row in found]
        )
        if found
        else ()
    )


def _due(now: datetime) -> Iterator[Delivery]:
    left = MOST
    for rows in _queues(now):
        due = rows.filter(next_at__lte=now).order_by("next_at", "pk")[: min(AT_ONCE, left)]
        for row in due:
            left -= 1
            yield row
        if left <= 0:
            return


def _queues(now: datetime) -> Iterator[QuerySet[Delivery]]:
    """What may be sent, an endpoint at a time, so that none waits for another's queue."""
    yield Delivery.objects.filter(event=None, next_at__isnull=False)
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        case=OuterRef("case"),
        next_at__isnull=False,
        pk__lt=OuterRef("pk"),
    )
    rested = Q(rest_until__isnull=True) | Q(rest_until__lte=now)
    # In no fixed order, or a full round would always end before the last.
    ready = Endpoint.objects.filter(rested, active=True).order_by("?")
    for endpoint in ready.values_list("pk", flat=True):
        yield Delivery.objects.filter(
            ~Exists(earlier), endpoint=endpoint, event__isnull=False, next_at__isnull=False
        )


def _claim(row: Delivery, now: datetime) -> bool:
    changes: dict[str, object] = {
        "claim": uuid4().hex,
        "next_at": now + LEASE,
        "tries": F("tries") + 1,
        "tried_at": now,
    }
    if row.claim:
        changes |= {"state": Outcome.UNKNOWN, "reason": Reason.SENDER_DIED}
    unclaimed = Delivery.objects.filter(pk=row.pk, claim=row.claim, next_at=row.next_at)
    return unclaimed.update(**changes) == 1
