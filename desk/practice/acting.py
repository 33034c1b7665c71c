"""What a simulated citizen does next: reacts to the agent's words, or to nobody's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Message, Owner
from desk.conversations.ownership import end_idle, locked
from desk.conversations.record import SPOKEN, citizen_spoke
from desk.practice.beginning import ACCOUNT
from desk.practice.citizens import Simulated, all_citizens
from desk.practice.models import PracticeRun

READS_FOR = 1.5  # seconds before they type
A_CHARACTER = 0.12  # seconds of typing
AT_MOST = 7.0
PATIENCE = timedelta(seconds=60)  # without a word, before they ask whether anybody is there


def every_second(now: datetime | None = None) -> None:
    """Every run that goes on takes its next step. Any number of workers may call this."""
    now = now or timezone.now()
    for number in PracticeRun.objects.filter(ended_at=None).values_list("pk", flat=True):
        _go_on(number, now)


def leave(number: int, now: datetime | None = None) -> None:
    """The practice is over, whatever was left unsaid; nobody waits in it any more."""
    now = now or timezone.now()
    with transaction.atomic():
        run = PracticeRun.objects.select_for_update().get(pk=number)
        talk = locked(run.conversation_id)
        if talk.is_open:
            end_idle(talk)
        if run.ended_at is None:
            _take_leave(run, talk, all_citizens().get(run.citizen), now)
            run.save()


def _go_on(number: int, now: datetime) -> None:
    with transaction.atomic():
        run = PracticeRun.objects.select_for_update().get(pk=number)
        citizen = all_citizens().get(run.citizen)
        if run.ended_at is not None:
            return
        talk = locked(run.conversation_id)
        if citizen is None or not talk.is_open or talk.owner == Owner.BOT:
            _take_leave(run, talk, citizen, now)
        elif run.next_at is not None:
            if now >= run.next_at:
                _say(talk, run.next_words, now)
                run.next_words, run.next_at = "", None
        elif talk.owner == Owner.AGENT and (heard := _unheard(run)):
            _react(run, citizen, "\n".join(heard), now)
        elif _is_left_waiting(run, talk, now) and run.nags < len(citizen.nags):
            _type(run, citizen.nags[run.nags], now)
            run.nags += 1
        else:
            return
        run.save()


def _react(run: PracticeRun, citizen: Simulated, words: str, now: datetime) -> None:
    """An answer of the script that fits and was not given, before others the one to what they want
    to hear; else a shrug; else silence."""
    fitting = [
        number
        for number, answer in enumerate(citizen.answers)
        if number not in run.used and any(word in words for word in answer.when)
    ]
    if fitting:
        number = min(fitting, key=lambda each: (not citizen.answers[each].is_content, each))
        answer = citizen.answers[number]
        run.used = [*run.used, number]
        run.is_content |= answer.is_content
        _type(run, answer.say, now)
    elif not run.is_content and run.shrugs < len(citizen.shrugs):
        _type(run, citizen.shrugs[run.shrugs], now)
        run.shrugs += 1


def _unheard(run: PracticeRun) -> list[str]:
    """All that the agent has said since the citizen reacted last; a picture has no words."""
    said = Message.objects.filter(
        conversation=run.conversation_id, author=Author.AGENT, pk__gt=run.heard
    ).order_by("pk")
    lines = list(said.values_list("pk", "text"))
    if lines:
        run.heard = lines[-1][0]
    return [text for _pk, text in lines]


def _is_left_waiting(run: PracticeRun, talk: Conversation, now: datetime) -> bool:
    """Nobody has said anything for too long; a citizen who is content waits for nothing."""
    owed = talk.queued_at if talk.owner == Owner.QUEUE else talk.unanswered_at
    if owed is None or run.is_content:
        return False
    last = Message.objects.filter(conversation=talk, author=Author.CITIZEN).latest("pk").at
    return now - max(owed, last) >= PATIENCE


def _take_leave(
    run: PracticeRun, talk: Conversation, citizen: Simulated | None, now: datetime
) -> None:
    if citizen is not None and run.is_content and not talk.is_open:
        _say(talk, citizen.farewell, now)
    run.ended_at = now


def _type(run: PracticeRun, words: str, now: datetime) -> None:
    run.next_words = words
    run.next_at = now + timedelta(seconds=min(AT_MOST, READS_FOR + A_CHARACTER * len(words)))


def _say(talk: Conversation, words: str, now: datetime) -> None:
    Message.objects.create(
        conversation=talk, author=Author.CITIZEN, text=words, account=ACCOUNT, at=now
    )
    citizen_spoke(talk, words, now)
    talk.save(update_fields=SPOKEN)
    announce("message", hotline=talk.hotline_id, conversation=talk.pk)
