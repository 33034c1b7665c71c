"""What a citizen would be told now: the live index, and the database's last word on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from desk.knowledge.live import all_live
from kb_index.article import Article
from kb_index.finding import Finder, open_finder
from kb_index.hits import Finding


@cache
def finder() -> Finder:
    """Opened once a process; it follows the live index by itself."""
    qianmen = settings.QIANMEN
    return open_finder(qianmen.home, qianmen.elasticsearch_url, qianmen.encoder)


def told_now(question: str, hotline: str) -> dict[str, Any]:
    """Raises `IndexUnavailable`."""
    now = timezone.now()
    found = finder().find(question, hotline=hotline, now=now)
    return _told(found, all_live([hit.external_id for hit in found.hits], hotline, now))


def told_then(question: str, hotline: str, article: Article) -> dict[str, Any]:
    """The same, had this article been published. Raises `IndexUnavailable`."""
    now = timezone.now()
    foresight = finder().foresee({article.external_id: article})
    found = foresight.find(question, hotline=hotline, now=now)
    live = all_live([hit.external_id for hit in found.hits], hotline, now)
    return _told(found, live | {article.external_id: article.answer})


def _told(found: Finding, live: Mapping[str, str]) -> dict[str, Any]:
    """`live`: the answers that may be said, by external id."""
    return {
        "outcome": found.outcome,
        "asks": found.asks,
        "entries": [
            {
                "id": hit.external_id,
                "question": hit.question,
                "answer": live[hit.external_id],
                "department": hit.department,
                "percent": round(100 * hit.score),
            }
            for hit in found.hits
            if hit.external_id in live
        ],
    }
