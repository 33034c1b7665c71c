"""How long things are kept. A city may say otherwise for itself.

A shorter time than the least would take what people still work with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.keeping.errors import BadRule
from desk.keeping.models import RetentionRule

TALKS = "talks"
CASES = "cases"
SENT_FILES = "sent_files"


@dataclass(frozen=True)
class Rule:
    label: str | Promise
    days: int
    least: int


RULES = {
    TALKS: Rule(gettext_lazy("words of talks without a case, after the end"), 365, 7),
    CASES: Rule(gettext_lazy("personal data of cases, after they were closed"), 3 * 365, 90),
    SENT_FILES: Rule(gettext_lazy("files that were sent to citizens"), 30, 1),
}


def days(key: str) -> int:
    own = RetentionRule.objects.filter(key=key).values_list("days", flat=True).first()
    return RULES[key].days if own is None else own


def before(key: str, now: datetime) -> datetime:
    """What ended before this is kept no longer."""
    return now - timedelta(days=days(key))


def set_days(key: str, wanted: int, *, by: str, at: datetime) -> None:
    """Raises `BadRule`."""
    rule = RULES.get(key)
    if rule is None:
        words = {"key": key, "known": ", ".join(RULES)}
        raise BadRule(_("There is no rule %(key)s; there are: %(known)s") % words)
    if wanted < rule.least:
        words = {"key": key, "least": str(rule.least)}
        raise BadRule(_("%(key)s are kept for at least %(least)s days.") % words)
    RetentionRule.objects.update_or_create(
        key=key,
        # What was done for tonight may not be with the new number.
        defaults={"days": wanted, "changed_at": at, "changed_by": by, "done_on": None},
    )
