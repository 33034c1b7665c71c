"""Opening a case: out of a talk, with the words that each field rests on, or by a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from actions.protocol import Draft, Field
from desk.cases.actors import BOT, Actor
from desk.cases.ladder import day_seven
from desk.cases.models import Case, CaseField, Kind, Urgency
from desk.cases.numbers import number_for
from desk.cases.recording import record, tell_pages
from desk.conversations.models import Conversation, Message
from desk.people.models import Department, User

# The form of the standard, in the order in which an agent reads it.
FIELDS = ("content", "place", "time", "kind", "category", "department", "about", "name", "phone")


def open_from_talk(conversation: Conversation, cause: Message, draft: Draft) -> Case:
    """Open the case of a confirmed draft, in the transaction of the message that confirmed it.

    Opening it twice for the same message gives the same case.
    """
    existing = Case.objects.filter(caused_by=cause).first()
    if existing:
        return existing
    values = {name: field.value for name, field in draft.fields.items()}
    citizen = conversation.citizen
    now = timezone.now()
    kind = values.get("kind", "")
    case = Case.objects.create(
        number=number_for(conversation, now),
        hotline_id=conversation.hotline_id,
        channel=citizen.channel,
        conversation=conversation,
        citizen=citizen,
        kind=kind if kind in Kind else Kind.COMPLAINT,
        category=values.get("category", "")[:60],
        department=Department.objects.filter(name=values.get("department", "")).first(),
        confidential=kind == Kind.REPORT,
        content=values.get("content", ""),
        place=values.get("place", "")[:200],
        occurred_at=values.get("time", "")[:25],
        contact_name=(values.get("name") or ("" if draft.without_phone else citizen.name))[:40],
        contact_phone="" if draft.without_phone else citizen.phone,
        accepted_at=now,
        act_at=day_seven(now),
        caused_by=cause,
    )
    _keep_evidence(case, conversation, draft.fields)
    record(case, "accepted", BOT, at=now)
    tell_pages(case)
    return case


def _keep_evidence(case: Case, conversation: Conversation, fields: dict[str, Field]) -> None:
    said = {field.evidence.message for field in fields.values() if field.evidence}
    messages = {
        message.platform_id: message
        for message in Message.objects.filter(conversation=conversation, platform_id__in=said)
    }
    rows = []
    for name in FIELDS:
        field = fields.get(name)
        if field is None:
            continue
        words = field.evidence
        message = messages.get(words.message) if words else None
        rows.append(
            CaseField(
                case=case,
                name=name,
                value=field.value,
                confidence=field.confidence,
                message=message,
                start=words.start if words and message else 0,
                end=words.end if words and message else 0,
            )
        )
    CaseField.objects.bulk_create(rows)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a person who opens a case by hand knows besides hotline and content."""

    kind: Kind = Kind.COMPLAINT
    category: str = ""
    department: Department | None = None
    urgency: Urgency = Urgency.ORDINARY
    confidential: bool | None = None  # None: as the kind asks
    place: str = ""
    occurred_at: str = ""
    name: str = ""
    phone: str = ""


def open_by_hand(
    user: User,
    hotline: str,
    content: str,
    known: Known,
    conversation: Conversation | None = None,
) -> Case:
    """Open a case as a person typed it; every field is theirs."""
    now = timezone.now()
    confidential = known.confidential
    with transaction.atomic():
        case = Case.objects.create(
            number=number_for(conversation, now),
            hotline_id=hotline,
            channel=conversation.citizen.channel if conversation else "desk",
            conversation=conversation,
            citizen=conversation.citizen if conversation else None,
            kind=known.kind,
            category=known.category,
            department=known.department,
            urgency=known.urgency,
            confidential=known.kind == Kind.REPORT if confidential is None else confidential,
            content=content,
            place=known.place,
            occurred_at=known.occurred_at,
            contact_name=known.name,
            contact_phone=known.phone,
            accepted_at=now,
            act_at=day_seven(now),
        )
        values = {
            "content": content,
            "place": known.place,
            "time": known.occurred_at,
            "kind": known.kind,
            "category": known.category,
            "department": known.department.name if known.department else "",
            "name": known.name,
        }
        CaseField.objects.bulk_create(
            CaseField(case=case, name=name, value=value, confidence=1.0, confirmed_by=user)
            for name, value in values.items()
            if value
        )
        record(case, "accepted", Actor.of(user), at=now)
        tell_pages(case)
    return case
