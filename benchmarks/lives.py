"""Random lives of cases: legal and illegal steps at random moments, rounds of supervision between
them, and afterwards every rate counted again from the events alone.

`python -m benchmarks.lives [--lives 10000] [--seed 1]`, on a database of its own.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from desk.cases.actors import CITIZEN, Actor
from desk.cases.deadlines import at_hour, response_until
from desk.cases.errors import BadBody, IllegalStep
from desk.cases.ladder import day_seven
from desk.cases.models import OPEN_STATES, Callback, Case, CaseEvent, State, Urgency
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, Role, User
from desk.reports.counting import Rate
from desk.reports.figures import figures
from desk.reports.months import Month, month_of
from desk.supervision.rounds import supervise
from desk.workdays.calendar import Calendar

# The contract's table, written down once more: nothing of the desk's own table is used here.
_OPEN = {str(state) for state in OPEN_STATES}
_STAYS = None
TABLE: dict[str, tuple[set[str], str | None, set[str]]] = {
    "dispatch": ({"accepted"}, "dispatched", {"agent", "supervisor"}),
    "sign": ({"dispatched"}, "signed", {"handler"}),
    "return": ({"dispatched", "signed"}, "return_asked", {"handler"}),
    "rule_return": ({"return_asked"}, "?", {"supervisor"}),
    "reassign": ({"dispatched", "signed", "handling"}, "dispatched", {"supervisor"}),
    "co_handle": ({"dispatched", "signed", "handling"}, _STAYS, {"supervisor"}),
    "handle": ({"signed"}, "handling", {"handler"}),
    "extend": ({"signed", "handling"}, _STAYS, {"handler"}),
    "rule_extension": ({"signed", "handling"}, _STAYS, {"supervisor"}),
    "suspend": ({"handling"}, "suspended", {"supervisor"}),
    "resume": ({"suspended"}, "handling", {"supervisor"}),
    "answer": ({"signed", "handling"}, "answered", {"handler"}),
    "review": ({"answered"}, "?", {"agent", "supervisor"}),
    "callback": (_OPEN, "?", {"agent"}),
    "close": ({"called_back", "accepted"}, "closed", {"agent", "supervisor"}),
    "redo": ({"called_back", "closed"}, "dispatched", {"agent", "supervisor"}),
    "chase": (_OPEN, _STAYS, {"citizen", "agent", "supervisor"}),
    "supervise": (_OPEN, _STAYS, {"citizen", "agent", "supervisor"}),
    "note": (_OPEN, _STAYS, {"citizen", "agent", "supervisor"}),
    "merge": ({"accepted", "dispatched", "signed", "handling"}, "merged", {"agent", "supervisor"}),
    "unmerge": ({"merged"}, "?", {"agent", "supervisor"}),
    "transfer": (_OPEN, _STAYS, {"agent", "supervisor"}),
}
# How likely a step is tried: what carries a case on more often than what holds it up.
WEIGHTS = {"dispatch": 6, "sign": 8, "handle": 5, "answer": 8, "review": 8, "callback": 6}
WEIGHTS |= {"close": 2, "unmerge": 4, "resume": 3, "rule_return": 6, "rule_extension": 4}


@dataclass
class Told:
    """What a run found."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    faults: list[str] = field(default_factory=list)


class World:
    """Departments, their people and lines; made once."""

    def __init__(self) -> None:
        self.departments = [
            Department.objects.get_or_create(name=f"承办单位{number}")[0] for number in range(4)
        ]
        self.hotlines = [
            Hotline.objects.get_or_create(code=code, defaults={"name": code})[0].code
            for code in ("12345", "12341")
        ]
        self.users = {
            role: User.objects.get_or_create(username=f"lives-{role}", defaults={"role": role})[0]
            for role in (Role.AGENT, Role.SUPERVISOR)
        }
        self.numbers: list[str] = []

    def actor(self, role: str, department: int | None) -> Actor:
        if role == "citizen":
            return CITIZEN
        if role == Role.HANDLER:
            return Actor("经办人", Role.HANDLER, department=department)
        return Actor.of(self.users[Role(role)])

    def case(self, at: datetime) -> Case:
        case = open_by_hand(
            self.users[Role.AGENT],
            self.hotlines[0],
            "路灯不亮",
            Known(category=f"类别{len(self.numbers) % 3}"),
        )
        Case.objects.filter(pk=case.pk).update(accepted_at=at, act_at=at)
        self.numbers.append(case.number)
        return case


def live(world: World, dice: random.Random, told: Told, first: date, steps: int = 14) -> None:
    """One case from its opening through random steps."""
    at = at_hour(first, dice.randint(0, 23)) + timedelta(minutes=dice.randint(0, 59))
    number = world.case(at).number
    for _step in range(steps):
        at += timedelta(minutes=int(dice.expovariate(1 / dice.choice([120, 1500, 6000]))) + 1)
        if dice.random() < 0.3:
            supervise(at)
        case = Case.objects.select_related("department").get(number=number)
        # Three of four are what somebody would do now; the rest is anything by anybody.
        is_sensible = dice.random() < 0.75
        names = [name for name in TABLE if not is_sensible or case.state in TABLE[name][0]]
        name = dice.choices(names, [WEIGHTS.get(name, 1) for name in names])[0]
        sources, target, roles = TABLE[name]
        anybody = ["agent", "handler", "supervisor", "citizen"]
        role = dice.choice(sorted(roles) if is_sensible else anybody)
        actor = world.actor(role, case.department_id)
        expected = case.state in sources and role in roles
        before = case.state
        try:
            take(number, name, actor, _body(world, dice, name, number, at), at=at)
        except IllegalStep as error:
            told.refused += 1
            if name in error.legal:
                told.faults.append(f"{name} refused and called legal")
            if expected and not _has_reason(case, name, at):
                told.faults.append(f"{name} from {before} by {role} refused")
            continue
        except BadBody as error:
            told.refused += 1
            if name not in {"merge", "redo", "reassign", "co_handle"}:
                told.faults.append(f"{name}: {error}")
            continue
        after = Case.objects.get(number=number)
        told.taken[name] += 1
        if not expected:
            told.faults.append(f"{name} from {before} by {role} was taken")
        wanted = before if target is _STAYS else target
        if wanted != "?" and after.state != wanted:
            told.faults.append(f"{name} from {before} led to {after.state}")
        told.faults += _incoherent(after)


def _has_reason(case: Case, name: str, at: datetime) -> bool:
    """The rules in figures that a state alone does not tell."""
    if name == "callback":
        return case.state != State.REVIEWED and at < day_seven(case.accepted_at)
    if name == "extend":
        return bool(case.extended_by or case.extension_asked)
    if name == "rule_extension":
        return not case.extension_asked
    return name == "return"


def _incoherent(case: Case) -> Iterator[str]:
    with_department = {"dispatched", "signed", "return_asked", "handling", "suspended", "answered"}
    if case.state in with_department and (case.department_id is None or case.due_at is None):
        yield f"{case.state} without a department or a limit"
    if (case.state == State.CLOSED) != (case.closed_at is not None):
        yield f"{case.state} with closed_at {case.closed_at}"
    if (case.state == State.MERGED) != (case.merged_into_id is not None):
        yield f"{case.state} merged into {case.merged_into_id}"
    if case.state == State.SUSPENDED and case.suspended_until is None:
        yield "suspended without an end"


def _body(
    world: World, dice: random.Random, name: str, number: str, at: datetime
) -> dict[str, Any]:
    department = dice.choice(world.departments).name
    bodies: dict[str, dict[str, Any]] = {
        "dispatch": {"department": department, "urgency": dice.choice(list(Urgency))},
        "return": {"reason": "不归我们"},
        "rule_return": {"approve": dice.random() < 0.5, "reason": "查过了"},
        "reassign": {"department": department, "reason": "职责在那里"},
        "co_handle": {"departments": [department]},
        "extend": {"working_days": dice.randint(1, 10), "reason": "等配件"},
        "rule_extension": {"approve": dice.random() < 0.7, "reason": "查过了"},
        "suspend": {"reason": "等判决", "until": str((at + timedelta(days=9)).date())},
        "answer": {"text": "办好了"},
        "review": {"approve": dice.random() < 0.8, "reason": "看过了"},
        "callback": dice.choice(
            [
                {"reached": False},
                {"reached": True, "solved": True, "satisfied": dice.randint(3, 5)},
                {"reached": True, "solved": False, "satisfied": dice.randint(1, 4)},
                {"reached": True, "solved": True},
            ]
        ),
        "redo": {"reason": "没解决"},
        "merge": {"into": dice.choice([one for one in world.numbers if one != number] or ["x"])},
        "transfer": {
            "hotline": next(
                code
                for code in world.hotlines
                if code != Case.objects.values_list("hotline", flat=True).get(number=number)
            ),
            "reason": "属地",
        },
    }
    return bodies.get(name, {"note": "记一笔"})


# -- every rate, from the events alone ------------------------------------------------------------


@dataclass
class Recounted:
    """What a case's events say about what it counts for."""

    due: datetime | None = None
    lead: str = ""
    since: datetime | None = None
    response: datetime | None = None
    approvals: list[tuple[datetime, bool]] = field(default_factory=list)
    is_settled: bool = False

    def settle(self, lead: str, since: datetime | None, response: datetime | None) -> None:
        self.lead, self.since, self.response = lead, since, response
        self.is_settled = True


def recount(calendar: Calendar) -> dict[tuple[str, str, Rate], list[int]]:
    """{(month, department, rate): [n, d]} out of events and callbacks."""
    found: dict[tuple[str, str, Rate], list[int]] = defaultdict(lambda: [0, 0])
    counted: dict[int, str] = {}
    cases = {case.pk: case for case in Case.objects.all()}
    for pk, case in cases.items():
        one = _told(case)
        counted[pk] = one.lead
        if case.state in {State.MERGED, State.SUSPENDED}:
            continue
        if one.since and one.lead:
            line = found[str(month_of(one.since)), one.lead, Rate.RESPONSE]
            line[1] += 1
            line[0] += one.response is not None and one.response <= response_until(
                one.since, calendar
            )
        if one.due and one.lead:
            month = month_of(one.due - timedelta(microseconds=1))
            accepted = None
            for at, approved in one.approvals:
                if at <= month.ends:
                    accepted = at if approved else None
            for rate, until in ((Rate.CLOSURE, month.ends), (Rate.ON_TIME, one.due)):
                line = found[str(month), one.lead, rate]
                line[1] += 1
                line[0] += accepted is not None and accepted <= until
    for call in Callback.objects.filter(reached=True):
        if cases[call.case_id].state in {State.MERGED, State.SUSPENDED}:
            continue
        lead = counted[call.case_id]
        for rate, said in ((Rate.SOLUTION, call.solved), (Rate.SATISFACTION, call.satisfied)):
            if lead and said is not None:
                line = found[str(month_of(call.at)), lead, rate]
                line[1] += 1
                line[0] += said if rate is Rate.SOLUTION else said >= 4
    return {key: line for key, line in found.items() if line[1]}


def _told(case: Case) -> Recounted:
    """Walk through the history: whose it was at the due time, and what they did in it."""
    one = Recounted(due=case.due_at)
    holder, since, response = "", None, None
    for event in case.events.order_by("at", "id"):
        data = event.data
        if case.due_at and event.at > case.due_at and not one.is_settled:
            one.settle(holder, since, response)
        if event.kind in {"dispatch", "reassign", "redo"}:
            if holder != data["department"]:
                holder, since, response = data["department"], event.at, None
        elif event.kind == "rule_return" and data["approve"]:
            if one.is_settled and one.lead == holder:
                one.settle("", None, None)
            holder, since, response = "", None, None
        elif event.kind in {"sign", "answer"}:
            response = response or event.at
            if one.lead == holder and one.since == since and one.response is None:
                one.response = response
        if event.kind == "review":
            one.approvals.append((event.at, data["approve"]))
        elif event.kind == "redo":
            one.approvals.append((event.at, False))
    if not one.is_settled:
        one.settle(holder, since, response)
    return one


def reported(months: set[str]) -> dict[tuple[str, str, Rate], list[int]]:
    found = {}
    for words in months:
        year, number = (int(part) for part in words.split("-"))
        for row in figures(Month(year, number), "department"):
            for rate in Rate:
                if row.name and row[rate].d:
                    found[words, row.name, rate] = [row[rate].n, row[rate].d]
    return found


def compare(told: Told, calendar: Calendar) -> int:
    """Report against recount; returns how many figures agreed."""
    expected = recount(calendar)
    shown = reported({month for month, _name, _rate in expected})
    for key in expected.keys() | shown.keys():
        if expected.get(key) != shown.get(key):
            told.faults.append(f"{key}: events say {expected.get(key)}, report {shown.get(key)}")
    return len(expected)


def doubled() -> list[str]:
    """Events of supervision that stand twice for one deadline."""
    seen = Counter(CaseEvent.objects.exclude(key="").values_list("case__number", "kind", "key"))
    return [str(key) for key, count in seen.items() if count > 1]
