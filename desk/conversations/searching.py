"""Finding talks by words, a name, a case's number or the end of a phone number.

PostgreSQL has an index of pairs of letters (see the migration that makes it): a word of two
characters is found among a million talks without reading them. What has the pairs is compared as
written; each way of finding is asked by itself, newest first and no more than are shown.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField

from desk.conversations.models import Conversation


def matching(rows: QuerySet[Conversation], q: str, at_most: int) -> QuerySet[Conversation]:
    """Those of `rows` that have what is typed: of each way of finding the newest `at_most`."""
    ways = [_with(rows, "last_words", q), _with(rows, "citizen__name", q)]
    if q.isdigit():
        ways += [rows.filter(cases__number__startswith=q), _phone_ends(rows, q)]
    found: set[int] = set()
    for way in ways:
        found.update(way.order_by("-last_at").values_list("pk", flat=True)[:at_most])
    return rows.filter(pk__in=found)


def _with(rows: QuerySet[Conversation], column: str, q: str) -> QuerySet[Conversation]:
    held = rows.filter(**{f"{column}__icontains": q})
    if connection.vendor != "postgresql":
        return held
    pairs = Func(F(column), function="letter_pairs", output_field=ArrayField(TextField()))
    return held.alias(_pairs=pairs).filter(Q(("_pairs__contains", _pairs_of(q))))


def _phone_ends(rows: QuerySet[Conversation], q: str) -> QuerySet[Conversation]:
    if connection.vendor != "postgresql":
        return rows.filter(citizen__phone__endswith=q)
    turned = Func(F("citizen__phone"), function="reverse", output_field=TextField())
    return rows.alias(_turned=turned).filter(_turned__startswith=q[::-1])


def _pairs_of(q: str) -> list[str]:
    lowered = q.lower()
    return sorted({lowered[at : at + 2] for at in range(len(lowered) - 1)})
