"""Cases over the API: create, read, list, take steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Field, Query, Router, Schema
from ninja import Status as Created

from desk.api.errors import forbidden, invalid, not_found
from desk.api.paging import LIMIT, page
from desk.cases.models import Case, CaseEvent, ContactReveal, Kind, State, Urgency
from desk.cases.moments import iso
from desk.cases.opening import Known, open_by_hand
from desk.cases.reading import (
    every_case,
    given_away,
    may_act,
    may_know_citizen,
    narrowed,
    readable,
    to_read_by_number,
)
from desk.cases.steps import take
from desk.pages.typed import storable
from desk.people.models import Department, Hotline, User
from desk.people.rights import Right, hotlines_of, may
from desk.people.serving import serving
from intake.privacy import mask_for_screen, mask_phone

router = Router(tags=["cases"])


class NewCase(Schema):
    hotline: str
    content: str = Field(max_length=4000)
    kind: Kind = Kind.COMPLAINT
    category: str = Field("", max_length=60)
    department: str = ""
    urgency: Urgency = Urgency.ORDINARY
    confidential: bool | None = None  # left out: as the kind asks
    place: str = Field("", max_length=200)
    occurred_at: str = Field("", max_length=25)
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=20)


class Filters(Schema):
    state: State | None = None
    department: str | None = None
    hotline: str | None = None
    overdue: bool | None = None
    away: bool = False  # what the own lines gave to others, instead of what they have
    q: str | None = None
    cursor: str | None = None
    limit: int = LIMIT


@router.get("")
def list_cases(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    user = _reader(request)
    hotline = filters.hotline or ""
    rows = narrowed(
        given_away(user, hotline) if filters.away else readable(user),
        state=filters.state or "",
        department=storable(filters.department or ""),
        hotline="" if filters.away else hotline,
        is_overdue=filters.overdue,
        q=storable(filters.q or "").strip(),
    )
    found, following = page(rows, filters.cursor, filters.limit)
    return {"items": [as_json(case, user) for case in found], "next": following}


@router.get("/{number}")
def read_case(request: HttpRequest, number: str, reveal: bool = False) -> dict[str, Any]:
    user = _reader(request)
    case = to_read_by_number(user, number)
    if case is None or case.is_practice:
        raise not_found(number)
    if reveal:
        may_see = may(user, Right.SEE_CONTACTS) and may_act(user, case)
        if not may_see or not may_know_citizen(case, user):
            raise forbidden()
        ContactReveal.objects.create(user=user, case=case, citizen=case.citizen)
    return as_json(case, user, revealed=reveal)


@router.post("", response={201: dict[str, Any]})
def create_case(request: HttpRequest, body: NewCase) -> Created[dict[str, Any]]:
    user = _user(request)
    if not may(user, Right.OPEN_CASES):
        raise forbidden()
    if not body.content.strip():
        raise invalid(_("`content` is empty."), "content")
    if not Hotline.objects.filter(code=body.hotline).exists():
        raise invalid(_("Unknown hotline: %s") % body.hotline, "hotline")
    own = hotlines_of(user)
    if own is not None and body.hotline not in own:
        raise forbidden()
    department = None
    if body.department:
        department = Department.objects.filter(name=body.department).first()
        if department is None:
            raise invalid(_("Unknown department: %s") % body.department, "department")
    case = open_by_hand(
        user,
        serving(body.hotline),
        body.content.strip(),
        Known(
            kind=body.kind,
            category=body.category,
            department=department,
            urgency=body.urgency,
            confidential=body.confidential,
            place=body.place,
            occurred_at=body.occurred_at,
            name=body.name,
            phone=body.phone,
        ),
    )
    return Created(201, as_json(_find(user, case.number), user))


@router.post("/{number}/{step}")
def take_step(
    request: HttpRequest, number: str, step: str, body: Body[dict[str, Any] | None] = None
) -> dict[str, Any]:
    user = _reader(request)
    _find(user, number)
    case = take(number, step, user, body or {}, at=timezone.now())
    # Of whoever took the step, also when it has gone to where they read no more.
    return as_json(every_case().get(pk=case.pk), user)


def as_json(case: Case, user: User, *, revealed: bool = False) -> dict[str, Any]:
    """A case in the contract's form; contacts masked unless this reading reveals them."""
    is_known = may_know_citizen(case, user)
    name, phone = (case.contact_name, case.contact_phone) if is_known else ("", "")
    if not revealed:
        name = f"{name[:1]}**" if name else ""
        phone = mask_phone(phone) if phone else ""
    return {
        "number": case.number,
        "hotline": case.hotline_id,
        "channel": case.channel,
        "kind": case.kind,
        "category": case.category,
        "department": case.department.name if case.department else "",
        "co_departments": [department.name for department in case.co_departments.all()],
        "state": case.state,
        "urgency": case.urgency,
        "confidential": case.confidential,
        "content": case.content if revealed else mask_for_screen(case.content),
        "place": case.place,
        "occurred_at": case.occurred_at,
        "citizen": {"name": name, "phone": phone},
        "due_at": iso(case.due_at),
        "overdue": case.is_overdue,
        "fields": {
            field.name: {
                "value": _masked(field.name, field.value) if not revealed else field.value,
                "confidence": field.confidence,
                "evidence": {
                    "message": str(field.message_id),
                    "start": field.start,
                    "end": field.end,
                }
                if field.message_id
                else None,
            }
            for field in case.fields.all()
            if field.name not in _OF_CITIZEN or is_known
        },
        "events": [
            {
                "at": iso(event.at),
                "kind": _KINDS.get(event.kind, event.kind),
                "by": event.by,
                "note": _note(event, revealed=revealed, is_known=is_known),
            }
            for event in case.events.all()
            if event.kind != "accepted"  # the case itself says that
        ],
    }


_OF_CITIZEN = frozenset({"name", "phone"})
# The history is finer than the contract: what somebody adds is a note.
_KINDS = {"joined": "note", "changed": "note"}


def _note(event: CaseEvent, *, revealed: bool, is_known: bool) -> str:
    """What citizens say in the history has their numbers in it."""
    if not is_known and event.data.get("field") in _OF_CITIZEN:
        return ""
    return event.note if revealed else mask_for_screen(event.note)


def _masked(name: str, value: str) -> str:
    if name == "name":
        return f"{value[:1]}**" if value else ""
    return mask_for_screen(value)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _reader(request: HttpRequest) -> User:
    user = _user(request)
    if not may(user, Right.READ_CASES):
        raise forbidden()
    return user


def _find(user: User, number: str) -> Case:
    case = readable(user).filter(number=storable(number)).first()
    if case is None:
        raise not_found(number)
    return case
