"""An ended talk whose answer the knowledge does not have: offered once as a draft of an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.models import Author, Conversation, Message
from desk.conversations.ownership import NotAllowed
from desk.knowledge.models import Entry
from desk.knowledge.publishing import save_draft
from desk.knowledge.trying import told_now
from desk.lessons.models import Lesson
from desk.people.models import User
from intake.privacy import mask_for_bot
from kb_index.decision import Outcome
from kb_index.index import IndexUnavailable

OFFERED_FOR = timedelta(hours=24)  # after the talk has ended
SHORTEST = 20  # characters of what a colleague wrote; less is courtesy
LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Proposal:
    """A draft as the talk suggests it, in the citizen's and the colleague's own words."""

    question: str
    answer: str


def proposal_for(conversation: Conversation, user: User) -> Proposal | None:
    """What the talk could become, for the colleague who answered in it; None: nothing new.

    Personal numbers are taken out. A complaint that became a case teaches no answer.
    """
    if (
        conversation.is_practice
        or not _is_fresh(conversation)
        or Lesson.objects.filter(conversation=conversation).exists()
    ):
        return None
    if conversation.cases.exists():
        return None
    own = Message.objects.filter(conversation=conversation, author=Author.AGENT, user=user)
    words = [message for message in own.order_by("pk") if message.text.strip()]
    answer = "\n".join(message.text.strip() for message in words)
    if len(answer) < SHORTEST:
        return None
    question = _question_before(words[0])
    if not question or _is_known(question, conversation.hotline_id):
        return None
    return Proposal(mask_for_bot(question)[:LONGEST_QUESTION], mask_for_bot(answer))


def keep_draft(conversation: Conversation, user: User, question: str, answer: str) -> Entry:
    """The draft, for editors to complete and a second person to review. Raises `NotAllowed`.

    A talk of which nobody wanted a draft may still become one.
    """
    question, answer = question.strip(), answer.strip()
    if not question or not answer:
        raise NotAllowed(_("A draft needs a question and an answer."))
    if len(question) > LONGEST_QUESTION:
        raise NotAllowed(_("The question is too long: at most 200 characters."))
    name = f"talk-{conversation.pk}"
    asked = mask_for_bot(_first_question(conversation, user))[:LONGEST_QUESTION]
    entry = Entry(
        external_id=name,
        question=question,
        similar_questions=[asked] if asked and asked != question else [],
        answer=answer,
        hotline_codes=[conversation.hotline_id],
        live=False,
    )
    try:
        with transaction.atomic():
            Lesson.objects.filter(conversation=conversation, entry="").delete()
            Lesson.objects.create(conversation=conversation, entry=name, by=user)
            save_draft(entry, user)
    except IntegrityError:
        raise NotAllowed(_("This talk has become a draft already.")) from None
    except ValidationError as error:
        raise NotAllowed("；".join(error.messages)) from error
    return entry


def decline(conversation: Conversation, user: User) -> None:
    """Not asked again. Twice is once."""
    Lesson.objects.get_or_create(conversation=conversation, defaults={"by": user})


def _is_fresh(conversation: Conversation) -> bool:
    closed = conversation.closed_at
    return closed is not None and closed > timezone.now() - OFFERED_FOR


def _question_before(message: Message) -> str:
    """The longest of what the citizen said just before: greetings are shorter."""
    said = Message.objects.filter(
        conversation=message.conversation_id, author=Author.CITIZEN, pk__lt=message.pk
    ).order_by("-pk")[:3]
    return max((one.text.strip() for one in said), key=len, default="")


def _first_question(conversation: Conversation, user: User) -> str:
    first = (
        Message.objects.filter(conversation=conversation, author=Author.AGENT, user=user)
        .order_by("pk")
        .first()
    )
    return _question_before(first) if first else ""


def _is_known(question: str, hotline: str) -> bool:
    """Whether citizens are told an answer to this already; while that is unknown, nothing is
    offered."""
    try:
        return told_now(question, hotline)["outcome"] == Outcome.ANSWERED
    except IndexUnavailable:
        return True
