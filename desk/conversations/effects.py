"""Carries out what the bot decided, inside the transaction of the message that caused it.

A sentence that claims an effect is chosen here, after the effect has happened or has not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from django.utils.translation import gettext as _

from actions.protocol import Decision, Draft, Effect, EffectKind, Field, Reply, Stage, Words
from desk.cases.joining import cases_of, join
from desk.cases.models import OPEN_STATES, Case, CaseEvent, Kind
from desk.cases.opening import open_from_talk
from desk.conversations.models import Author, Conversation, Message, Owner, Rating
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
        outcome.replies.append(_ONE[effect.kind](effect, conversation, cause, decision, outcome))
    return outcome


def _open_case(
    effect: Effect,
    conversation: Conversation,
    cause: Message,
    _decision: Decision,
    outcome: Outcome,
) -> Reply:
    draft = _draft_of(effect, conversation)
    if draft is None or not draft.fields.get("content"):
        return effect.failed
    outcome.number = open_from_talk(conversation, cause, draft).number
    return effect.done


def _join_case(
    effect: Effect,
    conversation: Conversation,
    cause: Message,
    _decision: Decision,
    outcome: Outcome,
) -> Reply:
    """Into the case that was offered; into one of their own when that is gone meanwhile."""
    draft = _draft_of(effect, conversation)
    if draft is None or not draft.fields.get("content"):
        return effect.failed
    words = draft.fields["content"].value
    case = join(str(effect.data.get("number", "")), conversation, cause, words)
    if case is not None:
        outcome.number = case.number
        return effect.done
    outcome.number = open_from_talk(conversation, cause, draft).number
    return effect.failed


def _draft_of(effect: Effect, conversation: Conversation) -> Draft | None:
    """The draft that the citizen confirmed: the effect's own, or the conversation's."""
    raw = effect.data.get("draft") or conversation.draft
    return msgspec.convert(raw, Draft) if raw else None


def _request_agent(
    effect: Effect,
    conversation: Conversation,
    cause: Message,
    decision: Decision,
    outcome: Outcome,
) -> Reply:
    is_new = conversation.owner == Owner.BOT
    request_agent(conversation)
    if someone_is_present(conversation.hotline_id):
        return effect.done
    taking_a_case = decision.draft is not None and decision.draft.stage is not Stage.NONE
    case = None
    if is_new and not taking_a_case:
        # Nobody hears it now: what was said is a case, so that somebody must call back.
        case = _open_case_of(conversation) or _case_of_the_talk(conversation, cause)
    if case is None:
        return effect.failed
    outcome.number = case.number
    text = _(
        "Nobody is on shift right now. Your words are kept as case {number}; "
        "a colleague will answer you here or call you back."
    )
    return Reply(text=text, options=effect.failed.options)


def _open_case_of(conversation: Conversation) -> Case | None:
    """What this talk has already become."""
    return conversation.cases.filter(state__in=OPEN_STATES).order_by("-id").first()


def _case_of_the_talk(conversation: Conversation, cause: Message) -> Case | None:
    """What the citizen said before they asked for a person; None when that was nothing."""
    said = list(
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .exclude(pk=cause.pk)
        .order_by("-id")[:CONTENT_OF]
    )[::-1]
    if not said:
        return None
    longest = max(said, key=lambda message: len(message.text))
    content = "\n".join(message.text for message in said)
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
    effect: Effect,
    conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    _outcome: Outcome,
) -> Reply:
    return effect.done if cancel_agent(conversation) else effect.failed


def _chase(
    effect: Effect,
    conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    outcome: Outcome,
) -> Reply:
    """A citizen's push for an open case that they opened or joined: as named, or the latest."""
    own = cases_of(conversation.citizen_id).filter(state__in=OPEN_STATES)
    if number := effect.data.get("number"):
        own = own.filter(number=number)
    case = own.order_by("-id").first()
    if case is None:
        return effect.failed
    CaseEvent.objects.create(
        case=case, kind="chase", by="citizen", note=str(effect.data.get("note", ""))
    )
    outcome.number = case.number
    return effect.done


def _rate(
    effect: Effect,
    conversation: Conversation,
    _cause: Message,
    _decision: Decision,
    _outcome: Outcome,
) -> Reply:
    """What the citizen says of an answer, kept with it; a second tap corrects the first."""
    entry = str(effect.data.get("entry", ""))
    if not entry:
        return effect.failed
    answer = (
        Message.objects.filter(conversation=conversation, author=Author.BOT, entry=entry)
        .order_by("-id")
        .first()
    )
    if answer is None:
        return effect.failed
    answer.rating = Rating.USEFUL if effect.data.get("useful") else Rating.UNSOLVED
    answer.save(update_fields=["rating"])
    return effect.done


_ONE = {
    EffectKind.OPEN_CASE: _open_case,
    EffectKind.REQUEST_AGENT: _request_agent,
    EffectKind.CANCEL_AGENT: _cancel_agent,
    EffectKind.CHASE: _chase,
    EffectKind.JOIN_CASE: _join_case,
    EffectKind.RATE: _rate,
}
