"""The lives of past cases, through the same steps and rounds as real ones, in the order of time.

Some are answered in time, some late, some not at all; some come back, wait, or are redone: what a
hotline's big table and monthly report look like.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from desk.cases.actors import Actor
from desk.cases.deadlines import at_hour
from desk.cases.errors import WrongStep
from desk.cases.ladder import day_seven
from desk.cases.models import Case, Kind
from desk.cases.moments import day_of
from desk.cases.steps import take
from desk.people.models import Department, Role, User
from desk.supervision.rounds import supervise

ANSWERS = (
    "已安排人员到现场处理完毕，并加强日常巡查，感谢您的监督。",
    "经核实情况属实，已责成相关单位整改，今天已经完成。",
    "已与物业和施工单位协调，问题已经解决；如有反复请再联系我们。",
    "现场查看后已派工维修，恢复正常。",
)
NOTES = ("市民表示满意。", "市民认可处理结果。", "已告知处理经过。")
REASONS = ("现场情况复杂，需要多部门会商。", "需要采购配件，厂家三天后到货。")
NOT_OURS = "该路段由其他单位养护，不属于我单位职责。"


@dataclass(order=True)
class _Planned:
    at: datetime
    order: int
    number: str = field(compare=False)
    step: str = field(compare=False)
    actor: Actor = field(compare=False)
    body: dict[str, Any] = field(compare=False)


class Lives:
    """Plans the steps of cases, and takes them all in the order of time."""

    def __init__(self, dice: random.Random, agents: list[User], supervisor: User) -> None:
        self.dice = dice
        self.agents = [Actor.of(user) for user in agents]
        self.supervisor = Actor.of(supervisor)
        self.departments = list(Department.objects.all())
        self.heap: list[_Planned] = []
        self.until = timezone.now() - timedelta(minutes=3)

    def plan(self, case: Case, department: Department, urgency: str) -> None:
        """One of a few ways that a case can take, by how departments are."""
        agent = self.dice.choice(self.agents)
        handler = Actor(f"{department.name[:12]}经办人", Role.HANDLER, department=department.pk)
        at = case.accepted_at + timedelta(minutes=self.dice.randint(4, 90))
        if timezone.now() - case.accepted_at < timedelta(hours=20) and self.dice.random() < 0.5:
            return  # waits to be dispatched
        add = self._adder(case.number)
        if case.kind == Kind.PRAISE:
            add(at, "close", agent, {"note": "已转达被表扬的单位。"})
            return
        # On day 7 the citizen is called whatever has happened; what is closed by then refuses it.
        if self.dice.random() < 0.85:
            called = day_seven(case.accepted_at) + self._hours(9, 17)
            add(called, "callback", agent, {"reached": True, "note": "已告知办理进展。"})
        add(at, "dispatch", agent, {"department": department.name, "urgency": urgency})
        # A department is slow or quick by its nature, so that the report tells them apart.
        slowness = 0.4 + (department.pk * 7 % 10) / 8
        is_quick = urgency in {"urgent", "priority"}
        at += self._hours(0, 1 if is_quick else 20, slowness)
        if self.dice.random() < 0.05:
            add(at, "return", handler, {"reason": NOT_OURS})
            at += self._hours(1, 8)
            other = self.dice.choice([one for one in self.departments if one != department])
            add(at, "rule_return", self.supervisor, {"approve": True, "reason": "职责属实。"})
            at += timedelta(minutes=20)
            add(at, "dispatch", agent, {"department": other.name})
            handler = Actor(f"{other.name[:12]}经办人", Role.HANDLER, department=other.pk)
            at += self._hours(1, 12)
        if self.dice.random() < 0.02 * slowness:
            return  # nobody signs, nobody answers: the big table is for these
        add(at, "sign", handler, {})
        at += self._hours(0, 1 if is_quick else 24, slowness)
        add(at, "handle", handler, {"note": ""})
        if self.dice.random() < 0.08:
            add(
                at + timedelta(hours=1),
                "extend",
                handler,
                {"working_days": self.dice.randint(2, 8), "reason": self.dice.choice(REASONS)},
            )
            add(at + timedelta(hours=5), "rule_extension", self.supervisor, {"approve": True})
        if self.dice.random() < 0.03 * slowness:
            return  # signed, and then nothing
        hours = {"urgent": 1, "priority": 10, "hard": 220}.get(urgency, 90)
        at += self._hours(hours // 6, hours, slowness)
        add(at, "answer", handler, {"text": self.dice.choice(ANSWERS)})
        self._end(add, at, agent)

    def _end(self, add: Callable[..., None], at: datetime, agent: Actor) -> None:
        at += self._hours(1, 6)
        add(at, "review", agent, {"approve": True})
        at += self._hours(18, 30)
        is_reached = self.dice.random() < 0.93
        is_solved = self.dice.random() < 0.88
        body: dict[str, Any] = {"reached": is_reached, "note": ""}
        if is_reached:
            stars = self.dice.choice([4, 5, 5, 5, 3] if is_solved else [1, 2, 3])
            body |= {"solved": is_solved, "satisfied": stars}
        add(at, "callback", agent, body)
        at += timedelta(minutes=12)
        if is_reached and not is_solved:
            add(at, "redo", agent, {"reason": "市民反映没有解决，请重新办理。"})
        else:
            add(at, "close", agent, {"note": self.dice.choice(NOTES)})

    def _hours(self, least: int, most: int, factor: float = 1.0) -> timedelta:
        return timedelta(minutes=int(60 * factor * self.dice.triangular(least, most, least)))

    def _adder(self, number: str) -> Callable[..., None]:
        def add(at: datetime, step: str, actor: Actor, body: dict[str, Any]) -> None:
            if at < self.until:
                planned = _Planned(at, len(self.heap), number, step, actor, body)
                heapq.heappush(self.heap, planned)

        return add

    def live(self, since: datetime) -> None:
        """Take what is planned, with a round of supervision each morning."""
        day = day_of(since)
        while self.heap:
            planned = heapq.heappop(self.heap)
            while at_hour(day, 9) <= planned.at:
                supervise(at_hour(day, 9))
                day += timedelta(days=1)
            try:
                take(planned.number, planned.step, planned.actor, planned.body, at=planned.at)
            except WrongStep:
                continue  # what was planned no longer fits what has happened
        supervise(timezone.now())
