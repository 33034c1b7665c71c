"""Writes checked rows in small transactions, so that nothing else waits; takes up where it ended.

A long write would stop every other writer on SQLite, so a batch is small and says when it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from desk.knowledge.files.checking import Checked
from desk.knowledge.models import Category, Entry, ImportRun
from desk.knowledge.publishing import publish, save_draft, withdraw
from desk.people.models import Department, User

BATCH = 100


@dataclass
class Written:
    """What an import did."""

    run: int = 0
    created: int = 0
    changed: int = 0
    skipped: int = 0  # written before by the same import, which was cut off
    new_departments: list[str] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)


def write_rows(
    rows: Sequence[Checked],
    *,
    name: str,
    body: bytes,
    user: User,
    may_publish: bool,
    progress: Callable[[int, int], None] = lambda done, total: None,
    is_demo: bool = False,
) -> Written:
    """Write all rows. A known id becomes a new version; with `may_publish` what says `published`
    is live at once, otherwise it is a draft for review.
    """
    digest = hashlib.sha256(body + f"|{may_publish}|{len(rows)}".encode()).hexdigest()
    run, _created = ImportRun.objects.get_or_create(
        digest=digest, defaults={"name": name[:200], "total": len(rows), "by": user.username}
    )
    if run.finished_at is not None:
        run.done, run.finished_at = 0, None  # the same file again: on purpose
    written = Written(run=run.pk, skipped=run.done)
    for start in range(run.done, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        with transaction.atomic():
            _write_batch(batch, user, may_publish, is_demo, written)
            run.done = start + len(batch)
            run.save(update_fields=["done", "finished_at"])
        progress(run.done, len(rows))
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return written


def _write_batch(
    rows: Sequence[Checked], user: User, may_publish: bool, is_demo: bool, written: Written
) -> None:
    known = {
        entry.external_id: entry
        for entry in Entry.objects.filter(external_id__in=[row.external_id for row in rows])
    }
    departments = _all_of(Department, {row.department for row in rows}, written.new_departments)
    categories = _all_of(Category, {row.category for row in rows}, written.new_categories)
    for row in rows:
        entry = known.get(row.external_id)
        if entry is None:
            entry = Entry(external_id=row.external_id, live=False, is_demo=is_demo)
            written.created += 1
        else:
            written.changed += 1
        entry.question = row.question
        entry.similar_questions = row.similar_questions
        entry.answer = row.answer
        entry.department = departments.get(row.department)
        entry.hotline_codes = row.hotlines
        entry.category = categories.get(row.category)
        entry.keywords = row.keywords
        entry.source = row.source
        entry.document_number = row.document_number
        entry.effective_from = row.effective_from
        entry.effective_to = row.effective_to
        if may_publish and row.status == "published":
            publish(entry, user)
        elif may_publish and row.status == "withdrawn":
            withdraw(entry, user)
        else:
            save_draft(entry, user)


def _all_of[T: (Department, Category)](
    model: type[T], names: set[str], new: list[str]
) -> dict[str, T]:
    """The named rows; what is unknown is made, and said so."""
    names = names - {""}
    found = {row.name: row for row in model.objects.filter(name__in=names)}
    for name in sorted(names - found.keys()):
        found[name] = model.objects.create(name=name)
        new.append(name)
    return found
