"""Which entries may be said to a citizen right now. The database decides, not the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.knowledge.models import Entry


def all_live(external_ids: Sequence[str], hotline: str, now: datetime) -> dict[str, str]:
    """The approved answers, by external id, of those that this hotline may say at `now`."""
    rows = Entry.objects.filter(external_id__in=external_ids, live=True).values_list(
        "external_id", "answer", "hotline_codes", "effective_from", "effective_to", "expire_at"
    )
    return {
        external_id: answer
        for external_id, answer, hotlines, begins, ends, withdrawn_at in rows
        if (not hotlines or hotline in hotlines)
        and (begins is None or begins <= now)
        and (ends is None or now < ends)
        and (withdrawn_at is None or now < withdrawn_at)
    }
