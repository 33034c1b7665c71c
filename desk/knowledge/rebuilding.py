"""The whole index from the database, beside the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from django.utils import timezone

from desk.knowledge.models import Entry, IndexTask
from desk.quality.models import Cause
from desk.quality.runs import want_run
from desk.synonyms.publishing import publish_if_changed, reconcile_synonyms
from environment.settings import Settings
from kb_index.article import Article
from kb_index.build import rebuild
from kb_index.opening import open_index


def rebuild_index(settings: Settings, progress: Callable[[int, int], None]) -> int:
    """Build a new generation, replay what changed meanwhile, swap; returns how many entries."""
    last_task = IndexTask.objects.order_by("-id").values_list("id", flat=True).first() or 0
    total = Entry.objects.filter(live=True).count()

    def changed_since() -> tuple[Sequence[Article], Sequence[str]]:
        names = set(
            IndexTask.objects.filter(id__gt=last_task).values_list("external_id", flat=True)
        )
        live = {entry.external_id: entry.to_article() for entry in _live(names)}
        return list(live.values()), sorted(names - set(live))

    rebuild(
        settings.home,
        settings.elasticsearch_url,
        _articles(),
        lambda done, _total: progress(done, total),
        changed_since,
    )
    with closing(open_index(settings.home, settings.elasticsearch_url)) as index:
        reconcile_synonyms(index)
        publish_if_changed(index)
    want_run(Cause.REBUILT, timezone.now())
    return total


def _articles() -> Iterator[Article]:
    rows = Entry.objects.filter(live=True).select_related("department", "category")
    for entry in rows.iterator(chunk_size=500):
        yield entry.to_article()


def _live(names: set[str]) -> Iterator[Entry]:
    return (
        Entry.objects.filter(live=True, external_id__in=names)
        .select_related("department", "category")
        .iterator()
    )
