"""What an endpoint is told: that something happened to a case. Never whose case it is."""

from __future__ import annotations

import json
from typing import Any

from desk.cases.moments import iso
from desk.webhooks.kinds import TEST
from desk.webhooks.models import Delivery
from intake.privacy import mask_for_screen, mask_name

# Their notes are a citizen's own words, or the value of a field before and after.
_CITIZENS_WORDS = frozenset({"joined", "changed"})


def body(delivery: Delivery) -> bytes:
    """The same bytes with each try, unless the citizen was erased in between."""
    return json.dumps(_told(delivery), ensure_ascii=False, separators=(",", ":")).encode()


def _told(delivery: Delivery) -> dict[str, Any]:
    event, case = delivery.event, delivery.case
    if event is None or case is None:
        nothing = {"case": "", "hotline": "", "state": "", "department": "", "due_at": None}
        by = delivery.endpoint.by
        return {"id": delivery.key, "at": iso(delivery.at), "kind": TEST, **nothing} | {
            "by": by,
            "note": "",
        }
    return {
        "id": delivery.key,
        "at": iso(event.at),
        "kind": event.kind,
        "case": case.number,
        "hotline": delivery.stood["hotline"],
        "state": delivery.stood["state"],
        "department": delivery.stood["department"],
        "due_at": delivery.stood["due_at"],
        "by": event.by,
        "note": _note(delivery),
    }


def _note(delivery: Delivery) -> str:
    """A colleague's words without numbers and without the citizen's name; of a confidential case,
    or by a citizen, none: who may read them reads the case."""
    event, case = delivery.event, delivery.case
    assert event is not None
    assert case is not None
    if case.confidential or event.by == "citizen" or event.kind in _CITIZENS_WORDS:
        return ""
    note = mask_for_screen(event.note)
    names = {case.contact_name, case.citizen.name if case.citizen else ""}
    for name in names:
        if len(name) > 1:
            note = note.replace(name, mask_name(name))
    return note
