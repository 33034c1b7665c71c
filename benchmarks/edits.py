"""What editors do to knowledge at random, and what citizens are told of it meanwhile and after.

Beside the database stands an account of its own of what each entry should say. The indexer is
another process, killed again and again (`python -m benchmarks.edited`).
"""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from desk.knowledge.files.checking import Checked
from desk.knowledge.files.writing import open_run, write_rows
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish, save_draft, withdraw
from desk.knowledge.trying import told_now
from desk.people.models import Department, Hotline, Role, User
from desk.people.roles import give_role, prepare_groups
from kb_index.index import IndexUnavailable

HOTLINE = "12345"
# Two of them and a number make a question that no other entry is near to.
THINGS = [
    *("路灯", "水表", "护照", "公积金", "驾驶证", "居住证", "生育津贴", "户口", "燃气", "暖气"),
    *("垃圾", "公园", "地铁卡", "身份证", "结婚证", "失业金", "低保", "廉租房", "疫苗", "养犬证"),
]
DEEDS = ["怎么补办", "到哪里交费", "多久能领到", "坏了找谁", "可以取消吗", "要带什么材料"]
LATE = 8.0  # seconds; the only worker starts anew after each kill
SOON = (0.2, 3.0)  # seconds until what is planned happens


class Undone(Exception):
    """Somebody's transaction is rolled back."""


@dataclass
class Account:
    """What citizens should be told of one entry: `answer` None is nothing."""

    key: str
    question: str
    answer: str | None = None
    planned: list[tuple[datetime, str | None]] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)

    def at(self, now: datetime) -> str | None:
        due = [answer for at, answer in sorted(self.planned, key=lambda one: one[0]) if at <= now]
        return due[-1] if due else self.answer

    def is_settled(self, now: datetime) -> bool:
        """Whether nothing planned was due so short ago that a killed worker may not be back yet."""
        return all(not 0 <= (now - at).total_seconds() < LATE for at, _answer in self.planned)


class Editors:
    """A city's editors: each deed is drawn, done through the desk's own functions, and noted."""

    def __init__(
        self, dice: random.Random, asked: Callable[[str, str], dict[str, object]] = told_now
    ):
        Hotline.objects.get_or_create(code=HOTLINE, defaults={"name": HOTLINE})
        prepare_groups()
        self.dice, self.asked = dice, asked
        self.people = [self._person(role) for role in (Role.EDITOR, Role.REVIEWER)]
        self.accounts: dict[str, Account] = {}
        self.done: Counter[str] = Counter()
        self.faults: list[str] = []
        self._numbers = count(1)
        names = [f"{thing}{deed}" for thing in THINGS for deed in DEEDS]
        self.dice.shuffle(names)
        self._questions = iter(names)

    def _person(self, role: Role) -> User:
        user, _made = User.objects.get_or_create(username=f"edits-{role}", defaults={"role": role})
        give_role(user, role)
        return user

    def act(self, most: int) -> None:
        """One deed on one entry; new ones while there are fewer than `most`."""
        if (len(self.accounts) < most and self.dice.random() < 0.3) or not self.accounts:
            return self._new()
        account = self.dice.choice(list(self.accounts.values()))
        entry = Entry.objects.filter(external_id=account.key).first()
        if entry is None:
            return None
        deed = self.dice.choice(
            [
                *(self._draft, self._publish, self._publish, self._withdraw, self._roll_back),
                *(self._review, self._plan, self._end, self._undone, self._import, self._rename),
            ]
        )
        deed(account, entry)
        name = deed.__name__.strip("_")
        account.deeds.append(name)
        self.done[name] += 1
        return None

    def look(self) -> None:
        """A citizen asks, now: what they are told is published now, whatever the index holds."""
        account = self.dice.choice(list(self.accounts.values()))
        if not account.is_settled(now := timezone.now()):
            return
        try:
            said = self._told(account)
        except IndexUnavailable:  # citizens are told so
            return
        for told in said:
            if told != account.at(now):
                fault = f"{account.key}: told {told!r}, published {account.at(now)!r}"
                self.faults.append(f"{fault}, after {', '.join(account.deeds[-4:])}")

    def compare(self) -> None:
        """Afterwards: each is told as it is published, and what is not published is not told."""
        now = timezone.now()
        for account in self.accounts.values():
            expected = account.at(now)
            told = self._told(account)
            if told != ([expected] if expected is not None else []):
                said = f"{account.key}: told {told!r} in the end, not {expected!r}"
                self.faults.append(f"{said}, after {', '.join(account.deeds[-4:])}")

    def _told(self, account: Account) -> list[str]:
        """What is said of this entry when its question is asked."""
        entries = self.asked(account.question, HOTLINE)["entries"]
        assert isinstance(entries, list)
        return [one["answer"] for one in entries if one["id"] == account.key]

    def _words(self) -> str:
        return f"第{next(self._numbers)}版：请到窗口办理。"

    def _newest(self, entry: Entry) -> Entry:
        newest: Entry = entry.get_latest_revision_as_object()
        newest.go_live_at = newest.expire_at = None
        return newest

    def _new(self) -> None:
        question = next(self._questions, "")
        if not question:
            return
        key = f"E-{len(self.accounts) + 1}"
        self.accounts[key] = Account(key, question)
        entry = Entry(external_id=key, question=question, answer=self._words(), live=False)
        save_draft(entry, self.people[0])
        self.done["new"] += 1

    def _draft(self, _account: Account, entry: Entry) -> None:
        newest = self._newest(entry)
        newest.answer = self._words()
        save_draft(newest, self.people[0])

    def _publish(self, account: Account, entry: Entry) -> None:
        newest = self._newest(entry)
        newest.answer = self._words()
        publish(newest, self.people[1])
        account.answer, account.planned = newest.answer, []

    def _withdraw(self, account: Account, entry: Entry) -> None:
        withdraw(entry, self.people[1])
        account.answer, account.planned = None, []

    def _roll_back(self, account: Account, entry: Entry) -> None:
        old = self.dice.choice(list(entry.revisions.order_by("pk")))
        before: Entry = old.as_object()
        before.go_live_at = before.expire_at = None
        publish(before, self.people[1])
        account.answer, account.planned = before.answer, []

    def _review(self, account: Account, entry: Entry) -> None:
        """Submitted, then approved or sent back by somebody else."""
        self._draft(account, entry)
        entry.refresh_from_db()
        if sent_back := entry.current_workflow_state:
            sent_back.resume(self.people[0])
        else:
            entry.get_workflow().start(entry, self.people[0])
        entry.refresh_from_db()
        state = entry.current_workflow_task_state
        if self.dice.random() < 0.3:
            state.reject(user=self.people[1])
            return
        answer = entry.get_latest_revision_as_object().answer
        state.approve(user=self.people[1])
        account.answer, account.planned = answer, []

    def _plan(self, account: Account, entry: Entry) -> None:
        """A version for later: what is live stays so until then."""
        if not account.is_settled(timezone.now()):
            return  # it would take the place of one that is due and may not be live yet
        newest = self._newest(entry)
        newest.answer = self._words()
        newest.go_live_at = at = timezone.now() + timedelta(seconds=self.dice.uniform(*SOON))
        save_draft(newest, self.people[0]).publish(self.people[1], skip_permission_checks=True)
        account.answer, account.planned = account.at(timezone.now()), [(at, newest.answer)]
        entry.refresh_from_db()
        if entry.expire_at and entry.expire_at < at:  # of the version that is live until then
            account.planned.append((entry.expire_at, None))

    def _end(self, account: Account, entry: Entry) -> None:
        """Live from now on, until a moment."""
        newest = self._newest(entry)
        newest.answer = self._words()
        newest.expire_at = at = timezone.now() + timedelta(seconds=self.dice.uniform(*SOON))
        publish(newest, self.people[1])
        account.answer, account.planned = newest.answer, [(at, None)]

    def _undone(self, _account: Account, entry: Entry) -> None:
        try:
            with transaction.atomic():
                newest = self._newest(entry)
                newest.answer = self._words()
                publish(newest, self.people[1])
                raise Undone
        except Undone:
            pass  # nothing has happened

    def _import(self, account: Account, _entry: Entry) -> None:
        others = self.dice.sample(list(self.accounts.values()), min(3, len(self.accounts)))
        rows = [
            _row(number, one.key, one.question, self._words())
            for number, one in enumerate({one.key: one for one in [account, *others]}.values())
        ]
        file, user = io.BytesIO(f"{next(self._numbers)}".encode()), self.people[1]
        run = open_run(file, name="edits", total=len(rows), user=user, may_publish=True)
        write_rows(rows, run=run, user=user, may_publish=True)
        for row in rows:
            told = self.accounts[row.external_id]
            ends = Entry.objects.values_list("expire_at", flat=True).get(external_id=told.key)
            # A file has no say in when an editor has planned to end an entry.
            told.answer, told.planned = row.answer, [(ends, None)] if ends else []
            told.deeds.append("import")

    def _rename(self, _account: Account, entry: Entry) -> None:
        """The index names departments, too."""
        if entry.department is None:
            name = f"第{next(self._numbers)}单位"
            entry.department = Department.objects.create(name=name)
            Entry.objects.filter(pk=entry.pk).update(department=entry.department)
        entry.department.name = f"第{next(self._numbers)}单位"
        entry.department.save()


def _row(line: int, key: str, question: str, answer: str) -> Checked:
    return Checked(
        line=line,
        external_id=key,
        question=question,
        similar_questions=[],
        answer=answer,
        department="",
        hotlines=[],
        category="",
        keywords=[],
        source="",
        document_number="",
        effective_from=None,
        effective_to=None,
        status="published",
    )
