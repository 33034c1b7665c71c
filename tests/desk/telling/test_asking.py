"""The call back by message: who is asked, when, and when it is left to the agents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.protocol import Draft, Stage
from desk.cases.models import Case
from desk.conversations.drafts import stored
from desk.conversations.models import Conversation, Message, Owner
from desk.supervision.callbacks import due_calls
from desk.supervision.rounds import supervise
from desk.telling.asking import ask
from desk.telling.models import Asking, AskingState, Notice
from tests.desk.telling.conftest import DAY, HOUR, Line, became, granted, moment, went_out
from wire.messages import DeliveryState

pytestmark = pytest.mark.django_db
MORNING = moment("2026-03-04T09:00")  # the day after the review


@pytest.fixture
def case(line: Line) -> Case:
    """Its answer was accepted yesterday, and a call back is due since midnight."""
    case = line.case(line.citizen())
    line.reviewed(case)
    Notice.objects.all().delete()
    Conversation.objects.update(last_at=MORNING)
    supervise(moment("2026-03-04T00:00"))
    return case


def state() -> str:
    return Asking.objects.get().state


def test_a_citizen_whose_window_is_open_is_asked(line: Line, case: Case) -> None:
    granted("o-1")
    ask(MORNING)
    (outbound,) = went_out()
    (part,) = outbound.parts
    assert case.number in part.text
    assert [option.id for option in part.options] == [
        f"callback:solved:{case.number}",
        f"callback:unsolved:{case.number}",
    ]
    assert outbound.template is None
    assert state() == AskingState.ASKED
    offered = [{"id": option.id, "label": option.label} for option in part.options]
    assert Message.objects.get().options == offered
    assert Conversation.objects.get().offered == offered
    ask(MORNING + HOUR)
    assert len(went_out()) == 1


def test_while_a_citizen_is_asked_the_agents_do_not_call(line: Line, case: Case) -> None:
    agent = line.people["agent"]
    assert list(due_calls(agent)) == []
    granted("o-1")
    ask(MORNING)
    assert list(due_calls(agent)) == []
    ask(MORNING + DAY + HOUR)
    assert state() == AskingState.MISSED
    assert list(due_calls(agent)) == [case]


@pytest.mark.parametrize("left", [0, None])
def test_where_no_message_goes_an_agent_calls(line: Line, case: Case, left: int | None) -> None:
    if left is not None:
        granted("o-1", left)
    ask(MORNING)
    assert went_out() == []
    assert list(due_calls(line.people["agent"])) == [case]


def test_a_question_that_did_not_arrive_is_the_agents(line: Line, case: Case) -> None:
    granted("o-1")
    ask(MORNING)
    became(went_out()[0], DeliveryState.REFUSED, "api", "45015")
    assert state() == AskingState.MISSED


def test_nobody_is_asked_at_night(line: Line, case: Case) -> None:
    granted("o-1")
    ask(moment("2026-03-04T00:01"))
    ask(moment("2026-03-04T23:00"))
    assert went_out() == []
    assert state() == AskingState.WAITING


@pytest.mark.parametrize(
    "talk",
    [
        {"owner": Owner.AGENT},
        {"owner": Owner.QUEUE},
        {"draft": stored(Draft(stage=Stage.CONFIRMING))},
    ],
)
def test_nobody_is_asked_in_the_middle_of_something(line: Line, case: Case, talk: Any) -> None:
    granted("o-1")
    Conversation.objects.update(**talk)
    ask(MORNING)
    assert went_out() == []
    Conversation.objects.update(owner=Owner.BOT, draft=None)
    ask(MORNING + HOUR)
    assert len(went_out()) == 1


def test_other_channels_have_no_window(line: Line) -> None:
    case = line.case(line.citizen("chat-7", "telegram"))
    line.reviewed(case)
    supervise(moment("2026-03-04T00:00"))
    line.tell()
    ask(MORNING)
    assert went_out()[-1].account == "12345-telegram"
    assert state() == AskingState.ASKED


def test_a_case_without_a_citizen_is_the_agents(line: Line) -> None:
    case = line.case()
    line.reviewed(case)
    supervise(moment("2026-03-04T00:00"))
    assert not Asking.objects.exists()
    assert list(due_calls(line.people["agent"])) == [case]


def test_who_was_called_meanwhile_is_not_asked(line: Line, case: Case) -> None:
    granted("o-1")
    line.at = MORNING - timedelta(minutes=5)
    line.do(case, "callback", timedelta(0), reached=True, solved=True)
    ask(MORNING)
    assert went_out() == []
    assert state() == AskingState.MISSED
