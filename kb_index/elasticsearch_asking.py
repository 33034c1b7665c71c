"""Asking Elasticsearch: the query, what comes back, and how common words are."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import elasticsearch

from kb_index.article import EVERY_HOTLINE
from kb_index.document import ANSWER_WEIGHT, CITY, searched_second
from kb_index.index import Candidate, Frequencies, IndexUnavailable

FREQUENCIES_KEPT = 5.0  # seconds for which the cluster is not asked again about a word …
MANY, LONG_KEPT = 1_000, 60.0  # … and in an index of so many entries
NOT_FOUND = 404
COUNTED = (
    "term_vectors.*.field_statistics.doc_count",
    "term_vectors.*.terms.*.doc_freq",
)


def search_of(
    words: Sequence[str], hotline: str, now: datetime, limit: int, seconds: float
) -> dict[str, Any]:
    """The candidates alone; their articles are read when they are not known.

    What may be shown is asked after the words: as part of their query it takes twice the time,
    since no word may then be passed over that cannot bring an article among the best.
    """
    return {
        "query": _query_of(words),
        "post_filter": {"bool": {"filter": _shown_to(hotline, now)}},
        "size": limit,
        "_source": False,
        "docvalue_fields": ["external_id", "digest"],
        "track_total_hits": False,
        "timeout": f"{int(seconds * 1000)}ms",
    }


def _query_of(words: Sequence[str]) -> dict[str, Any]:
    text = " ".join(words)
    wanted = [
        {"match": {"questions": {"query": text}}},
        {"match": {"answer": {"query": text, "boost": ANSWER_WEIGHT}}},
    ]
    return {"bool": {"should": wanted, "minimum_should_match": 1}}


def _shown_to(hotline: str, now: datetime) -> list[dict[str, Any]]:
    second = searched_second(now)
    filters: list[dict[str, Any]] = [
        {"range": {"effective_from": {"lte": second}}},
        {"range": {"effective_to": {"gt": second}}},
    ]
    if hotline != EVERY_HOTLINE:
        filters.append({"terms": {"hotlines": [hotline, CITY]}})
    return filters


def candidates_of(answer: dict[str, Any]) -> list[Candidate]:
    """Best first. Raises `IndexUnavailable`."""
    if answer.get("status") == NOT_FOUND:
        return []  # nothing has been written yet
    if "error" in answer:
        raise IndexUnavailable(f"Elasticsearch refused: {answer['error'].get('type', '')}")
    if answer["timed_out"]:
        raise IndexUnavailable("the search took too long")
    candidates = [_candidate_of(hit) for hit in answer["hits"]["hits"]]
    return sorted(candidates, key=lambda one: (-one.score, one.external_id))


def _candidate_of(hit: dict[str, Any]) -> Candidate:
    fields = hit["fields"]
    return Candidate(fields["external_id"][0], int(fields["digest"][0]), float(hit["_score"]))


def digests_after(
    client: elasticsearch.Elasticsearch, index: str, last: int, limit: int
) -> list[tuple[int, str]]:
    """The lowest ones above `last`, with their external ids."""
    found = client.search(
        index=index,
        query={"match_all": {}},
        sort=[{"digest": "asc"}],
        search_after=[last],
        size=limit,
        source=False,
        docvalue_fields=[{"field": "external_id"}],
        track_total_hits=False,
    )
    return [(int(hit["sort"][0]), hit["fields"]["external_id"][0]) for hit in found["hits"]["hits"]]


def document_frequencies(fields: Any, field: str, words: Sequence[str]) -> dict[str, int]:
    terms = fields.get(field, {}).get("terms", {})
    return {word: terms.get(word, {}).get("doc_freq", 0) for word in words}


class FrequencyCache:
    """What the cluster said about words, for a while: most words of questions repeat.

    Never changed, only replaced, so that a search goes on with what it has begun with.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._kept = Frequencies(0, {}, {})

    @property
    def total(self) -> int:
        return self._kept.total

    def fresh(self) -> Frequencies:
        """What need not be asked for again; without any word when that is too old."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = Frequencies(self._kept.total, {}, {})
                self._until = time.monotonic() + _kept_for(self._kept.total)
            return self._kept

    def keep(self, fresh: Frequencies, said: Frequencies) -> Frequencies:
        """With what was said about other words."""
        with self._lock:
            kept = Frequencies(
                said.total,
                {**fresh.questions, **said.questions},
                {**fresh.answers, **said.answers},
            )
            if self._kept is fresh:
                self._kept = kept
            return kept


def _kept_for(total: int) -> float:
    """Among many entries a change of a few makes no word rarer."""
    return LONG_KEPT if total >= MANY else FREQUENCIES_KEPT
