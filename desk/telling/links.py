"""The address of a citizen's page of their case: a secret of its own, good for thirty days.

Whoever has it needs no login and no cookie, so it goes to that citizen alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

from desk.cases.models import Case
from desk.conversations.models import Citizen
from desk.telling.recipients import is_told_of

GOOD_FOR = timedelta(days=30)
_signer = signing.TimestampSigner(salt="desk.telling.links", sep=".")


class NoLonger(Exception):
    """The link has expired, is not one of ours, or the case is not this citizen's any more."""


@dataclass(frozen=True)
class Opened:
    case: Case
    citizen: Citizen

    @property
    def is_owner(self) -> bool:
        """Opened the case; otherwise they joined it, and what others said is not theirs to read."""
        return self.case.citizen_id == self.citizen.pk


def path_for(number: str, citizen: int) -> str:
    return f"/case/{_signer.sign(f'{number}-{citizen}')}"


def link_for(number: str, citizen: int) -> str:
    return f"{settings.QIANMEN.desk_url}{path_for(number, citizen)}"


def opened(signed: str) -> Opened:
    """Raises `NoLonger`."""
    try:
        number, _, citizen = _signer.unsign(signed, max_age=GOOD_FOR).rpartition("-")
        case = Case.objects.select_related("department", "hotline", "merged_into").get(
            number=number
        )
        person = Citizen.objects.get(pk=int(citizen))
    except (signing.BadSignature, ValueError) as error:
        raise NoLonger from error
    except (Case.DoesNotExist, Citizen.DoesNotExist) as error:
        raise NoLonger from error
    if person.is_erased or not is_told_of(case, person.pk):
        raise NoLonger
    return Opened(case, person)
