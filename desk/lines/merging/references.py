"""Every reference to a line that there is: moved by a kind, or history on purpose.

A new one is met here, by its test, before a merge can forget it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignObjectRel, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from desk.cases.models import OPEN_STATES
from desk.cases.moments import SHANGHAI
from desk.people.models import Hotline

MOVED = frozenset(
    {
        "people.User.hotlines",
        "people.HotlineRule.hotline",
        "people.ShiftPlan.hotline",
        "people.Hotline.merged_into",
        "conversations.Conversation.hotline",
        "conversations.Conversation.home",
        "cases.Case.hotline",
        "quality.Question.hotline",
        "reviewing.SampleRule.hotline",
    }
)
HISTORY = frozenset({"conversations.LiveEvent.hotline", "lines.Merge.source", "lines.Merge.into"})

# What of a moved kind stays with the merged line.
_STAYS = {
    "cases.Case.hotline": ~Q(state__in=OPEN_STATES),
    "conversations.Conversation.hotline": Q(closed_at__isnull=False),
    "conversations.Conversation.home": Q(closed_at__isnull=False),
}


def references() -> dict[str, Any]:
    """All fields that refer to a line, by name."""
    found = {}
    for relation in Hotline._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            options = relation.field.model._meta
            if not options.auto_created:  # the table between people and lines is the field's own
                found[f"{options.label}.{relation.field.name}"] = relation.field
    return found


def left(line: Hotline) -> dict[str, int]:
    """What still refers to the line and is no history, by name."""
    counts = {}
    for name, field in references().items():
        if name in HISTORY:
            continue
        rows: QuerySet[Any] = field.model._base_manager.filter(**{field.name: line})
        if name in _STAYS:
            rows = rows.exclude(_STAYS[name])
        if name == "people.ShiftPlan.hotline":
            rows = rows.exclude(day__lt=localdate(timezone=SHANGHAI))
        if number := rows.count():
            counts[name] = number
    return counts


def unknown(line: Hotline) -> list[str]:
    """Rows of a reference that no kind moves, for a person to look at."""
    return [
        _("%(number)d rows of %(name)s name the line and are not moved.")
        % {"number": number, "name": name}
        for name, number in left(line).items()
        if name not in MOVED
    ]
