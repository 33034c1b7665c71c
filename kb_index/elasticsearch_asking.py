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
from kb_index.index import Candidate, Frequencies

FREQUENCIES_KEPT = 5.0  # seconds for which the cluster is not asked again about a word


def query_of(words: Sequence[str], hotline: str, now: datetime) -> dict[str, Any]:
    second = searched_second(now)
    filters: list[dict[str, Any]] = [
        {"range": {"effective_from": {"lte": second}}},
        {"range": {"effective_to": {"gt": second}}},
    ]
    if hotline != EVERY_HOTLINE:
        filters.append({"terms": {"hotlines": [hotline, CITY]}})
    text = " ".join(words)
    wanted = [
        {"match": {"questions": {"query": text}}},
        {"match": {"answer": {"query": text, "boost": ANSWER_WEIGHT}}},
    ]
    return {"bool": {"should": wanted, "minimum_should_match": 1, "filter": filters}}


def candidate_of(hit: dict[str, Any]) -> Candidate:
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
    """What the cluster said about words, for a few seconds: most words of questions repeat."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._kept = Frequencies(0, {}, {})

    def get(self, words: Sequence[str]) -> Frequencies | None:
        kept = self._kept
        if time.monotonic() >= self._until or any(word not in kept.questions for word in words):
            return None
        return kept

    def keep(self, total: int, questions: dict[str, int], answers: dict[str, int]) -> Frequencies:
        with self._lock:
            kept = self._kept
            if time.monotonic() < self._until and kept.total == total:
                questions = {**kept.questions, **questions}
                answers = {**kept.answers, **answers}
            else:
                self._until = time.monotonic() + FREQUENCIES_KEPT
            self._kept = Frequencies(total, questions, answers)
            return self._kept
