"""The names of the rates, their formulas, and what is said of a month in two sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk.reports.counting import Rate
from desk.reports.figures import Row, Share

LABELS: dict[Rate, str | Promise] = {
    Rate.CLOSURE: pgettext_lazy("rate", "Closure rate"),
    Rate.RESPONSE: pgettext_lazy("rate", "Response rate"),
    Rate.SOLUTION: pgettext_lazy("rate", "Solution rate"),
    Rate.SATISFACTION: pgettext_lazy("rate", "Satisfaction rate"),
    Rate.ON_TIME: pgettext_lazy("rate", "On time"),
}
FORMULAS: dict[Rate, str | Promise] = {
    Rate.CLOSURE: gettext_lazy("answered and accepted in review by the month's end ÷ due"),
    Rate.RESPONSE: gettext_lazy("signed or answered within 1 working day ÷ dispatched"),
    Rate.SOLUTION: gettext_lazy("solved ÷ called back and asked"),
    Rate.SATISFACTION: gettext_lazy("satisfied 4 or 5 ÷ called back and asked"),
    Rate.ON_TIME: gettext_lazy("answered and accepted by the due time ÷ due"),
}
GROUP_NAMES: dict[str, str | Promise] = {
    "department": gettext_lazy("Department"),
    "hotline": gettext_lazy("Hotline"),
    "category": gettext_lazy("Category"),
}
# By what the report is grouped: nobody is below the goal, or some are and one is the worst.
_BELOW: dict[str, tuple[str | Promise, str | Promise]] = {
    "department": (
        gettext_lazy("No department is below the goal of %d%%."),
        gettext_lazy(
            "%(count)d departments are below the goal of %(goal)d%%; %(name)s has the most to "
            "catch up: %(n)d of %(d)d."
        ),
    ),
    "hotline": (
        gettext_lazy("No hotline is below the goal of %d%%."),
        gettext_lazy(
            "%(count)d hotlines are below the goal of %(goal)d%%; %(name)s has the most to catch "
            "up: %(n)d of %(d)d."
        ),
    ),
    "category": (
        gettext_lazy("No category is below the goal of %d%%."),
        gettext_lazy(
            "%(count)d categories are below the goal of %(goal)d%%; %(name)s has the most to catch "
            "up: %(n)d of %(d)d."
        ),
    ),
}
# Below these a figure is red; a city sets its own.
GOALS = {
    Rate.CLOSURE: 85,
    Rate.RESPONSE: 92,
    Rate.SOLUTION: 75,
    Rate.SATISFACTION: 65,
    Rate.ON_TIME: 80,
}


@dataclass(frozen=True)
class Figure:
    """A rate as a page shows it."""

    rate: Rate
    label: str | Promise
    formula: str | Promise
    share: Share
    change: float | None  # points since the month before

    @property
    def percent(self) -> str:
        """As it is drawn and read; only asked for where something was counted."""
        return f"{self.share.percent:g}"

    @property
    def is_low(self) -> bool:
        percent = self.share.percent
        return percent is not None and percent < GOALS[self.rate]


def figures_of(row: Row, before: Row | None = None) -> list[Figure]:
    found = []
    for rate in Rate:
        share, was = row[rate], before[rate].percent if before else None
        change = None
        if share.percent is not None and was is not None:
            change = round(share.percent - was, 1)
        found.append(Figure(rate, LABELS[rate], FORMULAS[rate], share, change))
    return found


def summary(whole: Row, rows: Sequence[Row], group: str) -> str:
    """What a leader reads first: how much, and who holds it up (or where it is stuck)."""
    due, goal = whole[Rate.CLOSURE], GOALS[Rate.CLOSURE]
    if not due.d:
        return _("Nothing was due in this month.")
    said = _("%(d)d cases were due, %(n)d of them are done.") % {"d": due.d, "n": due.n}
    low = [row for row in rows if row.key and row[Rate.CLOSURE].d >= 3 and _is_low(row)]
    none, some = _BELOW[group]
    if not low:
        return said + none % goal
    worst = min(low, key=lambda row: row[Rate.CLOSURE].percent or 0)
    return said + some % {
        "count": len(low),
        "goal": goal,
        "name": worst.name,
        "n": worst[Rate.CLOSURE].n,
        "d": worst[Rate.CLOSURE].d,
    }


def _is_low(row: Row) -> bool:
    percent = row[Rate.CLOSURE].percent
    return percent is not None and percent < GOALS[Rate.CLOSURE]
