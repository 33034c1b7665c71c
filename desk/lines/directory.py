"""The lines as an administrator sees them: people, accounts, what is open, who serves instead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count

from desk.cases.models import OPEN_STATES, Case
from desk.conversations.models import Conversation
from desk.lines.accounts import Account, accounts
from desk.people.models import Hotline, User


@dataclass(frozen=True)
class LineRow:
    line: Hotline
    people: int
    accounts: list[Account]
    talks: int  # open ones
    cases: int  # open ones


def lines_with_people(file: Path | None) -> list[LineRow]:
    """Those that serve first. Raises `UnreadableAccounts`, unless without a file."""
    known = accounts(file) if file is not None else []
    users = User.objects.filter(is_active=True, hotlines__isnull=False)
    people = dict(users.order_by().values_list("hotlines").annotate(n=Count("pk")))
    open_talks = Conversation.objects.filter(closed_at__isnull=True)
    talks = dict(open_talks.order_by().values_list("hotline").annotate(n=Count("pk")))
    open_cases = Case.objects.filter(state__in=OPEN_STATES)
    cases = dict(open_cases.order_by().values_list("hotline").annotate(n=Count("pk")))
    lines = Hotline.objects.select_related("merged_into").order_by("code")
    rows = [
        LineRow(
            line,
            people.get(line.pk, 0),
            [one for one in known if one.hotline == line.pk],
            talks.get(line.pk, 0),
            cases.get(line.pk, 0),
        )
        for line in lines
    ]
    return sorted(rows, key=lambda row: row.line.merged_into_id is not None)
