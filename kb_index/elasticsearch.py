"""Elasticsearch: an index a generation, an alias that names the live one.

Nothing but the whitespace analyser is asked of the cluster, so that the official image and managed
services answer alike. An address may end in ``#name`` when several installations share a cluster.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import Any
from urllib.parse import urldefrag
from uuid import uuid4

import elasticsearch

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.document import (
    ANSWER_WEIGHT,
    CITY,
    FORMAT,
    article_of,
    document_of,
    searched_second,
)
from kb_index.index import Candidate, Frequencies, IndexUnavailable, NotAnIndex

NAME = "qianmen-knowledge"
SEARCH_TIMEOUT = 2.0  # seconds: a citizen waits
WRITE_TIMEOUT = 30.0
BULK = 500  # articles in one request
SCAN_PAGE = 500
FREQUENCIES_KEPT = 5.0  # seconds for which the cluster is not asked again about a word

SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
_tokens = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
MAPPINGS = {
    "dynamic": "strict",
    "_meta": {"format": FORMAT},
    "properties": {
        "external_id": {"type": "keyword"},
        "digest": {"type": "long", "index": False},
        "questions": _tokens,
        "answer": _tokens,
        "hotlines": {"type": "keyword"},
        "effective_from": {"type": "long"},
        "effective_to": {"type": "long"},
        "body": {"type": "keyword", "index": False, "doc_values": False},
    },
}
NOTE_MAPPINGS = {
    "dynamic": "strict",
    "properties": {"body": {"type": "keyword", "index": False, "doc_values": False}},
}


class ElasticsearchIndex:
    """`kb_index.index.Index` over one alias. Threads may share it."""

    def __init__(self, url: str) -> None:
        address, name = urldefrag(url)
        self.alias = name or NAME
        self._notes = f"{self.alias}-notes"  # one for all generations
        self._client = elasticsearch.Elasticsearch(
            address.rstrip("/"), request_timeout=SEARCH_TIMEOUT, max_retries=0
        )
        self._writing = self._client.options(request_timeout=WRITE_TIMEOUT)
        self._frequencies = _FrequencyCache()
        self._checked = False

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with _reported():
            self._create_first()
            bulk(self._writing, self.alias, upserts, deletes)
        self._frequencies = _FrequencyCache()

    def search_words(
        self, words: Sequence[str], *, hotline: str, now: datetime, limit: int
    ) -> list[Candidate]:
        if not words:
            return []
        with _reported():
            self._check_format()
            try:
                found = self._client.search(
                    index=self.alias,
                    query=_query(words, hotline, now),
                    size=limit,
                    source=False,
                    docvalue_fields=[{"field": "external_id"}, {"field": "digest"}],
                    track_total_hits=False,
                    timeout=f"{int(SEARCH_TIMEOUT * 1000)}ms",
                )
            except elasticsearch.NotFoundError:
                return []  # nothing has been written yet
        if found["timed_out"]:
            raise IndexUnavailable("the search took too long")
        candidates = [_candidate(hit) for hit in found["hits"]["hits"]]
        return sorted(candidates, key=lambda one: (-one.score, one.external_id))

    def articles(self, external_ids: Sequence[str]) -> dict[str, Article]:
        if not external_ids:
            return {}
        with _reported():
            self._check_format()
            try:
                found = self._client.mget(
                    index=self.alias, ids=list(external_ids), source_includes=["body"]
                )
            except elasticsearch.NotFoundError:
                return {}
            articles = [
                article_of(doc["_source"]["body"].encode())
                for doc in found["docs"]
                if doc.get("found")
            ]
        return {article.external_id: article for article in articles}

    def get(self, external_id: str) -> Article | None:
        return self.articles([external_id]).get(external_id)

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        wanted = list(words)
        kept = self._frequencies.get(wanted)
        if kept is not None:
            return kept
        with _reported():
            try:
                found = self._client.termvectors(
                    index=self.alias,
                    doc={"questions": " ".join(wanted), "answer": " ".join(wanted)},
                    fields=["questions", "answer"],
                    term_statistics=True,
                    field_statistics=True,
                    positions=False,
                    offsets=False,
                    payloads=False,
                )
            except elasticsearch.NotFoundError:
                return Frequencies(0, {}, {})
        fields = found["term_vectors"]
        total = fields["questions"]["field_statistics"]["doc_count"] if fields else self.count()
        return self._frequencies.keep(
            total, _doc_freqs(fields, "questions", wanted), _doc_freqs(fields, "answer", wanted)
        )

    def stamp(self) -> str:
        with _reported():
            try:
                stats = self._client.indices.stats(index=self.alias, metric="indexing")
            except elasticsearch.NotFoundError:
                return ""
        states = [
            f"{name}:{one['primaries']['indexing']['index_total']}"
            f":{one['primaries']['indexing']['delete_total']}"
            for name, one in stats["indices"].items()
        ]
        return " ".join(sorted(states))

    def count(self) -> int:
        with _reported():
            try:
                return int(self._client.count(index=self.alias)["count"])
            except elasticsearch.NotFoundError:
                return 0

    def scan(self) -> Iterator[Article]:
        """By external id, page after page."""
        after: list[Any] | None = None
        while True:
            with _reported():
                try:
                    page = self._writing.search(
                        index=self.alias,
                        query={"match_all": {}},
                        sort=[{"external_id": "asc"}],
                        size=SCAN_PAGE,
                        source_includes=["body"],
                        search_after=after,
                        track_total_hits=False,
                    )["hits"]["hits"]
                except elasticsearch.NotFoundError:
                    return
                articles = [article_of(hit["_source"]["body"].encode()) for hit in page]
            yield from articles
            if len(page) < SCAN_PAGE:
                return
            after = page[-1]["sort"]

    def note(self, name: str) -> bytes | None:
        with _reported():
            try:
                found = self._client.get(index=self._notes, id=name)
            except elasticsearch.NotFoundError:
                return None
        body: str = found["_source"]["body"]
        return body.encode()

    def keep_note(self, name: str, body: bytes) -> None:
        with _reported():
            if not self._client.indices.exists(index=self._notes):
                self._create_notes()
            self._writing.index(index=self._notes, id=name, document={"body": body.decode()})

    def generation(self) -> str:
        with _reported():
            try:
                return " ".join(sorted(self._client.indices.get_alias(name=self.alias)))
            except elasticsearch.NotFoundError:
                return ""

    def new_generation(self) -> ElasticsearchGeneration:
        with _reported():
            name = f"{self.alias}-{uuid4().hex[:12]}"
            _create(self._writing, name)
            return ElasticsearchGeneration(self._writing, self.alias, name)

    def close(self) -> None:
        self._client.close()

    def _create_notes(self) -> None:
        try:
            self._writing.indices.create(
                index=self._notes, settings=SETTINGS, mappings=NOTE_MAPPINGS
            )
        except elasticsearch.BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _create_first(self) -> None:
        """A fixed name: of two writers that begin together one creates it, both write to it."""
        if self._checked or self._client.indices.exists_alias(name=self.alias):
            return self._check_format()
        try:
            _create(self._writing, f"{self.alias}-first", alias=self.alias)
        except elasticsearch.BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        return None

    def _check_format(self) -> None:
        if self._checked:
            return
        try:
            mappings = self._client.indices.get_mapping(index=self.alias)
        except elasticsearch.NotFoundError:
            return
        for name, mapping in mappings.items():
            written = mapping["mappings"].get("_meta", {}).get("format")
            if written != FORMAT:
                raise NotAnIndex(f"{name} has format {written}, not {FORMAT}: rebuild it")
        self._checked = True


class ElasticsearchGeneration:
    """An index without the alias."""

    def __init__(self, client: elasticsearch.Elasticsearch, alias: str, name: str) -> None:
        self._client = client
        self._alias = alias
        self._name = name

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with _reported():
            bulk(self._client, self._name, upserts, deletes, refresh=False)

    def go_live(self) -> None:
        """One request moves the alias and removes what it named before."""
        with _reported():
            self._client.indices.refresh(index=self._name)
            actions: list[dict[str, Any]] = [
                {"add": {"index": self._name, "alias": self._alias, "is_write_index": True}}
            ]
            if self._client.indices.exists_alias(name=self._alias):
                live = self._client.indices.get_alias(name=self._alias)
                actions += [{"remove_index": {"index": name}} for name in live]
            self._client.indices.update_aliases(actions=actions)

    def discard(self) -> None:
        with _reported():
            if not self._client.indices.exists_alias(name=self._alias, index=self._name):
                self._client.indices.delete(index=self._name, ignore_unavailable=True)


def bulk(
    client: elasticsearch.Elasticsearch,
    index: str,
    upserts: Sequence[Article],
    deletes: Sequence[str],
    *,
    refresh: bool = True,
) -> None:
    """Write in requests of bounded size; the last one makes all of them visible."""
    # The last of two versions in one batch wins.
    articles = {article.external_id: article for article in upserts}.values()
    operations = [_deletion(external_id) for external_id in deletes]
    operations += [_upsert(article) for article in articles]
    batches = list(batched(operations, BULK))
    for number, batch in enumerate(batches, start=1):
        last = number == len(batches)
        answer = client.bulk(
            index=index,
            operations=[line for operation in batch for line in operation],
            refresh=refresh and last,
        )
        _refuse_failures(answer)


def _refuse_failures(answer: Any) -> None:
    if not answer["errors"]:
        return
    for item in answer["items"]:
        for kind, result in item.items():
            if "error" in result and not (kind == "delete" and result["status"] == 404):
                raise IndexUnavailable(f"{kind} refused: {result['error'].get('type')}")


def _upsert(article: Article) -> list[dict[str, Any]]:
    document = document_of(article)
    source = {
        "external_id": document.external_id,
        "digest": document.digest,
        "questions": document.questions,
        "answer": document.answer,
        "hotlines": document.hotlines,
        "effective_from": document.effective_from,
        "effective_to": document.effective_to,
        "body": document.body.decode(),
    }
    return [{"index": {"_id": document.external_id}}, source]


def _deletion(external_id: str) -> list[dict[str, Any]]:
    return [{"delete": {"_id": external_id}}]


def _create(client: elasticsearch.Elasticsearch, name: str, alias: str = "") -> None:
    aliases = {alias: {"is_write_index": True}} if alias else None
    client.indices.create(index=name, settings=SETTINGS, mappings=MAPPINGS, aliases=aliases)


def _query(words: Sequence[str], hotline: str, now: datetime) -> dict[str, Any]:
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


def _candidate(hit: dict[str, Any]) -> Candidate:
    fields = hit["fields"]
    return Candidate(fields["external_id"][0], int(fields["digest"][0]), float(hit["_score"]))


def _doc_freqs(fields: Any, field: str, words: Sequence[str]) -> dict[str, int]:
    terms = fields.get(field, {}).get("terms", {})
    return {word: terms.get(word, {}).get("doc_freq", 0) for word in words}


class _FrequencyCache:
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


@contextmanager
def _reported() -> Iterator[None]:
    """What the client raises, as what callers know. Texts may hold addresses: types only."""
    try:
        yield
    except elasticsearch.ApiError as error:
        raise IndexUnavailable(f"Elasticsearch refused: {error.error}") from error
    except elasticsearch.TransportError as error:
        raise IndexUnavailable(f"Elasticsearch unreachable: {type(error).__name__}") from error
