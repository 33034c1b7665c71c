"""Knowledge of the line: first the other line's as well, in the end the other line's alone.

What is live, a draft over it, what is under review and what is scheduled are different versions of
one entry. A new version would bury the draft and miss the review, so that each of them is changed
where it stands, with a line in the entry's history. Older versions are history and keep the code:
who restores one gets the line that serves now (`Entry.clean`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.log_actions import log
from wagtail.models import Revision, TaskState, WorkflowState

from desk.after_commit import once_after_commit
from desk.cases.actors import Actor
from desk.knowledge.changes import wake_indexer
from desk.knowledge.listing import under_review
from desk.knowledge.models import Entry, IndexTask
from desk.lines.merging.kinds import BATCH, EXAMPLES, Findings, Kind, Lines

type Change = Callable[[list[str]], list[str]]

LOGGED = "lines.merge"


def look(lines: Lines) -> Findings:
    touched = _touched(lines.source.pk)
    versions = list(_versions(lines.source.pk).values_list("object_id", flat=True))
    drafts = Entry.objects.filter(pk__in=[int(one) for one in versions])
    every = (touched | drafts).distinct()
    under = every.filter(under_review())
    scheduled = every.filter(
        pk__in=[
            int(one)
            for one in _of_entries()
            .filter(approved_go_live_at__isnull=False)
            .values_list("object_id", flat=True)
        ]
    )
    conflicts, twins = _same_questions(lines)
    return Findings(
        count=every.count(),
        parts=[
            (pgettext("entries", "live"), every.filter(live=True).count()),
            (_("live, with a newer draft"), _changed(every).count()),
            (_("drafts and withdrawn ones"), every.filter(live=False).count()),
            (pgettext("entries", "under review"), under.count()),
            (pgettext("entries", "scheduled"), scheduled.count()),
            (_("the same question with the same answer in both lines"), twins),
        ],
        examples=[f"{one.external_id} {one.question}" for one in every[:EXAMPLES]],
        conflicts=conflicts,
    )


def look_at_the_end(lines: Lines) -> Findings:
    return Findings(count=_touched(lines.source.pk).count())


def move_in(lines: Lines, actor: Actor, _at: datetime) -> int:
    """The next ones are the other line's as well."""

    def both(codes: list[str]) -> list[str]:
        return codes if lines.into.pk in codes else [*codes, lines.into.pk]

    return _change(lines, actor, both, but_not=lines.into.pk)


def move_out(lines: Lines, actor: Actor, _at: datetime) -> int:
    """The next ones are no longer the merged line's."""

    def without(codes: list[str]) -> list[str]:
        kept = [code for code in codes if code != lines.source.pk]
        return kept if lines.into.pk in kept else [*kept, lines.into.pk]

    return _change(lines, actor, without)


def _change(lines: Lines, actor: Actor, change: Change, but_not: str = "") -> int:
    """The row and its current versions, of the next batch of entries."""
    numbers = list(_next(lines.source.pk, but_not))
    if not numbers:
        return 0
    entries = list(Entry.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    versions: dict[str, list[Revision]] = {}
    for version in _versions(lines.source.pk).filter(object_id__in=[str(one) for one in numbers]):
        versions.setdefault(version.object_id, []).append(version)
    for entry in entries:
        if lines.source.pk in entry.hotline_codes:
            entry.hotline_codes = change(entry.hotline_codes)
        for version in versions.get(str(entry.pk), ()):
            version.content["hotline_codes"] = change(version.content["hotline_codes"])
            version.save(update_fields=["content"])
        if not but_not:
            log(
                entry,
                LOGGED,
                user=actor.user,
                data={"from": lines.source.pk, "to": lines.into.pk},
            )
    Entry.objects.bulk_update(entries, ["hotline_codes"], batch_size=BATCH)
    IndexTask.objects.bulk_create(
        IndexTask(external_id=entry.external_id) for entry in entries if entry.live
    )
    once_after_commit(wake_indexer)
    return len(entries)


def _next(code: str, but_not: str) -> Iterator[int]:
    """Numbers of entries of which the row or a current version names the one code and, where that
    is asked, not the other."""
    rows, versions = _touched(code), _versions(code)
    if but_not:
        rows = rows.exclude(hotline_codes__icontains=f'"{but_not}"')
        versions = versions.exclude(content__hotline_codes__icontains=f'"{but_not}"')
    found = [*rows.order_by("pk").values_list("pk", flat=True)[:BATCH]]
    if len(found) < BATCH:
        more = versions.order_by("pk").values_list("object_id", flat=True)[: BATCH - len(found)]
        found += [int(one) for one in more]
    yield from dict.fromkeys(found)


def _touched(code: str) -> QuerySet[Entry]:
    return Entry.objects.filter(hotline_codes__icontains=f'"{code}"')


def _versions(code: str) -> QuerySet[Revision]:
    """What may still become live: the newest and the live version, scheduled ones, and those under
    review or sent back."""
    going_on = TaskState.objects.filter(
        workflow_state__status__in=[
            WorkflowState.STATUS_IN_PROGRESS,
            WorkflowState.STATUS_NEEDS_CHANGES,
        ],
        revision__isnull=False,
    )
    current = (
        Q(pk__in=Entry.objects.filter(latest_revision__isnull=False).values("latest_revision"))
        | Q(pk__in=Entry.objects.filter(live_revision__isnull=False).values("live_revision"))
        | Q(approved_go_live_at__isnull=False)
        | Q(pk__in=going_on.values("revision"))
    )
    rows: QuerySet[Revision] = _of_entries().filter(
        current, content__hotline_codes__icontains=f'"{code}"'
    )
    return rows


def _of_entries() -> QuerySet[Revision]:
    rows: QuerySet[Revision] = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Entry)
    )
    return rows


def _changed(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.filter(live=True, has_unpublished_changes=True)


def _same_questions(lines: Lines) -> tuple[list[str], int]:
    """What both lines ask alike: in words where the answers differ, as a number where not."""
    other: dict[str, list[Entry]] = {}
    theirs = _touched(lines.into.pk).exclude(pk__in=_touched(lines.source.pk).values("pk"))
    for entry in theirs.iterator(chunk_size=500):
        for question in _questions(entry):
            other.setdefault(question, []).append(entry)
    conflicts, twins = [], 0
    for entry in _touched(lines.source.pk).iterator(chunk_size=500):
        met = {
            twin.pk: twin for question in _questions(entry) for twin in other.get(question, ())
        }.values()
        twins += any(twin.answer == entry.answer for twin in met)
        conflicts += [
            _("%(one)s and %(other)s: “%(question)s”, with different answers")
            % {
                "one": entry.external_id,
                "other": twin.external_id,
                "question": entry.question,
            }
            for twin in met
            if twin.answer != entry.answer
        ]
    return conflicts, twins


def _questions(entry: Entry) -> Iterable[str]:
    asked = (entry.question, *entry.similar_questions)
    return {bare for one in asked if (bare := "".join(filter(str.isalnum, one.lower())))}


TOO = Kind("entries", gettext_lazy("Knowledge entries"), look, move_in, is_indexed=True)
ALONE = Kind(
    "entries_alone",
    gettext_lazy("Knowledge entries that no longer name the merged line"),
    look_at_the_end,
    move_out,
)
