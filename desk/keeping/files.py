"""Files go after the commit that ended their rows, and again each night until they are gone."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from desk.conversations.models import Attachment
from desk.keeping.models import UnwantedFile
from environment.media_store import MediaStore

log = structlog.get_logger(__name__)
BATCH = 500


def drop_later(keys: Iterable[str]) -> int:
    """Inside the transaction that ends the rows; how many files it will be."""
    wanted = sorted(set(keys))
    UnwantedFile.objects.bulk_create(
        [UnwantedFile(key=key) for key in wanted], ignore_conflicts=True
    )
    if wanted:
        transaction.on_commit(drop_unwanted, robust=True)
    return len(wanted)


def drop_unwanted() -> int:
    """Returns how many files are gone. What the storage does not remove now is tried again."""
    store = MediaStore(settings.CITIZEN_MEDIA_URL)
    done = 0
    for row in UnwantedFile.objects.order_by("since", "pk")[:BATCH]:
        # Two citizens may have sent the same picture: it is kept once.
        if not Attachment.objects.filter(key=row.key).exists():
            try:
                store.remove(row.key)
            except OSError as error:
                log.warning("a file stays", key=row.key, error=type(error).__name__)
                row.since = timezone.now()  # behind the others
                row.save(update_fields=["since"])
                continue
            done += 1
        row.delete()
    return done
