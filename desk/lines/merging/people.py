"""The line's people serve the other line from now on."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils.translation import pgettext_lazy

from desk.cases.actors import Actor
from desk.lines.merging.kinds import BATCH, EXAMPLES, Findings, Kind, Lines
from desk.people.models import Role, User


def look(lines: Lines) -> Findings:
    users = User.objects.filter(hotlines=lines.source)
    roles = dict(Role.choices)
    by_role = users.order_by("role").values_list("role").annotate(n=Count("pk"))
    return Findings(
        count=users.count(),
        parts=[(str(roles.get(role, role)), number) for role, number in by_role],
        examples=[f"{user} ({user.username})" for user in users.order_by("pk")[:EXAMPLES]],
    )


def move(lines: Lines, _actor: Actor, _at: datetime) -> int:
    users = list(User.objects.filter(hotlines=lines.source).order_by("pk")[:BATCH])
    for user in users:
        user.hotlines.add(lines.into)
        user.hotlines.remove(lines.source)
    return len(users)


KIND = Kind("people", pgettext_lazy("of a line", "People"), look, move)
