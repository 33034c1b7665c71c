"""The one place that adds a line to a history, and tells pages and other systems of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.cases.actors import Actor
from desk.cases.models import Case, CaseEvent
from desk.conversations.live import announce_all
from desk.conversations.models import LiveEvent
from desk.webhooks.outbox import enqueue


def record(
    case: Case,
    kind: str,
    actor: Actor,
    *,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
    key: str = "",
) -> CaseEvent:
    """Inside the transaction of what happened. `key` makes it happen once."""
    event = CaseEvent.objects.create(
        case=case,
        kind=kind,
        by=actor.name,
        user=actor.user,
        at=at,
        note=note,
        data=(data or {}) | ({"citizen": actor.citizen} if actor.citizen else {}),
        key=key,
    )
    enqueue([event])
    return event


def tell_pages(*cases: Case) -> None:
    """Each of these has changed; inside the transaction that changed it."""
    announce_all(
        [
            LiveEvent(
                kind="case",
                hotline_id=case.hotline_id,
                conversation_id=case.conversation_id,
                case=case.number,
            )
            for case in cases
        ]
    )
