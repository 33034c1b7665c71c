"""Takes the groups from the database into the index. The indexer calls it after each commit, and
compares both when it compares the entries."""

from __future__ import annotations

import structlog
from django.db.models import F
from django.utils import timezone

from desk.synonyms.models import Edition, Group
from kb_index.index import Index
from kb_index.notes import publish_synonyms, published_synonyms
from kb_index.synonyms import BadSynonyms

log = structlog.get_logger(__name__)


def publish_if_changed(index: Index) -> bool:
    """Publish the newest edition; False when it is published. Raises `IndexUnavailable`: then it
    still waits."""
    edition = Edition.objects.filter(pk=1).exclude(number=F("published")).first()
    if edition is None:
        return False
    # Read after the number: what is written in between is published once more.
    groups = list(Group.objects.values_list("names", flat=True))
    fault = ""
    try:
        publish_synonyms(index, groups)
    except BadSynonyms as error:  # another version wrote them, by other rules
        log.error("synonyms were refused", fault=error.fault)
        fault = str(error)[:200]
    Edition.objects.filter(pk=1).update(
        published=edition.number, published_at=timezone.now(), fault=fault
    )
    return True


def reconcile_synonyms(index: Index) -> bool:
    """Ask for publication when the index has others than the database: it can be new, restored,
    or of an engine that was not in use. True when it did. Raises `IndexUnavailable`."""
    if published_synonyms(index) == list(Group.objects.values_list("names", flat=True)):
        return False
    edition, _created = Edition.objects.get_or_create(pk=1)
    if edition.fault:
        return False  # it would be refused again
    Edition.objects.filter(pk=1).update(number=F("number") + 1)
    log.info("synonyms differ from the database")
    return True
