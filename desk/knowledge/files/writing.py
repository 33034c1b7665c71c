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
    """What an import did, over all its sittings."""

    run: int = 0
    done: int = 0
    total: int = 0
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
    run = open_run(rows, name=name, body=body, user=user, may_publish=may_publish)
    skipped = run.done
    while not (run := write_next(run, rows, user, may_publish, is_demo)).finished_at:
        progress(run.done, len(rows))
    progress(run.done, len(rows))
    return Written(
        run=run.pk,
        done=run.done,
        total=run.total,
        created=run.created,
        changed=run.changed,
        skipped=skipped,
        new_departments=run.new_departments,
        new_categories=run.new_categories,
    )


def open_run(
    rows: Sequence[Checked], *, name: str, body: bytes, user: User, may_publish: bool
) -> ImportRun:
    """The import of this file: where it was cut off, or from the start."""
    digest = hashlib.sha256(body + f"|{may_publish}|{len(rows)}".encode()).hexdigest()
    run, _created = ImportRun.objects.get_or_create(
        digest=digest, defaults={"name": name[:200], "total": len(rows), "by": user.username}
    )
    if run.finished_at is not None:  # the same file again: on purpose
        run.done = run.created = run.changed = 0
        run.new_departments, run.new_categories = [], []
        run.finished_at, run.started_at, run.by = None, timezone.now(), user.username
        run.save()
    return run


@transaction.atomic
def write_next(
    run: ImportRun,
    rows: Sequence[Checked],
    user: User,
    may_publish: bool,
    is_demo: bool = False,
) -> ImportRun:
    """Write one batch more; finished, the import says when. Two at once write nothing twice."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.finished_at is not None:
        return run
    batch = rows[run.done : run.done + BATCH]
    _write_batch(batch, user, may_publish, is_demo, run)
    run.done += len(batch)
    if run.done >= len(rows):
        run.finished_at = timezone.now()
    run.save()
    return run


def _write_batch(
    rows: Sequence[Checked], user: User, may_publish: bool, is_demo: bool, run: ImportRun
) -> None:
    known = {
        entry.external_id: entry
        for entry in Entry.objects.filter(external_id__in=[row.external_id for row in rows])
    }
    departments = _all_of(Department, {row.department for row in rows}, run.new_departments)
    categories = _all_of(Category, {row.category for row in rows}, run.new_categories)
    for row in rows:
        entry = known.get(row.external_id)
        if entry is None:
            entry = Entry(external_id=row.external_id, live=False, is_demo=is_demo)
            run.created += 1
        else:
            run.changed += 1
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
        if row.says_confirmed:
            entry.confirmed_on = row.confirmed_on
        if may_publish and row.status == "published":
            publish(entry, user)
            continue
        save_draft(entry, user)
        if may_publish and row.status == "withdrawn":
            withdraw(entry, user)


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
