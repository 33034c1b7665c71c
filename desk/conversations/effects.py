"""Carries out what the bot decided, inside the transaction of the message that caused it.

A sentence that claims an effect is chosen here, after the effect has happened or has not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.protocol import Decision, Draft, Effect, EffectKind, Reply, Stage
from desk.cases.actors import CITIZEN
from desk.cases.joining import cases_of, join
from desk.cases.models import OPEN_STATES
from desk.cases.opening import open_from_talk
from desk.cases.steps import take
from desk.conversations.models import Author, Conversation, Message, Owner, Rating
from desk.conversations.ownership import cancel_agent, request_agent
from desk.people.shifts import someone_on_shift
from desk.routing.overflow import over_to_the_city
from desk.routing.skills import need_skill
from desk.routing.unattended import (
    case_of_the_talk,
    open_case_of,
    remember_nobody,
    remember_place,
)
from desk.telling.answers import answered


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
    if is_new:
        need_skill(conversation)
    if someone_on_shift(conversation.hotline_id):
        remember_place(conversation)
        return effect.done
    if over_to_the_city(conversation):
        remember_place(conversation)
        text = _(
            "Nobody of this district is on shift right now, so the city line 12345 takes over. "
            "You are number {position}; a colleague will answer you here."
        )
        return Reply(text=text, options=effect.done.options)
    taking_a_case = decision.draft is not None and decision.draft.stage is not Stage.NONE
    case = None
    if is_new and not taking_a_case:
        # Nobody hears it now: what was said is a case, so that somebody must call back.
        case = open_case_of(conversation) or case_of_the_talk(conversation, cause)
    remember_nobody(conversation)
    if case is None:
        return effect.failed
    outcome.number = case.number
    text = _(
        "Nobody is on shift right now. {next_shift}Your words are kept as case {number}; "
        "a colleague will answer you here or call you back."
    )
    return Reply(text=text, options=effect.failed.options)


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
    note = {"note": str(effect.data.get("note", ""))[:1000]}
    take(case.number, "chase", CITIZEN, note, at=timezone.now())
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


def _answer_call(
    effect: Effect,
    conversation: Conversation,
    _cause: Message,
    decision: Decision,
    _outcome: Outcome,
) -> Reply:
    """An answer to a call back by message; what follows depends on what was asked."""
    choice = str(effect.data.get("choice", ""))
    said = answered(choice, conversation.citizen_id, decision.draft, timezone.now())
    return said or effect.failed


_ONE = {
    EffectKind.ANSWER_CALL: _answer_call,
    EffectKind.OPEN_CASE: _open_case,
    EffectKind.REQUEST_AGENT: _request_agent,
    EffectKind.CANCEL_AGENT: _cancel_agent,
    EffectKind.CHASE: _chase,
    EffectKind.JOIN_CASE: _join_case,
    EffectKind.RATE: _rate,
}
