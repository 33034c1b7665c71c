"""Sixty days of a past that never was, so that lists and boards are not empty.

Made from the demo's own entries and from the complaints in `complaints.json`; the same each time.
Nobody in it is real.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from desk.cases.actors import BOT
from desk.cases.ladder import day_seven
from desk.cases.models import Case, CaseCounter, CaseField, Urgency
from desk.cases.moments import SHANGHAI, day_of
from desk.cases.recording import record
from desk.conversations.models import INVENTED, Author, Citizen, Conversation, Message
from desk.demo.lives import Lives
from desk.knowledge.models import Entry
from desk.people.models import Department, Hotline, User
from desk.reports.trends import keep_due

CONTENT = Path(__file__).parent / "content"
COMPLAINTS = CONTENT / "complaints.json"
UNANSWERED = CONTENT / "unanswered.json"  # what no entry of the demo answers
TALKS_A_DAY = (6, 14)
SHARE_OF_COMPLAINTS = 0.35
SHARES = {"answered": 80, "menu": 8, "no_article": 8, "handed_over": 4}  # how questions end
ACCOUNTS = (("12345-wechat", "wechat"), ("12341-wechat", "wechat"), ("12345-web", "webchat"))
BATCH = 100


@dataclass(frozen=True)
class Told:
    """One complaint as `complaints.json` holds it."""

    text: str
    place: str
    kind: str
    category: str
    department: str


def make_past(since: datetime) -> None:
    """Write past conversations and cases from `since` until an hour ago, oldest first."""
    dice = random.Random(12345)  # noqa: S311  the same past on every machine
    past = _Past(dice)
    moments = list(_moments(dice, since))
    for start in range(0, len(moments), BATCH):
        with transaction.atomic():
            for at in moments[start : start + BATCH]:
                past.add(at)
    past.keep_counters()
    past.lives.live(since)
    keep_due(timezone.now())


def _moments(dice: random.Random, since: datetime) -> Iterator[datetime]:
    """When people write: mostly by day, more on working days."""
    end = timezone.now() - timedelta(hours=1)
    day = since.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    moments = []
    while day < end:
        count = dice.randint(*TALKS_A_DAY)
        for _number in range(count if day.weekday() < 5 else count // 2):
            moments.append(day + timedelta(minutes=int(dice.triangular(400, 1380, 640))))
        day += timedelta(days=1)
    yield from sorted(moment for moment in moments if moment < end)


class _Past:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.entries = list(Entry.objects.filter(live=True).select_related("department"))
        self.complaints = [Told(**row) for row in json.loads(COMPLAINTS.read_text("utf-8"))]
        self.unanswered: list[str] = json.loads(UNANSWERED.read_text("utf-8"))
        self.departments = {row.name: row for row in Department.objects.all()}
        self.hotlines = {row.code: row for row in Hotline.objects.all()}
        agents = list(User.objects.filter(username__in=["agent", "agent2"]))
        self.lives = Lives(dice, agents, User.objects.get(username="supervisor"))
        self.numbers: dict[Any, int] = {}
        self.count = 0

    def add(self, at: datetime) -> None:
        conversation = self._conversation(at)
        if self.dice.random() < SHARE_OF_COMPLAINTS:
            self._complain(conversation, at, self.dice.choice(self.complaints))
        else:
            self._ask(conversation, at)

    def keep_counters(self) -> None:
        for day, last in self.numbers.items():
            counter, _created = CaseCounter.objects.get_or_create(day=day)
            counter.last = max(counter.last, last)
            counter.save()

    def _conversation(self, at: datetime) -> Conversation:
        self.count += 1
        account, channel = self.dice.choice(ACCOUNTS)
        citizen = Citizen.objects.create(
            account=account,
            channel=channel,
            external_id=f"{INVENTED}{self.count:05d}",
            first_seen_at=at,
        )
        return Conversation.objects.create(
            citizen=citizen,
            hotline=self.hotlines[account.partition("-")[0]],
            opened_at=at,
            closed_at=at + timedelta(hours=24),
            last_at=at + timedelta(minutes=2),
            last_from=Author.CITIZEN,
        )

    def _ask(self, conversation: Conversation, at: datetime) -> None:
        status = self.dice.choices(list(SHARES), list(SHARES.values()))[0]
        entry = self.dice.choice(self.entries)
        question, told = self._exchange(status, entry)
        reply = self._said(
            conversation,
            at + timedelta(seconds=1),
            Author.BOT,
            told,
            status=status,
            entry=entry.external_id if status == "answered" else "",
        )
        Message.objects.bulk_create(
            [self._said(conversation, at, Author.CITIZEN, question, status=status), reply]
        )
        self._end(conversation, question)

    def _exchange(self, status: str, entry: Entry) -> tuple[str, str]:
        """A question that ends so, and what the bot said to it."""
        asked = self.dice.choice([entry.question, *entry.similar_questions])
        if status == "answered":
            department = entry.department.name if entry.department else ""
            return asked, f"{entry.answer}\n——{department}｜来源：{entry.source}"
        if status == "menu":
            return asked, f"您是想问：\n{entry.question}\n{self.dice.choice(self.entries).question}"
        if status == "no_article":
            return self.dice.choice(self.unanswered), "没有查到这方面的准确内容，不敢随便回答您。"
        return "转人工", "正在为您转人工，请稍等。"

    def _complain(self, conversation: Conversation, at: datetime, told: Told) -> None:
        said = self._said(conversation, at, Author.CITIZEN, told.text, status="read_back")
        said.save()
        confirmed = at + timedelta(minutes=self.dice.randint(1, 3))
        case = self._case(conversation, confirmed, told, said)
        Message.objects.bulk_create(
            [
                self._said(
                    conversation,
                    confirmed,
                    Author.BOT,
                    f"已登记，工单编号 {case.number}。",
                    status="case_opened",
                )
            ]
        )
        self._end(conversation, told.text)

    def _case(self, conversation: Conversation, at: datetime, told: Told, said: Message) -> Case:
        day = day_of(at)
        self.numbers[day] = self.numbers.get(day, 0) + 1
        urgency = self.dice.choices(
            [Urgency.ORDINARY, Urgency.PRIORITY, Urgency.HARD, Urgency.URGENT], [70, 15, 12, 3]
        )[0]
        case = Case.objects.create(
            number=f"{day:%Y%m%d}{self.numbers[day]:04d}",
            hotline=conversation.hotline,
            channel=conversation.citizen.channel,
            conversation=conversation,
            citizen=conversation.citizen,
            kind=told.kind,
            category=told.category,
            department=self.departments.get(told.department),
            confidential=told.kind == "report",
            content=told.text,
            place=told.place,
            accepted_at=at,
            act_at=day_seven(at),
        )
        self._fields(case, told, said)
        record(case, "accepted", BOT, at=at)
        if case.department:
            self.lives.plan(case, case.department, urgency)
        return case

    def _fields(self, case: Case, told: Told, said: Message) -> None:
        start = told.text.find(told.place) if told.place else -1
        fields = [
            CaseField(
                case=case,
                name="content",
                value=told.text,
                confidence=1.0,
                message=said,
                end=len(told.text),
            ),
            CaseField(case=case, name="kind", value=told.kind, confidence=0.9),
            CaseField(case=case, name="category", value=told.category, confidence=0.7),
            CaseField(case=case, name="department", value=told.department, confidence=0.7),
        ]
        if start >= 0:
            fields.append(
                CaseField(
                    case=case,
                    name="place",
                    value=told.place,
                    confidence=0.9,
                    message=said,
                    start=start,
                    end=start + len(told.place),
                )
            )
        CaseField.objects.bulk_create(fields)

    def _said(
        self,
        conversation: Conversation,
        at: datetime,
        author: Author,
        text: str,
        *,
        status: str,
        entry: str = "",
    ) -> Message:
        return Message(
            conversation=conversation, author=author, text=text, at=at, status=status, entry=entry
        )

    def _end(self, conversation: Conversation, words: str) -> None:
        conversation.last_words = words[:80]
        conversation.save(update_fields=["last_words"])
