"""Everything that the open talk's panes show, fetched through one door that checks permission."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone

from actions.protocol import Stage
from desk.cases.alike import Proposal, proposal_for, reported_already
from desk.cases.confirming import may_set_fields
from desk.cases.fields import Form, form_of_case, form_of_draft
from desk.cases.models import Case
from desk.cases.reading import may_act, readable_of
from desk.cases.step_forms import StepForm, step_forms
from desk.composing.mentions import unseen_of
from desk.conversations.drafts import draft_of
from desk.conversations.evidence import Span
from desk.conversations.inbox import practice_of, visible
from desk.conversations.models import Conversation, Owner
from desk.conversations.ownership import place_in_queue
from desk.conversations.reading import Found, talk_to_read
from desk.conversations.summary import Sentence, summary_of
from desk.conversations.thread import Thread, thread_of
from desk.people.models import User
from desk.people.rights import Right, may
from desk.workdays.calendar import current
from intake.privacy import mask_name, mask_phone

PAST = 5  # earlier cases and talks of the citizen that the side shows


@dataclass(frozen=True)
class Speaker:
    """Who may speak, for this user: ``bot``, ``queue``, ``mine``, ``colleague`` or ``closed``; or
    ``guest``, who reads a talk of another line."""

    kind: str
    place: int = 0
    may_take: bool = False

    @property
    def may_reply(self) -> bool:
        return self.kind == "mine"


@dataclass(frozen=True)
class Contact:
    """How to reach the citizen: masked unless somebody with the right looks, which is logged."""

    name: str
    phone: str
    is_revealed: bool = False


@dataclass(frozen=True)
class Talk:
    conversation: Conversation
    speaker: Speaker
    contact: Contact
    thread: Thread
    case: Case | None
    form: Form | None
    is_draft: bool
    steps: list[StepForm]
    past_cases: list[Case]
    past_talks: list[Conversation]
    summary: list[Sentence]
    alike: list[Case]  # open cases that the talk's case may repeat
    proposal: Proposal | None
    may_set: bool  # the fields of the case
    mentions: int  # unseen notes that name the reader
    because_of: Case | None = None  # of another line's talk: the own case that leads to it


def conversation_for(user: User, number: int) -> Conversation:
    """Not yours and not there answer alike."""
    conversation = None
    if may(user, Right.READ_CONVERSATIONS):
        conversation = (
            visible(user).filter(pk=number).first() or practice_of(user).filter(pk=number).first()
        )
    if conversation is None:
        raise Http404
    return conversation


def found_for(user: User, number: int) -> Found:
    """A talk to read, also of another line. Not yours and not there answer alike."""
    found = talk_to_read(user, number)
    if found is None:
        raise Http404
    return found


def talk_for(
    user: User,
    conversation: Conversation,
    *,
    since: int = 0,
    is_revealed: bool = False,
    because_of: Case | None = None,
) -> Talk:
    cases = list(readable_of(user, conversation).order_by("-id")[: PAST + 1])
    own = [case for case in cases if case.conversation_id == conversation.pk]
    case = own[0] if own else because_of
    is_ours = case is not None and may_act(user, case)
    form, is_draft = _form(conversation, case)
    now = timezone.now()
    spans: dict[str, list[Span]] = form.spans if form else {}
    return Talk(
        conversation=conversation,
        speaker=speaker_for(user, conversation) if because_of is None else Speaker("guest"),
        contact=contact_of(conversation, case, is_revealed=is_revealed),
        thread=thread_of(conversation, spans, since=since),
        case=case,
        form=form,
        is_draft=is_draft,
        steps=step_forms(case, user, now, current()) if case and is_ours else [],
        past_cases=[past for past in cases if past is not case][:PAST],
        past_talks=_past_talks(user, conversation, is_guest=because_of is not None),
        summary=summary_of(conversation, spans),
        alike=reported_already(user, case, now) if case and is_ours and not is_draft else [],
        proposal=proposal_for(case, now) if case and is_ours and not is_draft else None,
        may_set=case is not None and is_ours and not is_draft and may_set_fields(case, user),
        mentions=unseen_of(user).get(conversation.pk, 0),
        because_of=because_of,
    )


def _past_talks(user: User, conversation: Conversation, *, is_guest: bool) -> list[Conversation]:
    """Who reads a talk of another line because of a case sees no others of that line."""
    rows = visible(user) if is_guest else Conversation.with_practice.all()
    rows = rows.filter(citizen=conversation.citizen_id).exclude(pk=conversation.pk)
    return list(rows.order_by("-id")[:PAST])


def _form(conversation: Conversation, case: Case | None) -> tuple[Form | None, bool]:
    """A complaint that is being taken goes before a case that is taken already."""
    draft = draft_of(conversation)
    if draft is not None and draft.stage in (Stage.COLLECTING, Stage.CONFIRMING):
        return form_of_draft(draft), True
    return (form_of_case(case), False) if case else (None, False)


def contact_of(conversation: Conversation, case: Case | None, *, is_revealed: bool) -> Contact:
    citizen = conversation.citizen
    phone = citizen.phone or (case.contact_phone if case else "")
    name = case.contact_name if case else ""
    if is_revealed:
        return Contact(name or citizen.label, phone, is_revealed=True)
    return Contact(mask_name(name) if name else citizen.label, mask_phone(phone))


def speaker_for(user: User, conversation: Conversation) -> Speaker:
    if not conversation.is_open:
        return Speaker("closed")
    may_talk = may(user, Right.TALK)
    if conversation.owner == Owner.BOT:
        return Speaker("bot", may_take=may_talk)
    if conversation.owner == Owner.QUEUE:
        return Speaker("queue", place=place_in_queue(conversation), may_take=may_talk)
    if conversation.agent_id == user.pk:
        return Speaker("mine")
    return Speaker("colleague", may_take=may_talk and may(user, Right.SUPERVISE))
