"""Which line serves a hotline's citizens: itself, or the one that it was merged into.

A merged line stays a row: accounts, imports and forms may name it still, and its history does.
Whoever opens, moves or plans something asks here first; whoever reads history asks `with_absorbed`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from desk.people.models import Hotline


def serving(code: str) -> str:
    """The code of the line that serves it now; of an unknown one the code itself."""
    into = Hotline.with_practice.filter(pk=code).values_list("merged_into", flat=True).first()
    return into or code


def all_serving(codes: Iterable[str]) -> list[str]:
    """The same of several, in their order, each once."""
    wanted = list(codes)
    merged = dict(
        Hotline.objects.filter(pk__in=wanted, merged_into__isnull=False).values_list(
            "pk", "merged_into"
        )
    )
    return list(dict.fromkeys(merged.get(code) or code for code in wanted))


def merged_into() -> dict[str, str]:
    """Of every line that was merged, the code of the one that serves it now."""
    rows = Hotline.objects.values_list("pk", "merged_into")
    return {code: into for code, into in rows if into is not None}


def serving_lines() -> QuerySet[Hotline]:
    """Those that still serve: what a form offers."""
    return Hotline.objects.filter(merged_into__isnull=True)


def with_absorbed(codes: Iterable[str]) -> frozenset[str]:
    """With the lines that were merged into them, whose history is theirs to read."""
    own = frozenset(codes)
    absorbed = Hotline.objects.filter(merged_into__in=own).values_list("pk", flat=True)
    return own | frozenset(absorbed)
