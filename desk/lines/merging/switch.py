"""From here on the other line serves the merged line's citizens, whatever account they write to."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.lines.merging.kinds import Findings, Kind, Lines
from desk.people.models import Hotline


def look(lines: Lines) -> Findings:
    absorbed = list(Hotline.objects.filter(merged_into=lines.source))
    is_to_do = lines.source.merged_into_id != lines.into.pk
    return Findings(count=is_to_do + len(absorbed), examples=[str(line) for line in absorbed])


def move(lines: Lines, _actor: Actor, at: datetime) -> int:
    source = Hotline.objects.select_for_update().get(pk=lines.source.pk)
    # Nobody has to follow from line to line: whoever was merged into this one goes along.
    moved = Hotline.objects.filter(merged_into=source).update(merged_into=lines.into)
    if source.merged_into_id == lines.into.pk:
        return moved
    source.merged_into, source.merged_at = lines.into, at
    source.save(update_fields=["merged_into", "merged_at"])
    return moved + 1


KIND = Kind("line", gettext_lazy("The line itself, and lines merged into it before"), look, move)
