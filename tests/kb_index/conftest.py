"""Both engines, and a small knowledge base to keep in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import elasticsearch
import pytest

from kb_index.article import Article
from kb_index.index import Index
from kb_index.opening import open_index
from tests.kb_index.own_elasticsearch import CannotStart, answers, own_elasticsearch
from tests.kb_index.town import TOWN, an_article

ELASTICSEARCH = os.environ.get("ELASTICSEARCH_TEST_URL", "http://127.0.0.1:9200")


@pytest.fixture(scope="session")
def elasticsearch_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if answers(ELASTICSEARCH):
        yield ELASTICSEARCH
        return
    try:
        with own_elasticsearch(tmp_path_factory.mktemp("elasticsearch")) as address:
            yield address
    except CannotStart as missing:
        pytest.skip(f"no Elasticsearch: {missing}")


@pytest.fixture
def elasticsearch_url(elasticsearch_address: str) -> Iterator[str]:
    """An address of its own name, whose indices are removed afterwards."""
    name = f"qianmen-test-{uuid4().hex[:10]}"
    yield f"{elasticsearch_address}#{name}"
    with elasticsearch.Elasticsearch(elasticsearch_address, request_timeout=10) as client:
        for index in client.indices.get(index=f"{name}-*"):
            client.indices.delete(index=index)


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """What `ELASTICSEARCH_URL` holds: empty for the embedded engine."""
    if request.param == "embedded":
        return ""
    url: str = request.getfixturevalue("elasticsearch_url")
    return url


@pytest.fixture
def index(engine_url: str, tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path, engine_url)
    yield opened
    opened.close()


@pytest.fixture
def town() -> list[Article]:
    return [an_article(external_id) for external_id in TOWN]
