"""A line with its people, citizens who wrote to it, and what became of what was said to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.cases.models import Case, JoinedCitizen, Kind
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.conversations.bus import redis
from desk.conversations.deliveries import _write
from desk.conversations.models import Citizen, Conversation, OutboundMessage
from desk.people.models import Department, Hotline, User
from desk.telling.delivering import deliver
from wire import keys
from wire.messages import FIELD, Delivery, DeliveryState, Outbound, decode

MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def granted(external_id: str, left: int = 5, account: str = "12345-wechat") -> None:
    """WeChat takes so many messages more."""
    redis().set(keys.quota(account, external_id, "message"), left, ex=48 * 3600)


def went_out() -> list[Outbound]:
    """What was handed to the channels, the earliest first, each once."""
    found = [decode(fields[FIELD], Outbound) for _id, fields in redis().xrange(keys.OUTBOUND)]
    return list({outbound.id: outbound for outbound in found}.values())


def became(
    outbound: Outbound,
    state: DeliveryState = DeliveryState.SENT,
    via: str = "api",
    reason: str = "",
) -> None:
    """The channels tell what became of it."""
    at = datetime.now(UTC)
    _write([Delivery(outbound=outbound.id, state=state, at=at, via=via, reason=reason)])


class Line:
    def __init__(self, hotline: Hotline, department: Department) -> None:
        self.hotline, self.department, self.at = hotline, department, MONDAY
        self.people = {
            role: User.objects.create(
                username=role, role=role, department=department if role == "handler" else None
            )
            for role in ("agent", "handler", "supervisor")
        }

    def citizen(self, name: str = "o-1", channel: str = "wechat") -> Citizen:
        return Citizen.objects.get_or_create(
            account=f"12345-{channel}", channel=channel, external_id=name
        )[0]

    def talk(self, citizen: Citizen, **more: Any) -> Conversation:
        return Conversation.objects.create(
            citizen=citizen,
            hotline=self.hotline,
            **{"last_at": self.at, "last_words": "路灯不亮", "last_from": "citizen"} | more,
        )

    def case(
        self, citizen: Citizen | None = None, content: str = "德外大街路灯不亮", **more: Any
    ) -> Case:
        """Of a citizen who wrote; of nobody who could be written to without one."""
        talk = None
        if citizen is not None:
            talk = citizen.conversations.first() or self.talk(citizen)
        known = Known(kind=Kind.COMPLAINT, **more)
        case = open_by_hand(self.people["agent"], self.hotline.code, content, known, talk)
        Case.objects.filter(pk=case.pk).update(accepted_at=self.at)
        return case

    def joins(self, case: Case, citizen: Citizen) -> None:
        JoinedCitizen.objects.create(case=case, citizen=citizen)

    def do(self, case: Case, step: str, after: timedelta = HOUR, **body: Any) -> Case:
        role = {"sign": "handler", "handle": "handler", "answer": "handler", "extend": "handler"}
        agents = {"dispatch", "review", "callback", "close", "redo", "merge", "unmerge", "transfer"}
        who = "agent" if step in agents else role.get(step, "supervisor")
        self.at += after
        return take(case.number, step, self.people[who], body, at=self.at)

    def dispatched(self, case: Case) -> Case:
        return self.do(case, "dispatch", department=self.department.name)

    def reviewed(self, case: Case, text: str = "已换了新灯，今晚能亮") -> Case:
        self.dispatched(case)
        self.do(case, "sign")
        self.do(case, "answer", DAY, text=text)
        return self.do(case, "review", approve=True)

    def tell(self) -> list[Outbound]:
        """One round; what it handed to the channels."""
        known = {outbound.id for outbound in went_out()}
        deliver(self.at)
        return [outbound for outbound in went_out() if outbound.id not in known]


@pytest.fixture
def line(hotline: Hotline, department: Department) -> Line:
    return Line(hotline, department)


@pytest.fixture
def another(db: None) -> Department:
    return Department.objects.create(name="区住房和城乡建设委员会")


@pytest.fixture
def rows() -> Callable[[], list[str]]:
    return lambda: list(OutboundMessage.objects.values_list("pk", flat=True))
