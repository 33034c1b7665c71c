"""Which entries may be said to a citizen right now. The database decides, not the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from desk.knowledge.models import Entry


def in_force(now: datetime) -> QuerySet[Entry]:
    """Live entries whose time has come and is not over."""
    return Entry.objects.filter(live=True).filter(
        Q(effective_from__isnull=True) | Q(effective_from__lte=now),
        Q(effective_to__isnull=True) | Q(effective_to__gt=now),
    )


def all_live(external_ids: Sequence[str], hotline: str, now: datetime) -> dict[str, str]:
    """The approved answers, by external id, of those that this hotline may say at `now`."""
    rows = in_force(now).filter(external_id__in=external_ids)
    return {
        entry.external_id: entry.answer
        for entry in rows.only("external_id", "answer", "hotline_codes")
        if not entry.hotline_codes or hotline in entry.hotline_codes
    }
