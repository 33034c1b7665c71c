"""The knowledge index behind the bot's `Knowledge`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import structlog

from actions.knowledge import MENU, AskedBack, CannotSearch, Entry, Found, Question, as_menu
from actions.metrics import ENCODER_CACHE_HITS, ENCODER_CALLS, SEARCHES
from kb_index.finding import Finder, IndexUnavailable, Outcome, open_finder

log = structlog.get_logger(__name__)


class IndexedKnowledge:
    """Safe for threads, as the finder is."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    @classmethod
    def open(cls, home: Path, elasticsearch_url: str, encoder: str) -> IndexedKnowledge:
        return cls(open_finder(home, elasticsearch_url, encoder))

    def find(self, question: str, *, hotline: str, now: datetime) -> Found:
        try:
            finding = self._finder.find(question, hotline=hotline, now=now)
        except IndexUnavailable as error:
            raise _cannot_search(error) from error
        SEARCHES.labels(finding.outcome.value).inc()
        ENCODER_CALLS.inc(finding.encoder_calls)
        ENCODER_CACHE_HITS.inc(finding.cache_hits)
        if finding.outcome is Outcome.ANSWERED and finding.hits:
            further = tuple(Question(one.external_id, one.question) for one in finding.further)
            return Found(answer=finding.hits[0], further=further, reason=finding.reason)
        if finding.outcome is Outcome.ASK_BACK:
            ways = tuple(zip(finding.labels, finding.hits, strict=True))
            return Found(asked_back=AskedBack(finding.asks, ways), reason=finding.reason)
        if finding.outcome is Outcome.MENU:
            return as_menu(finding.hits, finding.reason)
        return Found(reason=finding.reason)

    def find_same(self, question: str, *, hotline: str, now: datetime) -> Entry | None:
        try:
            return self._finder.find_same(question, hotline=hotline, now=now)
        except IndexUnavailable as error:
            raise _cannot_search(error) from error

    def others(
        self, question: str, *, without: Collection[str], hotline: str, now: datetime
    ) -> tuple[Entry, ...]:
        try:
            found = self._finder.others(question, without=without, hotline=hotline, now=now)
        except IndexUnavailable as error:
            raise _cannot_search(error) from error
        return found[:MENU]

    def get(self, external_id: str, *, hotline: str, now: datetime) -> Entry | None:
        try:
            return self._finder.get(external_id, hotline=hotline, now=now)
        except IndexUnavailable as error:
            raise _cannot_search(error) from error


def _cannot_search(error: IndexUnavailable) -> CannotSearch:
    log.warning("the index cannot be searched", reason=type(error).__name__)
    return CannotSearch(type(error).__name__)
