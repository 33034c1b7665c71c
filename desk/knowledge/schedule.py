"""Versions that were approved for a later moment go live at it; what has an end ends at it.

Citizens hear nothing that is past its end in the meantime: `live.all_live` asks for that itself.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from wagtail.models import Revision

from desk.knowledge.models import Entry

log = structlog.get_logger(__name__)

AT_ONCE = 100


def keep_schedule(now: datetime) -> int:
    """Publish and end what is due; returns how many. Safe to repeat, and with several workers."""
    return _end(now) + _publish(now)


def _publish(now: datetime) -> int:
    due = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Entry), approved_go_live_at__lte=now
    ).order_by("approved_go_live_at", "pk")
    done = 0
    for key, entry in list(due.values_list("pk", "object_id")[:AT_ONCE]):
        try:
            with transaction.atomic():
                locked = Entry.objects.select_for_update(skip_locked=True).filter(pk=entry)
                # Another worker may have been first, or an editor have changed the plan.
                if locked.first() and (revision := due.filter(pk=key).first()):
                    revision.publish(log_action="wagtail.publish.scheduled")
                    done += 1
        except (IntegrityError, ValidationError) as error:
            log.error("a planned version cannot go live", entry=entry, error=str(error))
    return done


def _end(now: datetime) -> int:
    over = Entry.objects.filter(live=True, expire_at__lte=now)
    done = 0
    for key in list(over.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            entry = over.select_for_update(skip_locked=True).filter(pk=key).first()
            if entry is not None:
                planned = dict(_planned(entry).values_list("pk", "approved_go_live_at"))
                entry.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
                # Which also drops what was approved to follow it.
                for revision, at in planned.items():
                    entry.revisions.filter(pk=revision).update(approved_go_live_at=at)
                done += 1
    return done


def _planned(entry: Entry) -> QuerySet[Revision]:
    rows: QuerySet[Revision] = entry.revisions.filter(approved_go_live_at__isnull=False)
    return rows
