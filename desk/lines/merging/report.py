"""What a merge tells: by kind what there was, what was done, what differs, what people have to do.

The same for the dry run, the real one, the page and the command; kept as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from desk.lines.merging.kinds import MOST_LISTED, Findings, Kind, Lines

type Report = dict[str, Any]


def new_report(
    lines: Lines, looked_at: Iterable[tuple[Kind, Findings]], unknown: Sequence[str]
) -> Report:
    return {
        "from": lines.source.pk,
        "into": lines.into.pk,
        "kinds": [
            {
                "key": kind.key,
                "label": str(kind.label),
                "found": findings.count,
                "done": 0,
                "parts": [[label, number] for label, number in findings.parts if number],
                "examples": findings.examples,
                "conflicts": findings.conflicts[:MOST_LISTED],
                "conflict_count": len(findings.conflicts),
                "to_do": findings.to_do,
                "kept": findings.kept,
            }
            for kind, findings in looked_at
        ],
        "unknown": list(unknown),
        "left": {},
    }


def found(report: Report, key: str) -> dict[str, Any]:
    return next(row for row in report["kinds"] if row["key"] == key)


def has_done(report: Report, key: str) -> int:
    return int(found(report, key)["done"])


def in_lines(report: Report, *, is_dry_run: bool) -> Iterator[str]:
    """As a terminal shows it."""
    for row in report["kinds"]:
        words = _("%(label)s: %(found)d found")
        if not is_dry_run:
            words = _("%(label)s: %(found)d found, %(done)d done")
        yield words % {"label": row["label"], "found": row["found"], "done": row["done"]}
        yield from (f"    {label}: {number}" for label, number in row["parts"])
        if row["examples"]:
            yield "    " + _("for example: %s") % "; ".join(row["examples"])
        if row["conflict_count"]:
            yield "    " + _("To be decided by people: %d") % row["conflict_count"]
            yield from (f"      ! {one}" for one in row["conflicts"])
        yield from (f"    → {one}" for one in row["to_do"])
        if row["kept"]:
            yield "    " + _("ends with the line, kept here:")
            yield from (f"      {one}" for one in row["kept"])
    yield from (f"! {one}" for one in report["unknown"])
    yield from (
        _("Still naming the line: %(name)s, %(number)d rows") % {"name": name, "number": number}
        for name, number in report["left"].items()
    )
