"""Whose data is meant, however they were named.

One person may have several accounts, and cases that a colleague opened for them by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from desk.cases.models import OPEN_STATES, Case
from desk.conversations.models import Citizen, Conversation
from desk.keeping.errors import NobodyFound

_AROUND_DIGITS = str.maketrans("", "", " -－—()（）\t")


@dataclass(frozen=True)
class Scope:
    """Rows that go together: people, all their talks, all their cases."""

    citizens: tuple[int, ...] = ()
    talks: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()

    def open_cases(self) -> list[str]:
        rows = Case.with_practice.filter(pk__in=self.cases, state__in=OPEN_STATES)
        return list(rows.order_by("pk").values_list("number", flat=True))


def of_case(number: str) -> Scope:
    """The citizen of a case; without one, the case by itself. Raises `NobodyFound`."""
    found = Case.with_practice.filter(number=number).values_list("pk", "citizen").first()
    if found is None:
        raise NobodyFound(_("There is no case %s.") % number)
    case, citizen = found
    return whole([citizen] if citizen else [], [case])


def of_citizen(number: int) -> Scope:
    """Raises `NobodyFound`."""
    if not Citizen.objects.filter(pk=number).exists():
        raise NobodyFound(_("There is no citizen %d.") % number)
    return whole([number], [])


def of_phone(phone: str) -> Scope:
    """Whoever told this number, at whichever account and in whichever case.

    Raises `NobodyFound`.
    """
    digits = phone.translate(_AROUND_DIGITS).removeprefix("+86")
    cases = Case.with_practice.filter(
        Q(contact_phone=digits) | Q(fields__name="phone", fields__value=digits)
    ).distinct()
    found = list(cases.values_list("pk", "citizen")) if digits else []
    citizens = {citizen for _case, citizen in found if citizen}
    if digits:
        citizens |= set(Citizen.objects.filter(phone=digits).values_list("pk", flat=True))
    if not found and not citizens:
        raise NobodyFound(_("Nobody told us this phone number."))
    return whole(sorted(citizens), [case for case, _citizen in found])


def whole(citizens: Sequence[int], cases: Sequence[int]) -> Scope:
    """These people and cases, with all that belongs to them as it is now."""
    talks = Conversation.with_practice.filter(citizen__in=citizens)
    own = Case.with_practice.filter(
        Q(pk__in=cases) | Q(citizen__in=citizens) | Q(conversation__citizen__in=citizens)
    )
    return Scope(
        tuple(citizens),
        tuple(talks.order_by("pk").values_list("pk", flat=True)),
        tuple(own.order_by("pk").values_list("pk", flat=True).distinct()),
    )
