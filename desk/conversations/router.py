"""Routes one message of a citizen: records it, asks whoever owns the talk, carries out effects.

Everything that a message causes is one transaction, which no call to anything outside is part of:
the bot is asked before it, and asked again when the talk has changed hands meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import msgspec
import structlog
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.choose import chosen
from actions.protocol import Decision, Reply, Status, Turn
from desk.conversations import outbox, record
from desk.conversations.bot import Bot
from desk.conversations.called_back import called_back
from desk.conversations.drafts import draft_of, may_choose, offered_in, stored
from desk.conversations.effects import carry_out
from desk.conversations.emergencies import emergency_decision
from desk.conversations.judged import judged
from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Owner, Partition
from desk.conversations.rendering import render
from desk.conversations.sentences import no_longer_sure, nothing_works, picture_arrived, unreadable
from desk.knowledge.live import all_live
from desk.people.serving import serving
from desk.telling import contact
from intake.person import phone
from intake.privacy import mask_for_bot
from wire.messages import Inbound, InboundKind, Part
from wire.messages import Option as WireOption

log = structlog.get_logger(__name__)

ATTEMPTS = 3
_writer = threading.Lock()


class LostPartition(Exception):
    """Another worker leases this partition now: this one must not write."""


class _Changed(Exception):
    """The talk changed hands between the bot's answer and the commit."""


class _Stale(Exception):
    """An answer's entry is no longer live, in force or this hotline's."""


@dataclass(frozen=True)
class Fence:
    """The right to write for a partition."""

    partition: int
    number: int


class Router:
    """Stateless but for the bot's connections; any number of threads may share it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def route(self, inbound: Inbound, fence: Fence | None = None) -> None:
        """Handle a message once, however often it comes.

        Raises `LostPartition`; database errors go through, and the message is tried again.
        """
        # An account may name a line that was merged: whoever serves its citizens now has them.
        inbound = msgspec.structs.replace(inbound, hotline=serving(inbound.hotline))
        try:
            self._answer(inbound, fence)
        except IntegrityError:
            # Nearly every message is new, so that the database's own constraint is asked only
            # by the insert.
            known = record.message_of(inbound.account, inbound.message_id)
            if known is None:
                raise
            outbox.say_again(known.conversation, inbound)

    def _answer(self, inbound: Inbound, fence: Fence | None) -> None:
        stale = 0
        for _attempt in range(ATTEMPTS):
            talk = record.open_talk(inbound)
            decision = no_longer_sure(draft_of(talk)) if stale > 1 else self._decide(inbound, talk)
            try:
                self._commit(inbound, talk, decision, fence)
                return
            except _Changed:
                continue
            except _Stale:
                stale += 1
        talk = record.open_talk(inbound)
        self._commit(inbound, talk, no_longer_sure(draft_of(talk)), fence, at_last=True)

    def _decide(self, inbound: Inbound, talk: Conversation | None) -> Decision | None:
        """What to say; None when a person owns the talk and it is theirs to answer."""
        if urgent := emergency_decision(inbound.text, talk):
            return urgent
        if _owner(talk) == Owner.AGENT:
            return None
        if inbound.kind is InboundKind.IMAGE:
            return picture_arrived(draft_of(talk))
        if inbound.kind is InboundKind.OTHER:
            return unreadable(draft_of(talk))
        turn = _turn(inbound, talk)
        if called := called_back(inbound, turn):
            return called
        try:
            return self._bot.turn(turn)
        except Exception:
            # Whatever broke in the bot, a citizen waits: said honestly, logged in full.
            log.exception("no decision", message_id=inbound.message_id)
            return nothing_works(turn.draft)

    def _commit(
        self,
        inbound: Inbound,
        talk: Conversation | None,
        decision: Decision | None,
        fence: Fence | None,
        *,
        at_last: bool = False,
    ) -> None:
        with _turn_to_write(), transaction.atomic():
            _check(fence)
            conversation = record.open_conversation(inbound, talk)
            if conversation.owner != _owner(talk) and not at_last:
                raise _Changed
            if conversation.owner == Owner.AGENT and not _is_urgent(decision):
                decision = None
            if decision is not None and not _answers_hold(decision, inbound.hotline):
                raise _Stale
            _keep_contact(conversation, inbound)
            message = record.citizen_message(conversation, inbound, decision)
            replies: list[Reply] = []
            if decision is not None:
                outcome = carry_out(decision, conversation, message)
                replies = [
                    render(reply, conversation, number=outcome.number) for reply in outcome.replies
                ]
                conversation.draft = stored(decision.draft)
                conversation.offered = _options(replies)
            _say(conversation, inbound, replies, decision)
            record.citizen_spoke(conversation, _first_words(inbound), timezone.now())
            conversation.save(update_fields=["draft", "offered", *record.SPOKEN])
            announce("message", hotline=conversation.hotline_id, conversation=conversation.pk)


def _say(
    conversation: Conversation,
    inbound: Inbound,
    replies: list[Reply],
    decision: Decision | None,
) -> None:
    """The replies as one Outbound. What could not be told before comes first, except where every
    second counts."""
    waiting = [] if _is_urgent(decision) else contact.waiting_for(conversation)
    if not replies and not waiting:
        outbox.nothing_to_say(conversation, inbound)
        return
    parts = [_part(reply) for reply in replies]
    if waiting:
        parts = [contact.part_of(waiting), *parts]
    author = Author.BOT if replies else Author.SYSTEM
    row = outbox.write(conversation, author, parts, answering=inbound)
    if waiting:
        contact.told_with(conversation, waiting, row, timezone.now())
    if replies and decision is not None:
        record.bot_messages(conversation, replies, decision, row)


def _turn_to_write() -> AbstractContextManager[object]:
    """SQLite has one writer, for which others sleep longer and longer: here they stand in line."""
    return _writer if connection.vendor == "sqlite" else nullcontext()


def _check(fence: Fence | None) -> None:
    if fence is None:
        return
    held = (
        Partition.objects.select_for_update()
        .filter(number=fence.partition)
        .values_list("fence", flat=True)
    )
    if list(held) != [fence.number]:
        raise LostPartition(f"partition {fence.partition}")


def _owner(talk: Conversation | None) -> str:
    """A talk that has not begun is the bot's."""
    return talk.owner if talk else Owner.BOT


def _turn(inbound: Inbound, talk: Conversation | None) -> Turn:
    choice = "greet" if inbound.kind is InboundKind.FOLLOW else inbound.choice
    text = "" if inbound.kind is InboundKind.FOLLOW else inbound.text
    if choice and not may_choose(choice, talk):
        # A platform's menu can send any key: it counts as the words that it is.
        text, choice = text or choice, ""
    draft = draft_of(talk)
    has_phone = bool(phone(inbound.text)) or bool(talk and talk.citizen.phone)
    if draft is not None and has_phone != draft.has_phone:
        draft = msgspec.structs.replace(draft, has_phone=has_phone)
    turn = Turn(
        id=inbound.message_id,
        text=mask_for_bot(text),
        hotline=inbound.hotline,
        channel=inbound.channel,
        now=inbound.received_at,
        choice=choice,
        draft=draft,
        offered=offered_in(talk),
        waiting=_owner(talk) == Owner.QUEUE,
        citizen=talk.citizen_id if talk else 0,
        has_phone=has_phone,
    )
    return msgspec.structs.replace(turn, judged=judged(chosen(turn) or "", talk))


def _answers_hold(decision: Decision, hotline: str) -> bool:
    """Whether each answer is, word for word, what may be said now in this hotline."""
    used = [reply for reply in decision.replies if reply.entry]
    if not used:
        return True
    live = all_live([reply.entry for reply in used], hotline, timezone.now())
    return all(_holds(reply, live.get(reply.entry)) for reply in used)


def _holds(reply: Reply, answer: str | None) -> bool:
    """`answer`: what is approved now; None: nothing is."""
    if answer is None:
        return False
    return (reply.quoted or answer) in reply.text and reply.quoted in answer


def _is_urgent(decision: Decision | None) -> bool:
    return decision is not None and decision.status is Status.EMERGENCY


def _keep_contact(conversation: Conversation, inbound: Inbound) -> None:
    """A number that the citizen tells us is theirs to be called back on."""
    found = phone(inbound.text)
    if found is not None and found.value != conversation.citizen.phone:
        conversation.citizen.phone = found.value
        conversation.citizen.save(update_fields=["phone"])


def _first_words(inbound: Inbound) -> str:
    if inbound.text:
        return inbound.text
    return {"image": "［照片］", "follow": "［关注］"}.get(inbound.kind, "［其他］")


def _options(replies: Iterable[Reply]) -> list[dict[str, str]]:
    return [
        {"id": option.id, "label": option.label} for reply in replies for option in reply.options
    ]


def _part(reply: Reply) -> Part:
    return Part(
        text=reply.text,
        options=tuple(WireOption(id=o.id, label=o.label) for o in reply.options),
    )
