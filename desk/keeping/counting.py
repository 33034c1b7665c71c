"""Rows that an archive is compared by, counted in plain SQL: the file that is counted may be a copy
that Django does not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from desk.cases.models import Case
from desk.conversations.models import Conversation, Message
from desk.knowledge.models import Entry

# Also those of practice: managers do not come into it.
TABLES = {
    "cases": Case._meta.db_table,
    "conversations": Conversation._meta.db_table,
    "messages": Message._meta.db_table,
    "entries": Entry._meta.db_table,
}

type Ask = Callable[[str], Sequence[Sequence[Any]]]


def rows(ask: Ask) -> dict[str, int]:
    return {
        name: int(ask(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608  names of ours
        for name, table in TABLES.items()
    }


def migrations(ask: Ask) -> list[str]:
    found = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in found]


def ask_live(question: str) -> Sequence[Sequence[Any]]:
    """Asks the desk's own database."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def live_rows() -> dict[str, int]:
    """Of the desk's own database; nothing in one that has no tables yet."""
    there = set(connection.introspection.table_names())
    if not there.issuperset(TABLES.values()):
        return dict.fromkeys(TABLES, 0)
    return rows(ask_live)
