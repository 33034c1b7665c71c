"""A simulated citizen comes into the queue, with what they said and the case that the bot made."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.protocol import Draft, Field, Stage, Words
from desk.cases.opening import open_from_talk
from desk.conversations.models import Author, Citizen, Conversation, Message, Owner
from desk.conversations.ownership import change_owner
from desk.conversations.record import SPOKEN, citizen_spoke
from desk.people.models import PRACTICE, Hotline, User
from desk.practice.citizens import Simulated, Value
from desk.practice.models import PracticeRun

ACCOUNT = "practice"
PACE = timedelta(seconds=15)  # between two lines of what was said before


def begin(user: User, citizen: Simulated, now: datetime | None = None) -> PracticeRun:
    """The run that goes on with this citizen already, or a new one."""
    now = now or timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # a double click is one run
        known = PracticeRun.objects.filter(user=user, citizen=citizen.id, ended_at=None).first()
        return known or _new(user, citizen, now)


def _new(user: User, citizen: Simulated, now: datetime) -> PracticeRun:
    hotline, _created = Hotline.with_practice.get_or_create(
        code=PRACTICE, defaults={"name": _("Simulated citizens")}
    )
    person = Citizen.objects.create(
        account=ACCOUNT, channel="webchat", external_id=uuid4().hex, name=citizen.name
    )
    began = now - PACE * len(citizen.said)
    talk = Conversation.with_practice.create(
        citizen=person, hotline=hotline, trainee=user, opened_at=began
    )
    said = [
        Message.objects.create(
            conversation=talk,
            author=Author(line.who),
            text=line.text,
            account=ACCOUNT,
            platform_id=uuid4().hex if line.who == Author.CITIZEN else "",
            at=began + PACE * number,
        )
        for number, line in enumerate(citizen.said)
    ]
    own = [message for message in said if message.author == Author.CITIZEN]
    if citizen.case:
        fields = {name: _field(value, own) for name, value in citizen.case.items()}
        open_from_talk(talk, own[-1], Draft(stage=Stage.NONE, fields=fields))
    change_owner(talk, Owner.QUEUE, by=Author.CITIZEN)
    citizen_spoke(talk, own[-1].text, now)
    talk.save(update_fields=SPOKEN)
    return PracticeRun.objects.create(
        user=user, citizen=citizen.id, conversation=talk, began_at=now
    )


def _field(value: Value, said: list[Message]) -> Field:
    found = next((one for one in said if value.words and value.words in one.text), None)
    evidence = None
    if found is not None:
        start = found.text.index(value.words)
        evidence = Words(message=found.platform_id, start=start, end=start + len(value.words))
    return Field(value=value.value, confidence=value.confidence, evidence=evidence)
