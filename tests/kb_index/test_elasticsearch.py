from __future__ import annotations

import socket

import elasticsearch
import pytest

from kb_index.elasticsearch import ElasticsearchIndex
from kb_index.index import IndexUnavailable, NotAnIndex
from tests.kb_index.town import NOW, an_article


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_cluster_that_is_down_is_unavailable_in_every_method(nobody: str) -> None:
    index = ElasticsearchIndex(nobody)
    calls = [
        lambda: index.write([an_article()]),
        lambda: index.search_words(["居"], hotline="12341", now=NOW, limit=1),
        lambda: index.articles(["residence"]),
        lambda: index.get("residence"),
        lambda: index.frequencies(["居"]),
        index.stamp,
        index.count,
        lambda: list(index.scan()),
        index.new_generation,
    ]
    for call in calls:
        with pytest.raises(IndexUnavailable):
            call()
    index.close()


def test_the_reason_names_no_address(nobody: str) -> None:
    index = ElasticsearchIndex(nobody.replace("://", "://elastic:secret@"))
    with pytest.raises(IndexUnavailable) as raised:
        index.count()
    assert "secret" not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)
    index.close()


def test_two_installations_share_a_cluster_under_their_names(elasticsearch_url: str) -> None:
    ours, theirs = (
        ElasticsearchIndex(elasticsearch_url),
        ElasticsearchIndex(f"{elasticsearch_url}-b"),
    )
    ours.write([an_article()])
    assert ours.count() == 1
    assert theirs.count() == 0
    ours.close()
    theirs.close()


def test_an_index_of_another_format_is_refused(
    elasticsearch_url: str, elasticsearch_address: str
) -> None:
    name = elasticsearch_url.partition("#")[2]
    with elasticsearch.Elasticsearch(elasticsearch_address, request_timeout=10) as client:
        client.indices.create(
            index=f"{name}-old", aliases={name: {}}, mappings={"_meta": {"format": 0}}
        )
    index = ElasticsearchIndex(elasticsearch_url)
    with pytest.raises(NotAnIndex, match="rebuild"):
        index.search_words(["居"], hotline="12341", now=NOW, limit=1)
    with pytest.raises(NotAnIndex):
        index.write([an_article()])
    index.close()
