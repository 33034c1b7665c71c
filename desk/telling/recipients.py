"""Who hears of a case: who opened it, who joined it, and who joined what was merged into it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from desk.cases.models import Case, JoinedCitizen
from desk.conversations.models import ERASED, INVENTED, Citizen


def citizens_of(cases: Sequence[Case]) -> dict[int, list[int]]:
    """By case the citizens to tell, each once, who opened it first. None of a practice."""
    whole = {case.pk: case for case in cases if not case.is_practice}
    into = {pk: pk for pk in whole}  # what was merged, however often, counts as where it ended
    frontier = set(whole)
    while frontier:
        rows = Case.objects.filter(merged_into__in=frontier).values_list("pk", "merged_into")
        merged = {pk: into[one] for pk, one in rows if one is not None and pk not in into}
        frontier = set(merged)
        into |= merged
    found: dict[int, list[int]] = {
        pk: [case.citizen_id] if case.citizen_id else [] for pk, case in whole.items()
    }
    joined = JoinedCitizen.objects.filter(case__in=into).order_by("pk")
    for case, citizen in joined.values_list("case", "citizen"):
        if citizen not in found[into[case]]:
            found[into[case]].append(citizen)
    everybody = {citizen for citizens in found.values() for citizen in citizens}
    if not everybody:
        return found
    nowhere = Q(external_id__startswith=ERASED) | Q(external_id__startswith=INVENTED)
    gone = set(Citizen.objects.filter(nowhere, pk__in=everybody).values_list("pk", flat=True))
    return {pk: [one for one in citizens if one not in gone] for pk, citizens in found.items()}


def is_told_of(case: Case, citizen: int) -> bool:
    if case.citizen_id == citizen:
        return True
    return JoinedCitizen.objects.filter(
        Q(case=case) | Q(case__merged_into=case), citizen=citizen
    ).exists()
