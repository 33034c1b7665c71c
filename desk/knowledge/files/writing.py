"""Writes checked rows in small transactions, so that nothing else waits; takes up where it ended.

A long write would stop every other writer on SQLite, so a batch is small and says when it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils import timezone

from desk.knowledge.files.checking import Checked
from desk.knowledge.files.surveying import Fate, fate_of, known_of
from desk.knowledge.many import left_alone, publish_many, save_drafts
from desk.knowledge.models import Category, Entry, ImportRun
from desk.knowledge.publishing import publish, save_draft, withdraw
from desk.people.models import Department, User
from desk.people.serving import merged_into

BATCH = 100


@dataclass
class Written:
    """What an import did, over all its sittings."""

    run: int = 0
    done: int = 0
    total: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0  # it is all there already: no version is made
    skipped: int = 0  # written before by the same import, which was cut off
    new_departments: list[str] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)


def write_rows(
    rows: Iterable[Checked],
    *,
    run: ImportRun,
    user: User,
    may_publish: bool,
    progress: Callable[[int, int], None] = lambda done, total: None,
    is_demo: bool = False,
) -> Written:
    """Write all rows. A known id becomes a new version, unless it says what is there already; with
    `may_publish` what says `published` is live at once, otherwise it is a draft for review.
    """
    skipped = run.done
    writing = Writing(run, rows, user, may_publish=may_publish, is_demo=is_demo)
    while not (run := writing.next()).finished_at:
        progress(run.done, run.total)
    progress(run.done, run.total)
    return Written(
        run=run.pk,
        done=run.done,
        total=run.total,
        created=run.created,
        changed=run.changed,
        unchanged=run.unchanged,
        skipped=skipped,
        new_departments=run.new_departments,
        new_categories=run.new_categories,
    )


def open_run(file: BinaryIO, *, name: str, total: int, user: User, may_publish: bool) -> ImportRun:
    """The import of this file with so many good rows: where it was cut off, or from the start."""
    file.seek(0)
    digest = hashlib.file_digest(cast(Any, file), "sha256")
    digest.update(f"|{may_publish}|{total}".encode())
    run, _created = ImportRun.objects.get_or_create(
        digest=digest.hexdigest(),
        defaults={"name": name[:200], "total": total, "by": user.username},
    )
    if run.finished_at is not None:  # the same file again: on purpose
        run.done = run.created = run.changed = run.unchanged = 0
        run.new_departments, run.new_categories = [], []
        run.finished_at, run.started_at, run.by = None, timezone.now(), user.username
        run.save()
    return run


class ChangedFile(RuntimeError):
    """There are fewer rows than were counted: somebody changed the file meanwhile."""


class Writing:
    """Writes rows batch by batch, from where the import was cut off. `rows` are all of the file's
    good ones, read as they are needed."""

    def __init__(
        self,
        run: ImportRun,
        rows: Iterable[Checked],
        user: User,
        *,
        may_publish: bool,
        is_demo: bool = False,
    ) -> None:
        self._run, self._rows, self._at = run, iter(rows), 0
        self._user, self._may_publish, self._is_demo = user, may_publish, is_demo

    def next(self) -> ImportRun:
        """Write one batch more; finished, the import says when. Two at once write nothing twice."""
        self._skip_to(self._run.done)  # before anything is locked
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=self._run.pk)
            if run.finished_at is None:
                self._skip_to(run.done)
                batch = list(islice(self._rows, BATCH))
                _write_batch(batch, self._user, self._may_publish, self._is_demo, run)
                run.done += len(batch)
                self._at = run.done
                if not batch and run.done < run.total:
                    raise ChangedFile(f"{run.done} rows of {run.total}")
                if run.done >= run.total:
                    run.finished_at = timezone.now()
                run.save()
        self._run = run
        return run

    def _skip_to(self, done: int) -> None:
        for _written in islice(self._rows, done - self._at):
            self._at += 1


def _write_batch(
    rows: Sequence[Checked], user: User, may_publish: bool, is_demo: bool, run: ImportRun
) -> None:
    known = known_of(rows)
    departments = _all_of(Department, {row.department for row in rows}, run.new_departments)
    categories = _all_of(Category, {row.category for row in rows}, run.new_categories)
    serving, alone = merged_into(), left_alone(known.values())
    to_publish: list[Entry] = []
    to_keep: list[Entry] = []
    for row in rows:
        entry = known.get(row.external_id)
        if fate_of(row, entry, may_publish=may_publish) is Fate.UNCHANGED:
            run.unchanged += 1
            continue
        if entry is None:
            entry = Entry(external_id=row.external_id, live=False, is_demo=is_demo)
            run.created += 1
        else:
            run.changed += 1
        _fill(entry, row)
        entry.department = departments.get(row.department)
        entry.category = categories.get(row.category)
        # A file may name a line that was merged since.
        codes = (serving.get(code, code) for code in row.hotlines)
        entry.hotline_codes = list(dict.fromkeys(codes))
        is_simple = entry.pk is None or entry.pk in alone
        if may_publish and row.status == "published":
            if is_simple:
                to_publish.append(entry)
            else:
                publish(entry, user)
        elif may_publish and row.status == "withdrawn":
            save_draft(entry, user)
            withdraw(entry, user)
        elif is_simple:
            to_keep.append(entry)
        else:
            save_draft(entry, user)
    publish_many(to_publish, user)
    save_drafts(to_keep, user)


def _fill(entry: Entry, row: Checked) -> None:
    entry.question = row.question
    entry.similar_questions = row.similar_questions
    entry.answer = row.answer
    entry.keywords = row.keywords
    entry.source = row.source
    entry.document_number = row.document_number
    entry.effective_from = row.effective_from
    entry.effective_to = row.effective_to
    if row.says_confirmed:
        entry.confirmed_on = row.confirmed_on


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
