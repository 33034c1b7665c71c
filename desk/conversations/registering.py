"""A person turns a talk into a case: the bot's draft helps, the person answers for the rest."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from desk.cases.models import Case, Kind
from desk.cases.opening import Known, open_by_hand
from desk.conversations.drafts import draft_of
from desk.conversations.models import Author, Conversation, Message
from desk.conversations.ownership import NotAllowed, locked, tell
from desk.people.models import Department, User
from desk.people.rights import Right, may
from intake.privacy import mask_for_screen

LONGEST = 4000  # characters of the content
CONTENT_OF = 5  # the citizen's last messages, when there is no draft


@dataclass(frozen=True)
class Blank:
    """What a form for a new case begins with."""

    content: str = ""
    place: str = ""
    kind: str = Kind.COMPLAINT
    department: str = ""


def blank_for(conversation: Conversation) -> Blank:
    """The draft's values; without one, what the citizen said last. Numbers stay masked: the
    citizen's phone is kept with their contact anyway."""
    draft = draft_of(conversation)
    values = {name: field.value for name, field in draft.fields.items()} if draft else {}
    if content := values.get("content"):
        return Blank(
            content=mask_for_screen(content),
            place=values.get("place", ""),
            kind=values["kind"] if values.get("kind") in Kind else Kind.COMPLAINT,
            department=values.get("department", ""),
        )
    said = (
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .order_by("-id")
        .values_list("text", flat=True)[:CONTENT_OF]
    )
    return Blank(content="\n".join(mask_for_screen(text) for text in reversed(said)))


def register(conversation_id: int, user: User, asked: Blank) -> Case:
    """Open a case out of a talk and tell the citizen its number, in one transaction.

    Raises `NotAllowed`, in words for the person who tried.
    """
    if not may(user, Right.OPEN_CASES):
        raise NotAllowed(_("Your role does not open cases."))
    content = asked.content.strip()
    if not content:
        raise NotAllowed(_("Say first what it is about."))
    if len(content) > LONGEST:
        raise NotAllowed(_("This is too long: at most %d characters.") % LONGEST)
    department = None
    if asked.department:
        department = Department.objects.filter(name=asked.department).first()
        if department is None:
            raise NotAllowed(_("Unknown department: %s") % asked.department)
    with transaction.atomic():
        conversation = locked(conversation_id)
        citizen = conversation.citizen
        case = open_by_hand(
            user,
            conversation.hotline_id,
            content,
            Known(
                kind=Kind(asked.kind) if asked.kind in Kind else Kind.COMPLAINT,
                department=department,
                place=asked.place.strip()[:200],
                name=citizen.name,
                phone=citizen.phone,
            ),
            conversation,
        )
        if conversation.is_open:
            # The bot must not go on asking for a complaint that a person has taken.
            conversation.draft = None
            conversation.save(update_fields=["draft"])
            tell(conversation, _("Your case is number %s.") % case.number, user=user)
    return case
