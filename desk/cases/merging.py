"""Two cases of one issue become one: the other number stays, and its citizen hears of the one.

Merging joins the citizen to the case that goes on; taking out again ends that, and nothing is lost.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from desk.cases.errors import BadBody
from desk.cases.models import OPEN_STATES, Case, CaseEvent, JoinedCitizen, State

# What a case was before it was merged is read from the last of these steps in its history.
_STATES = {"dispatch": State.DISPATCHED, "sign": State.SIGNED, "handle": State.HANDLING}


def merge(case: Case, number: str) -> None:
    """Let `case`, which is locked, go on in another one. Raises `BadBody`."""
    into = (
        Case.objects.select_for_update(of=("self",))
        .filter(number=number, hotline=case.hotline_id, state__in=OPEN_STATES)
        .exclude(pk=case.pk)
        .first()
    )
    if into is None:
        raise BadBody(_("There is no open case %s of this hotline.") % number)
    case.merged_into = into
    if case.citizen_id and case.citizen_id != into.citizen_id:
        JoinedCitizen.objects.update_or_create(
            case=into,
            citizen_id=case.citizen_id,
            defaults={"conversation": case.conversation},
        )
    CaseEvent.objects.create(
        case=into, kind="joined", by="system", note=case.content, data={"case": case.number}
    )


def unmerge(case: Case) -> None:
    """Let a locked, merged case stand on its own again, where it stood."""
    if case.merged_into and case.citizen_id:
        others = case.merged_into.merged.filter(citizen=case.citizen_id).exclude(pk=case.pk)
        if not others.exists():
            JoinedCitizen.objects.filter(case=case.merged_into, citizen=case.citizen_id).delete()
    case.merged_into = None
    last = (
        CaseEvent.objects.filter(case=case, kind__in=_STATES)
        .order_by("-at", "-id")
        .values_list("kind", flat=True)
        .first()
    )
    case.state = _STATES[last] if last else State.ACCEPTED
