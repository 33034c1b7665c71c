"""Compares the whole index with the database, and asks for what differs to be written again.

An index can be new, restored, or of an engine that was not in use while entries changed.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec
import structlog

from desk.knowledge.models import Entry, IndexTask
from kb_index.article import Article
from kb_index.index import Index

log = structlog.get_logger(__name__)

BATCH = 500


def reconcile(index: Index) -> int:
    """Make a task for each entry that the index lacks, has otherwise or should not have.

    Returns how many. Raises `IndexUnavailable`: then nothing was asked for.
    """
    known = {article.external_id: _digest(article) for article in index.scan()}
    differing = []
    live = Entry.objects.filter(live=True).select_related("department", "category")
    for entry in live.iterator(chunk_size=BATCH):
        if known.pop(entry.external_id, None) != _digest(entry.to_article()):
            differing.append(entry.external_id)
    differing += known  # what is left is not live
    IndexTask.objects.bulk_create(
        (IndexTask(external_id=external_id) for external_id in differing), batch_size=BATCH
    )
    if differing:
        log.info("index differs from the database", entries=len(differing))
    return len(differing)


def _digest(article: Article) -> bytes:
    return blake2b(msgspec.json.encode(article), digest_size=16).digest()
