"""The only place that chooses an engine."""

from __future__ import annotations

from pathlib import Path

from kb_index.index import Index


def open_index(home: Path, elasticsearch_url: str = "") -> Index:
    """Elasticsearch when it has an address, else files under `home`. Connects to nothing yet."""
    if elasticsearch_url:
        from kb_index.elasticsearch import ElasticsearchIndex  # 0.2 s that embedded never pays

        return ElasticsearchIndex(elasticsearch_url)
    from kb_index.embedded import EmbeddedIndex

    return EmbeddedIndex(home / "index")
