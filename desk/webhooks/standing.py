"""How the endpoints stand, for the pages that show it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from desk.cases.history import label_of
from desk.people.models import User
from desk.people.rights import Right, may
from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason


@dataclass(frozen=True)
class Standing:
    endpoint: Endpoint
    waiting: int
    lost: int  # refused or given up, of what is kept


def cut_off() -> QuerySet[Endpoint]:
    """Turned off by what they answered, not by a person: somebody has to see to it."""
    return Endpoint.objects.filter(active=False).exclude(reason=Reason.BY_HAND)


def cut_off_for(user: User) -> int:
    return cut_off().count() if may(user, Right.ADMINISTER) else 0


def standings() -> list[Standing]:
    """All endpoints: there are never many."""
    lost = Q(state__in=[Outcome.REFUSED, Outcome.GIVEN_UP])
    counts = {
        row["endpoint"]: (row["waiting"], row["lost"])
        for row in Delivery.objects.values("endpoint").annotate(
            waiting=Count("pk", filter=Q(next_at__isnull=False)), lost=Count("pk", filter=lost)
        )
    }
    return [
        Standing(endpoint, *counts.get(endpoint.pk, (0, 0))) for endpoint in Endpoint.objects.all()
    ]


@dataclass(frozen=True)
class Line:
    delivery: Delivery
    label: str | Promise


def newest(endpoint: Endpoint, limit: int) -> list[Line]:
    rows = Delivery.objects.filter(endpoint=endpoint).select_related("event", "case")
    return [
        Line(row, label_of(row.event.kind) if row.event else _("Test"))
        for row in rows.order_by("-id")[:limit]
    ]
