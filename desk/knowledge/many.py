"""Writing many entries at once: what `publishing` does one by one, in a few statements for all.

For entries that nobody is at: one that is under review, or planned for later, goes through
`publishing`, which knows what has to be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Revision, WorkflowState

from desk.knowledge.changes import entries_changed
from desk.knowledge.confirming import confirmed_still
from desk.knowledge.models import Entry
from desk.people.models import Hotline, User
from desk.row_updates import update_rows

_RELATIONS = ("department", "category", "latest_revision", "live_revision", "locked_by")
_OF_ROW = (
    *("question", "similar_questions", "answer", "department", "hotline_codes", "category"),
    *("keywords", "source", "document_number", "effective_from", "effective_to", "confirmed_on"),
    *("live", "first_published_at", "last_published_at", "expired", "go_live_at", "expire_at"),
)
_OF_VERSION = ("latest_revision", "live_revision", "has_unpublished_changes")


@transaction.atomic
def publish_many(entries: Sequence[Entry], user: User) -> None:
    """Make these versions what citizens are told. Raises Django's `ValidationError`."""
    now = timezone.now()
    for entry in entries:
        entry.live, entry.expired, entry.go_live_at = True, False, None
        entry.first_published_at = entry.first_published_at or now
        entry.last_published_at = now
        if entry.expire_at and entry.expire_at <= now:
            entry.expire_at = None
    _check(entries)
    _keep_rows(entries)
    for entry, revision in zip(entries, _versions(entries, user, now), strict=True):
        entry.latest_revision = entry.live_revision = revision
        entry.has_unpublished_changes = False
    update_rows(entries, _OF_VERSION)
    _log(entries, user, now, "wagtail.edit", "wagtail.publish")
    entries_changed(entry.external_id for entry in entries)


@transaction.atomic
def save_drafts(entries: Sequence[Entry], user: User) -> None:
    """Keep versions that citizens do not see. Raises Django's `ValidationError`."""
    now = timezone.now()
    _check(entries)
    # Nobody is told these rows, so lists and searches may show the newest words.
    _keep_rows([entry for entry in entries if not entry.live])
    for entry, revision in zip(entries, _versions(entries, user, now), strict=True):
        entry.latest_revision = revision
        entry.has_unpublished_changes = True
    update_rows(entries, ("latest_revision", "has_unpublished_changes"))
    _log(entries, user, now, "wagtail.edit")


def left_alone(entries: Collection[Entry]) -> set[int]:
    """The ids of those that nobody is at: not under review, sent back or planned."""
    ids = {str(entry.pk): entry.pk for entry in entries}
    kind = ContentType.objects.get_for_model(Entry)
    of_these = {"base_content_type": kind, "object_id__in": list(ids)}
    busy = WorkflowState.objects.active().filter(**of_these).values_list("object_id", flat=True)
    planned = Revision.objects.filter(approved_go_live_at__isnull=False, **of_these)
    taken = {*busy, *planned.values_list("object_id", flat=True)}
    return {pk for name, pk in ids.items() if name not in taken}


def _check(entries: Sequence[Entry]) -> None:
    known = set(Hotline.objects.values_list("code", flat=True))
    for entry in entries:
        entry.clean_fields(exclude=_RELATIONS)
        if unknown := [code for code in entry.hotline_codes if code not in known]:
            raise ValidationError({"hotline_codes": _("Unknown hotline: %s") % "、".join(unknown)})
        entry.confirmed_on = confirmed_still(entry)


def _keep_rows(entries: Sequence[Entry]) -> None:
    update_rows([entry for entry in entries if entry.pk is not None], _OF_ROW)
    Entry.objects.bulk_create([entry for entry in entries if entry.pk is None])


def _versions(entries: Sequence[Entry], user: User, now: datetime) -> list[Revision]:
    kind = ContentType.objects.get_for_model(Entry)
    return Revision.objects.bulk_create(
        Revision(
            content_type=kind,
            base_content_type=kind,
            object_id=str(entry.pk),
            created_at=now,
            user=user,
            object_str=str(entry),
            content=entry.serializable_data(),
        )
        for entry in entries
    )


def _log(entries: Sequence[Entry], user: User, now: datetime, *actions: str) -> None:
    kind = ContentType.objects.get_for_model(Entry)
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(entry.pk),
            label=str(entry),
            action=action,
            timestamp=now,
            user=user,
            revision=entry.latest_revision,
            content_changed=True,
        )
        for entry in entries
        for action in actions
    )
