"""Writing to Elasticsearch: what an index holds, requests of bounded size, a generation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

import elasticsearch

from kb_index.article import Article
from kb_index.document import FORMAT, document_of
from kb_index.index import IndexUnavailable

BULK = 500  # articles in one request

SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
# Nobody reads a generation that is being built, and what a crash takes is built anew.
BUILDING = {"refresh_interval": "-1", "translog.durability": "async"}
BUILT = {"refresh_interval": None, "translog.durability": None}  # as they are by default
_tokens = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
MAPPINGS = {
    "dynamic": "strict",
    "_meta": {"format": FORMAT},
    # Tokens are indexed and never read back: kept as well, they would be two thirds of the disk.
    "_source": {"includes": ["body"]},
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


class ElasticsearchGeneration:
    """An index without the alias."""

    def __init__(self, client: elasticsearch.Elasticsearch, alias: str, name: str) -> None:
        self._client = client
        self._alias = alias
        self._name = name

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with reported():
            bulk(self._client, self._name, upserts, deletes, refresh=False)

    def go_live(self) -> None:
        """One request moves the alias. What it named before stays until the next generation: a
        search that has begun there would fail."""
        with reported():
            self._client.indices.put_settings(index=self._name, settings=BUILT)
            self._client.indices.flush(index=self._name)
            self._client.indices.refresh(index=self._name)
            live: list[str] = []
            if self._client.indices.exists_alias(name=self._alias):
                live = list(self._client.indices.get_alias(name=self._alias))
            added = {"index": self._name, "alias": self._alias, "is_write_index": True}
            actions: list[dict[str, Any]] = [{"add": added}]
            actions += [{"remove": {"index": name, "alias": self._alias}} for name in live]
            self._client.indices.update_aliases(actions=actions)
            self._clear_away(keep={self._name, *live})

    def _clear_away(self, keep: set[str]) -> None:
        """Generations of this alias that are neither read nor being built."""
        ours = re.compile(rf"{re.escape(self._alias)}-(?:first|[0-9a-f]{{12}})")
        found = self._client.indices.get_settings(index=f"{self._alias}-*")
        for name, state in found.items():
            building = state["settings"]["index"].get("refresh_interval") == "-1"
            if ours.fullmatch(name) and name not in keep and not building:
                self._client.indices.delete(index=name, ignore_unavailable=True)

    def discard(self) -> None:
        with reported():
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


def create_index(client: elasticsearch.Elasticsearch, name: str, alias: str = "") -> None:
    """One that is written and read under its alias, or without one, one that is being built."""
    aliases = {alias: {"is_write_index": True}} if alias else None
    settings = SETTINGS if alias else SETTINGS | BUILDING
    client.indices.create(index=name, settings=settings, mappings=MAPPINGS, aliases=aliases)


@contextmanager
def reported() -> Iterator[None]:
    """What the client raises, as what callers know. Texts may hold addresses: types only."""
    try:
        yield
    except elasticsearch.ApiError as error:
        raise IndexUnavailable(f"Elasticsearch refused: {error.error}") from error
    except elasticsearch.TransportError as error:
        raise IndexUnavailable(f"Elasticsearch unreachable: {type(error).__name__}") from error
