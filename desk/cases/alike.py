"""What else is reported at the same place, and why a department is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from desk.cases.models import OPEN_STATES, Case, Kind, State
from desk.cases.reading import readable
from desk.people.models import User
from intake.repeats import Likeness, Report, most_alike

CANDIDATES = 200
LOOKED_BACK = timedelta(days=60)
COUNTED_BACK = timedelta(days=30)
SHOWN = 3
_KINDS = (Kind.COMPLAINT, Kind.HELP, Kind.SUGGESTION)


def reported_already(user: User, case: Case, now: datetime) -> list[Case]:
    """Open cases that this one may repeat, the likeliest first; of those that the user may read."""
    if case.kind not in _KINDS or case.confidential or not case.is_open or case.is_practice:
        return []
    new = _report(case)
    rows = _candidates(user, case, now)
    found: Iterable[tuple[Case, Likeness]] = most_alike(
        new, ((other, _report(other)) for other in rows), at_most=SHOWN
    )
    return [other for other, _likeness in found]


def _candidates(user: User, case: Case, now: datetime) -> QuerySet[Case]:
    return (
        readable(user)
        .prefetch_related(None)
        .filter(
            hotline=case.hotline_id,
            state__in=OPEN_STATES,
            kind__in=_KINDS,
            confidential=False,
            accepted_at__gte=now - LOOKED_BACK,
        )
        .exclude(pk=case.pk)
        .order_by("-id")[:CANDIDATES]
    )


def _report(case: Case) -> Report:
    return Report(
        text=case.content,
        place=case.place,
        on=localdate(case.accepted_at),
        category=case.category,
    )


@dataclass(frozen=True)
class Proposal:
    """Whom a case should go to, and what speaks for it."""

    department: str
    purpose: str
    alike: int  # cases of the same matter that went there
    of: int  # of all of that matter

    @property
    def reason(self) -> str:
        parts = []
        if self.purpose:
            parts.append(_("its duty: “%s”") % self.purpose)
        if self.alike:
            parts.append(
                _("%(alike)d of %(of)d cases of this matter went there within 30 days")
                % {"alike": self.alike, "of": self.of}
            )
        return _("; ").join(parts)


def proposal_for(case: Case, now: datetime) -> Proposal | None:
    """Only before the dispatch."""
    if case.state != State.ACCEPTED or case.department is None:
        return None
    alike = of = 0
    if case.category:
        rows = Case.objects.filter(
            hotline=case.hotline_id,
            category=case.category,
            dispatched_at__gte=now - COUNTED_BACK,
        ).exclude(pk=case.pk)
        of = rows.count()
        alike = rows.filter(department=case.department).count()
    return Proposal(case.department.name, case.department.purpose[:60], alike, of)
