"""Two cases of one issue become one: the other number stays, and its citizen hears of the one.

Merging joins the citizen to the case that goes on; taking out again ends that, and nothing is lost.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.errors import BadBody
from desk.cases.models import OPEN_STATES, Case, CaseEvent, JoinedCitizen, State
from desk.cases.recording import record
from desk.people.serving import serving


def merge(case: Case, number: str, by: Actor, at: datetime) -> None:
    """Let `case`, which is locked, go on in another one. Raises `BadBody`."""
    into = (
        Case.objects.select_for_update(of=("self",))
        .filter(number=number, hotline=case.hotline_id, state__in=OPEN_STATES)
        .exclude(pk=case.pk)
        .first()
    )
    if into is None:
        raise BadBody(_("There is no open case %s of this hotline.") % number, "into")
    case.merged_into = into
    if case.citizen_id and case.citizen_id != into.citizen_id:
        JoinedCitizen.objects.update_or_create(
            case=into,
            citizen_id=case.citizen_id,
            defaults={"conversation": case.conversation},
        )
    record(into, "joined", by, at=at, note=case.content, data={"case": case.number})


def unmerge(case: Case) -> State:
    """Let a locked, merged case stand on its own again; returns where it stood."""
    if case.merged_into and case.citizen_id:
        others = case.merged_into.merged.filter(citizen=case.citizen_id).exclude(pk=case.pk)
        if not others.exists():
            JoinedCitizen.objects.filter(case=case.merged_into, citizen=case.citizen_id).delete()
    case.merged_into = None
    case.hotline_id = serving(case.hotline_id)  # the line may have been merged meanwhile
    last = CaseEvent.objects.filter(case=case, kind="merge").order_by("-at", "-id").first()
    return State(last.data.get("was", State.ACCEPTED) if last else State.ACCEPTED)
