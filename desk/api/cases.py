"""Cases over the API: create, read, list, take steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Query, Router, Schema
from ninja import Status as Created

from desk.api.errors import forbidden, invalid, not_found
from desk.api.paging import LIMIT, page
from desk.cases.models import Case, ContactReveal, Kind, State, Urgency
from desk.cases.opening import Known, open_by_hand
from desk.cases.reading import every_case, may_know_citizen, narrowed, readable
from desk.cases.steps import take
from desk.people.models import Department, Hotline, User
from desk.people.rights import Right, hotlines_of, may
from intake.privacy import mask_for_screen, mask_phone

router = Router(tags=["cases"])


class NewCase(Schema):
    hotline: str
    content: str
    kind: Kind = Kind.COMPLAINT
    category: str = ""
    department: str = ""
    urgency: Urgency = Urgency.ORDINARY
    confidential: bool | None = None
    place: str = ""
    occurred_at: str = ""
    name: str = ""
    phone: str = ""


class Filters(Schema):
    state: State | None = None
    department: str | None = None
    hotline: str | None = None
    overdue: bool | None = None
    q: str | None = None
    cursor: str | None = None
    limit: int = LIMIT


@router.get("")
def list_cases(request: HttpRequest, filters: Query[Filters]) -> dict[str, Any]:
    user = _reader(request)
    rows = narrowed(
        readable(user),
        state=filters.state or "",
        department=filters.department or "",
        hotline=filters.hotline or "",
        is_overdue=filters.overdue,
        q=filters.q or "",
    )
    found, following = page(rows, filters.cursor, filters.limit)
    return {"items": [as_json(case, user) for case in found], "next": following}


@router.get("/{number}")
def read_case(request: HttpRequest, number: str, reveal: bool = False) -> dict[str, Any]:
    user = _reader(request)
    case = _find(user, number)
    if reveal:
        if not may(user, Right.SEE_CONTACTS) or not may_know_citizen(case, user):
            raise forbidden()
        ContactReveal.objects.create(user=user, case=case, citizen=case.citizen)
    return as_json(case, user, revealed=reveal)


@router.post("", response={201: dict[str, Any]})
def create_case(request: HttpRequest, body: NewCase) -> Created[dict[str, Any]]:
    user = _user(request)
    if not may(user, Right.OPEN_CASES):
        raise forbidden()
    if not body.content.strip():
        raise invalid(_("`content` is empty."))
    if not Hotline.objects.filter(code=body.hotline).exists():
        raise invalid(_("Unknown hotline: %s") % body.hotline)
    own = hotlines_of(user)
    if own is not None and body.hotline not in own:
        raise forbidden()
    department = None
    if body.department:
        department = Department.objects.filter(name=body.department).first()
        if department is None:
            raise invalid(_("Unknown department: %s") % body.department)
    case = open_by_hand(
        user,
        body.hotline,
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
    # Not looked up as theirs once more: who sent it to another line reads it no longer.
    return as_json(every_case().get(pk=case.pk), user)


def as_json(case: Case, user: User, *, revealed: bool = False) -> dict[str, Any]:
    """A case in the contract's form; contacts masked unless this reading reveals them."""
    name, phone = case.contact_name, case.contact_phone
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
        "due_at": _iso(case.due_at),
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
            if field.name not in _OF_CITIZEN or may_know_citizen(case, user)
        },
        "events": [
            {
                "at": _iso(event.at),
                "kind": event.kind,
                "by": event.by,
                "note": _note(event.note, revealed),
            }
            for event in case.events.all()
        ],
    }


_OF_CITIZEN = frozenset({"name", "phone"})


def _note(note: str, revealed: bool) -> str:
    """What citizens say in the history has their numbers in it."""
    return note if revealed else mask_for_screen(note)


def _masked(name: str, value: str) -> str:
    if name == "name":
        return f"{value[:1]}**" if value else ""
    return mask_for_screen(value)


def _iso(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _reader(request: HttpRequest) -> User:
    user = _user(request)
    if not may(user, Right.READ_CASES):
        raise forbidden()
    return user


def _find(user: User, number: str) -> Case:
    case = readable(user).filter(number=number).first()
    if case is None:
        raise not_found(number)
    return case
