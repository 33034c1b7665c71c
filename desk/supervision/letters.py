"""Writing letters: what happens to one department in one moment is one letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.cases.errors import BadBody, IllegalStep
from desk.cases.models import UNANSWERED, Case
from desk.cases.steps import take
from desk.cases.steps.bodies import need
from desk.people.models import User
from desk.supervision.models import Letter, LetterKind

TO_LEADER = frozenset({LetterKind.FIRST_CHASE, LetterKind.SECOND_CHASE, LetterKind.SUPERVISION})
MOST = 500  # cases in one letter by hand

type _Key = tuple[int, LetterKind, datetime]  # department, rung, its moment


def write(
    due: Iterable[tuple[Case, LetterKind, datetime]], written_at: datetime | None = None
) -> None:
    """Put each case into the letter of its department and rung, inside the caller's transaction.

    A letter stands at the moment of its rung; it is written when the round comes, by default now.
    A handful of queries for any number of letters; the same case twice in one is once.
    """
    groups: dict[_Key, list[int]] = defaultdict(list)
    for case, kind, at in due:
        assert case.department_id is not None
        groups[case.department_id, kind, at].append(case.pk)
    if not groups:
        return
    letters = _known(groups)
    Letter.objects.bulk_create(
        (_by_the_rules(key, written_at or timezone.now()) for key in groups if key not in letters),
        ignore_conflicts=True,
    )
    letters = _known(groups)
    lines = Letter.cases.through
    lines.objects.bulk_create(
        (
            lines(letter_id=letters[key], case_id=case)
            for key, cases in groups.items()
            for case in cases
        ),
        ignore_conflicts=True,
    )


def _known(keys: Iterable[_Key]) -> dict[_Key, int]:
    keys = set(keys)
    rows = Letter.objects.filter(
        user=None,
        department__in={department for department, _kind, _at in keys},
        at__in={at for _department, _kind, at in keys},
    ).values_list("department", "kind", "at", "pk")
    return {
        (department, LetterKind(kind), at): pk
        for department, kind, at, pk in rows
        if (department, kind, at) in keys
    }


def _by_the_rules(key: _Key, written_at: datetime) -> Letter:
    department, kind, at = key
    return Letter(
        department_id=department,
        kind=kind,
        at=at,
        by="system",
        to_leader=kind in TO_LEADER,
        written_at=written_at,
    )


def chase_by_hand(
    numbers: Sequence[str], text: str, user: User, *, at: datetime, to_leader: bool = False
) -> list[Letter]:
    """Chase many cases at once: a step in each, and one letter for each department.

    Raises `BadBody` for an empty text or when one of the cases is not with a department any more;
    then nothing has happened.
    """
    text = text.strip()
    need(text, "note")
    if not numbers or len(numbers) > MOST:
        raise BadBody(_("Pick 1 to %d cases.") % MOST)
    with transaction.atomic():
        groups: dict[int, list[Case]] = defaultdict(list)
        for number in sorted(set(numbers)):
            try:
                case = take(number, "chase", user, {"note": text}, at=at)
            except (Case.DoesNotExist, IllegalStep) as error:
                raise BadBody(_("Case %s cannot be chased any more.") % number) from error
            if case.state not in UNANSWERED or case.department_id is None:
                raise BadBody(_("Case %s is with no department now.") % number)
            groups[case.department_id].append(case)
        return [
            _by_hand(department, cases, text, user, at, to_leader)
            for department, cases in groups.items()
        ]


def _by_hand(
    department: int, cases: list[Case], text: str, user: User, at: datetime, to_leader: bool
) -> Letter:
    letter = Letter.objects.create(
        department_id=department,
        kind=LetterKind.CHASE,
        at=at,
        text=text,
        by=user.username,
        user=user,
        to_leader=to_leader,
        written_at=at,
    )
    letter.cases.set(cases)
    return letter
