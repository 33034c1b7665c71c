"""Carries out what the bot decided, inside the transaction of the message that caused it.

A sentence that claims an effect is chosen here, after the effect has happened or has not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from django.utils.translation import gettext as _

from actions.protocol import Decision, Draft, Effect, EffectKind, Field, Reply, Stage, Words
from desk.cases.models import OPEN_STATES, Case, CaseEvent, Kind
from desk.cases.opening import open_from_talk
from desk.conversations.models import Author, Conversation, Message, Owner
from desk.conversations.ownership import cancel_agent, request_agent, someone_is_present

CONTENT_OF = 5  # the citizen's last messages that become a case when nobody is on shift


@dataclass
class Outcome:
    """What is to be said, and the number of a case that came into being."""

    replies: list[Reply] = field(default_factory=list)
    number: str = ""


def carry_out(decision: Decision, conversation: Conversation, cause: Message) -> Outcome:
    """Apply all effects to a locked conversation; returns the replies with their outcome."""
    outcome = Outcome(replies=list(decision.replies))
    for effect in decision.effects:
        done = _ONE[effect.kind](effect, conversation, cause, decision, outcome)
        outcome.replies.append(effect.done if done else effect.failed)
    return outcome


def _open_case(
    _effect: Effect,
    conversation: Conversation,
    cause: Message,
    decision: Decision,
    outcome: Outcome,
) -> bool:
    draft = _draft_of(_effect, conversation)
    if draft is None or not draft.fields.get("content"):
        return False
    outcome.number = open_from_talk(conversation, cause, draft).number
    return True


def _draft_of(effect: Effect, conversation: Conversation) -> Draft | None:
    """The draft that the citizen confirmed: the effect's own, or the conversation's."""
    raw = effect.data.get("draft") or conversation.draft
    return msgspec.convert(raw, Draft) if raw else None


def _request_agent(
    _effect: Effect,
    conversation: Conversation,
    cause: Message,
    decision: Decision,
    outcome: Outcome,
) -> bool:
    present = someone_is_present(conversation.hotline_id)
    if conversation.owner == Owner.BOT and not present and decision.draft is None:
        # Nobody hears it now: what was said is a case, so that somebody must call back.
        outcome.number = (
            _open_case_of(conversation) or _case_of_the_talk(conversation, cause)
        ).number
    request_agent(conversation)
    if outcome.number and not present:
        outcome.replies.append(
            Reply(
                text=_(
                    "Nobody is on shift right now. Your words are kept as case {number}; "
                    "a colleague will answer you here or call you back."
                )
            )
        )
    return present


def _open_case_of(conversation: Conversation) -> Case | None:
    """What this talk has already become."""
    return conversation.cases.filter(state__in=OPEN_STATES).order_by("-id").first()


def _case_of_the_talk(conversation: Conversation, cause: Message) -> Case:
    said = list(
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .order_by("-id")[:CONTENT_OF]
    )[::-1]
    longest = max(said, key=lambda message: len(message.text), default=cause)
    content = "\n".join(message.text for message in said) or cause.text
    draft = Draft(
        stage=Stage.CONFIRMING,
        fields={
            "content": Field(
                value=content,
                confidence=1.0,
                evidence=Words(message=longest.platform_id, start=0, end=len(longest.text)),
            ),
            "kind": Field(value=Kind.HELP, confidence=0.3),
        },
    )
    return open_from_talk(conversation, cause, draft)


def _cancel_agent(
    _effect: Effect,
    conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    _outcome: Outcome,
) -> bool:
    return cancel_agent(conversation)


def _chase(
    effect: Effect,
    conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    outcome: Outcome,
) -> bool:
    """A citizen's push for their own open case: the one that is named, or the latest."""
    own = Case.objects.filter(citizen_id=conversation.citizen_id, state__in=OPEN_STATES)
    if number := effect.data.get("number"):
        own = own.filter(number=number)
    case = own.order_by("-id").first()
    if case is None:
        return False
    CaseEvent.objects.create(
        case=case, kind="chase", by="citizen", note=str(effect.data.get("note", ""))
    )
    outcome.number = case.number
    return True


def _not_offered(
    _effect: Effect,
    _conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    _outcome: Outcome,
) -> bool:
    """Joining a like case and rating are not offered to citizens yet, so nobody can ask for it."""
    return False


_ONE = {
    EffectKind.OPEN_CASE: _open_case,
    EffectKind.REQUEST_AGENT: _request_agent,
    EffectKind.CANCEL_AGENT: _cancel_agent,
    EffectKind.CHASE: _chase,
    EffectKind.JOIN_CASE: _not_offered,
    EffectKind.RATE: _not_offered,
}
