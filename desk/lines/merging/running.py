"""A merge from its beginning to its end: kind by kind, in small transactions, taken up where it was
cut off. A dry run looks at the same kinds and changes nothing; both are kept as a row.

The order is what keeps everybody served meanwhile: the other line learns the answers first, then it
takes the citizens, then come the people and what they work on; at the very end the entries forget
the merged line.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.lines.merging import (
    cases,
    channels,
    entries,
    named,
    people,
    question_sets,
    references,
    rules,
    shift_plans,
    switch,
    talks,
)
from desk.lines.merging.kinds import CannotMerge, Kind, Lines, nothing
from desk.lines.merging.report import found, has_done, new_report
from desk.lines.models import Merge
from desk.people.models import Hotline
from desk.routing.overflow import CITY_LINE


def _late(lines: Lines, actor: Actor, at: datetime) -> int:
    """A message or a case that was under way while its kind was moved."""
    return talks.move(lines, actor, at) + cases.move(lines, actor, at)


KINDS: tuple[Kind, ...] = (
    entries.TOO,
    switch.KIND,
    people.KIND,
    shift_plans.KIND,
    talks.KIND,
    cases.KIND,
    question_sets.KIND,
    rules.KIND,
    entries.ALONE,
    Kind("late", gettext_lazy("What came in meanwhile"), nothing, _late),
    named.KIND,
    channels.KIND,
)


def lines_of(source: str, into: str) -> Lines:
    """The two lines by their codes. Raises `CannotMerge`."""
    found_lines = {line.pk: line for line in Hotline.objects.filter(pk__in=[source, into])}
    for code in (source, into):
        if code not in found_lines:
            raise CannotMerge(_("Unknown hotline: %s") % code)
    lines = Lines(found_lines[source], found_lines[into])
    if source == into:
        raise CannotMerge(_("A line cannot merge into itself."))
    if source == CITY_LINE:
        raise CannotMerge(
            _("The city line takes what no district can; it does not merge into another.")
        )
    if lines.into.merged_into_id:
        raise CannotMerge(
            _("%(line)s was merged itself, into %(into)s.")
            % {"line": lines.into, "into": lines.into.merged_into}
        )
    if lines.source.merged_into_id not in (None, into):
        raise CannotMerge(
            _("%(line)s was merged itself, into %(into)s.")
            % {"line": lines.source, "into": lines.source.merged_into}
        )
    return lines


def dry_run(lines: Lines, *, by: str, at: datetime) -> Merge:
    """What a merge would find and move; nothing changes but the report's own row."""
    return Merge.objects.create(
        source=lines.source,
        into=lines.into,
        is_dry_run=True,
        by=by,
        started_at=at,
        finished_at=at,
        report=_looked_at(lines),
    )


def begin(lines: Lines, *, by: str, at: datetime) -> Merge:
    """A new merge, or the one that was cut off. Raises `CannotMerge`."""
    with transaction.atomic():
        Hotline.objects.select_for_update().get(pk=lines.source.pk)
        going_on = Merge.objects.filter(
            source=lines.source, is_dry_run=False, finished_at=None
        ).first()
        if going_on is None:
            return Merge.objects.create(
                source=lines.source,
                into=lines.into,
                is_dry_run=False,
                by=by,
                started_at=at,
                report=_looked_at(lines),
            )
    if going_on.into_id != lines.into.pk:
        raise CannotMerge(
            _("%(line)s is being merged into %(into)s; that has to be finished first.")
            % {"line": lines.source, "into": going_on.into}
        )
    return going_on


def go_on(
    merge: Merge,
    actor: Actor,
    *,
    at: datetime,
    settle: Callable[[], object],
    progress: Callable[[str, int], None] = lambda key, done: None,
) -> Merge:
    """To the end. `settle` waits for the index, outside of every transaction."""
    for kind in KINDS:
        while (merge := move_next(merge, kind, actor, at)).finished_at is None:
            progress(kind.key, has_done(merge.report, kind.key))
            if kind.key in merge.finished_kinds:
                break
        if kind.is_indexed:
            settle()
    return _finish(merge, at)


@transaction.atomic
def move_next(merge: Merge, kind: Kind, actor: Actor, at: datetime) -> Merge:
    """One batch more of one kind. Two at once move nothing twice."""
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.finished_at is not None or kind.key in merge.finished_kinds:
        return merge
    lines = Lines(merge.source, merge.into)
    moved = kind.move(lines, actor, at)
    found(merge.report, kind.key)["done"] += moved
    if not moved:
        merge.finished_kinds.append(kind.key)
    merge.save(update_fields=["report", "finished_kinds"])
    return merge


@transaction.atomic
def _finish(merge: Merge, at: datetime) -> Merge:
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.finished_at is None:
        merge.report["left"] = references.left(merge.source)
        merge.finished_at = at
        merge.save(update_fields=["report", "finished_at"])
    return merge


def _looked_at(lines: Lines) -> dict[str, object]:
    return new_report(
        lines, [(kind, kind.look(lines)) for kind in KINDS], references.unknown(lines.source)
    )
