"""Writing entries: drafts, publishing, withdrawing. Pages, API and imports all come through here,
so that every version stands in the history with whoever made it.
"""

from __future__ import annotations

from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import Revision

from desk.knowledge.changes import entry_changed
from desk.knowledge.models import Entry
from desk.people.models import User


def save_draft(entry: Entry, user: User | None) -> Revision:
    """Keep a version that citizens do not see. Raises Django's `ValidationError`."""
    entry.full_clean()
    if entry.pk is None:
        entry.live = False
    if not entry.live:  # nobody is told this row, so lists and searches may show the newest words
        entry.save()
    # `clean` would ask the same once more, row for row of an import.
    revision: Revision = entry.save_revision(user=user, log_action=True, clean=False)
    return revision


def publish(entry: Entry, user: User | None) -> None:
    """Make this version what citizens are told, now: a plan for later is dropped."""
    entry.go_live_at = None
    if entry.expire_at and entry.expire_at <= timezone.now():
        entry.expire_at = None
    # Who may publish was asked before: by the page, the API or the command.
    save_draft(entry, user).publish(user=user, skip_permission_checks=True)


def withdraw(entry: Entry, user: User | None) -> None:
    """Citizens are no longer told this, nor what was planned. Withdrawing twice is once."""
    stored = Entry.objects.get(pk=entry.pk) if entry.pk else entry
    if stored.pk is None:
        save_draft(stored, user)
    elif stored.live:
        UnpublishAction(stored, user=user).execute(skip_permission_checks=True)
    stored.revisions.update(approved_go_live_at=None)
    entry_changed(stored.external_id)
