"""What a citizen would be told now: the live index, and the database's last word on it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from desk.knowledge.live import all_live
from kb_index.finding import Finder, open_finder


@cache
def finder() -> Finder:
    """Opened once a process; it follows the live index by itself."""
    qianmen = settings.QIANMEN
    return open_finder(qianmen.home, qianmen.elasticsearch_url, qianmen.encoder)


def told_now(question: str, hotline: str) -> dict[str, Any]:
    """Raises `IndexUnavailable`."""
    now = timezone.now()
    found = finder().find(question, hotline=hotline, now=now)
    live = all_live([hit.external_id for hit in found.hits], hotline, now)
    return {
        "outcome": found.outcome,
        "asks": found.asks,
        "entries": [
            {
                "id": hit.external_id,
                "question": hit.question,
                "answer": live[hit.external_id],
                "department": hit.department,
            }
            for hit in found.hits
            if hit.external_id in live
        ],
    }
