"""Elasticsearch: an index a generation, an alias that names the live one.

Nothing but the whitespace analyser is asked of the cluster, so that the official image and managed
services answer alike. An address may end in ``#name`` when several installations share a cluster.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urldefrag
from uuid import uuid4

import elasticsearch

from kb_index.article import Article
from kb_index.document import FORMAT, article_of, digest_of_article
from kb_index.elasticsearch_asking import (
    COUNTED,
    FrequencyCache,
    candidates_of,
    digests_after,
    document_frequencies,
    search_of,
)
from kb_index.elasticsearch_writing import (
    NOTE_MAPPINGS,
    SETTINGS,
    ElasticsearchGeneration,
    bulk,
    create_index,
    reported,
)
from kb_index.index import Candidate, Frequencies, NotAnIndex
from kb_index.telling import READ, telling_words

NAME = "qianmen-knowledge"
SEARCH_TIMEOUT = 2.0  # seconds: a citizen waits
WRITE_TIMEOUT = 30.0
SURVEY_PAGE = 1_000


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
        self._frequencies = FrequencyCache()
        self._checked = False

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with reported():
            self._create_first()
            bulk(self._writing, self.alias, upserts, deletes)
        self._frequencies = FrequencyCache()

    def search_words(
        self, words: Sequence[str], *, hotline: str, now: datetime, limit: int
    ) -> list[Candidate]:
        return self.search_each([words], hotline=hotline, now=now, limit=limit)[0]

    def search_each(
        self, queries: Sequence[Sequence[str]], *, hotline: str, now: datetime, limit: int
    ) -> list[list[Candidate]]:
        asked = [number for number, words in enumerate(queries) if words]
        found: list[list[Candidate]] = [[] for _ in queries]
        if not asked:
            return found
        searches: list[dict[str, Any]] = []
        for number in asked:
            words = self._telling(queries[number])
            searches += [{}, search_of(words, hotline, now, limit, SEARCH_TIMEOUT)]
        with reported():
            self._check_format()
            answers = self._client.msearch(index=self.alias, searches=searches)["responses"]
        for number, answer in zip(asked, answers, strict=True):
            found[number] = candidates_of(answer)
        return found

    def articles(self, external_ids: Sequence[str]) -> dict[str, Article]:
        return self._read(self._client, external_ids)

    def _read(
        self, client: elasticsearch.Elasticsearch, external_ids: Sequence[str]
    ) -> dict[str, Article]:
        if not external_ids:
            return {}
        with reported():
            self._check_format()
            try:
                found = client.mget(index=self.alias, ids=list(external_ids))
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
        fresh = self._frequencies.fresh()
        unknown = [word for word in words if word not in fresh.questions]
        if not unknown:
            return fresh
        text = " ".join(unknown)
        with reported():
            try:
                found = self._client.termvectors(
                    index=self.alias,
                    doc={"questions": text, "answer": text},
                    fields=["questions", "answer"],
                    term_statistics=True,
                    field_statistics=True,
                    positions=False,
                    offsets=False,
                    payloads=False,
                    filter_path=COUNTED,
                )
            except elasticsearch.NotFoundError:
                return Frequencies(0, {}, {})
        fields = found.get("term_vectors", {})
        total = fields["questions"]["field_statistics"]["doc_count"] if fields else self.count()
        said = Frequencies(
            total,
            document_frequencies(fields, "questions", unknown),
            document_frequencies(fields, "answer", unknown),
        )
        return self._frequencies.keep(fresh, said)

    def _telling(self, words: Sequence[str]) -> Sequence[str]:
        """A small index is asked for all words, and not first how common they are."""
        if self._frequencies.total * 2 * len(words) <= READ:
            return words
        return telling_words(words, self.frequencies(words)) or words

    def stamp(self) -> str:
        with reported():
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
        with reported():
            try:
                return int(self._client.count(index=self.alias)["count"])
            except elasticsearch.NotFoundError:
                return 0

    def scan(self) -> Iterator[Article]:
        return (article for _, article in self.survey(frozenset()) if article is not None)

    def survey(self, known: Container[int]) -> Iterator[tuple[int, Article | None]]:
        """By digest, page after page."""
        last = -1
        while True:
            with reported():
                try:
                    page = digests_after(self._writing, self.alias, last, SURVEY_PAGE)
                except elasticsearch.NotFoundError:
                    return
            unknown = [external_id for digest, external_id in page if digest not in known]
            articles = self._read(self._writing, unknown).values()
            # One that has just been written anew has another digest by now.
            fresh = {digest_of_article(article): article for article in articles}
            yield from ((digest, fresh.get(digest)) for digest, _ in page)
            if len(page) < SURVEY_PAGE:
                return
            last = page[-1][0]

    def note(self, name: str) -> bytes | None:
        with reported():
            try:
                found = self._client.get(index=self._notes, id=name)
            except elasticsearch.NotFoundError:
                return None
        body: str = found["_source"]["body"]
        return body.encode()

    def keep_note(self, name: str, body: bytes) -> None:
        with reported():
            if not self._client.indices.exists(index=self._notes):
                self._create_notes()
            self._writing.index(index=self._notes, id=name, document={"body": body.decode()})

    def generation(self) -> str:
        with reported():
            try:
                return " ".join(sorted(self._client.indices.get_alias(name=self.alias)))
            except elasticsearch.NotFoundError:
                return ""

    def new_generation(self) -> ElasticsearchGeneration:
        with reported():
            name = f"{self.alias}-{uuid4().hex[:12]}"
            create_index(self._writing, name)
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
            create_index(self._writing, f"{self.alias}-first", alias=self.alias)
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
