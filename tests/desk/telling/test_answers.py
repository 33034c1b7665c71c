"""What a citizen answers to a call back by message, through the router, with no bot needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from actions.protocol import Decision, Draft, Field, Stage, Turn
from desk.cases.actors import CITIZEN
from desk.cases.models import Callback, Case, State
from desk.cases.steps import legal_steps
from desk.conversations.drafts import stored
from desk.conversations.models import Conversation, Message, Owner
from desk.conversations.router import Router
from desk.supervision.rounds import supervise
from desk.telling.asking import HALF_LASTS, ask
from desk.telling.models import Asking, AskingState, Notice
from tests.desk.telling.conftest import DAY, HOUR, Line, granted, went_out
from wire.messages import Inbound, InboundKind

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]


@pytest.fixture
def router(bot: Any, line: Line) -> Router:
    def is_down(_turn: Turn) -> Decision:
        raise ConnectionError("nothing of the bot is needed")

    bot.decide = is_down
    return Router(bot)


@pytest.fixture
def case(line: Line) -> Case:
    """Its citizen was just asked whether it is solved."""
    now = timezone.now()
    line.at = now - 2 * DAY - 5 * HOUR
    case = line.case(line.citizen("open-id-1"))
    line.reviewed(case)
    Notice.objects.all().delete()
    Conversation.objects.update(last_at=now)
    supervise(now + DAY)
    granted("open-id-1")
    ask_at_noon()
    return case


def noon() -> datetime:
    """Of today: before or after the moment at which the test runs."""
    return timezone.localtime(timezone.now()).replace(hour=12)


def ask_at_noon() -> None:
    Asking.objects.update(at=noon())
    ask(noon())


def last() -> list[str]:
    return [part.text for part in went_out()[-1].parts]


def options() -> list[str]:
    return [option.id for part in went_out()[-1].parts for option in part.options]


def tap(said: Said, what: str, case: Case) -> Inbound:
    return said("", choice=f"callback:{what}:{case.number}", kind=InboundKind.CHOICE)


def test_solved_and_satisfied_are_asked_apart_and_kept_together(
    router: Router, said: Said, case: Case
) -> None:
    router.route(tap(said, "solved", case))
    assert options() == [f"callback:satisfied:{score}:{case.number}" for score in range(1, 6)]
    assert not Callback.objects.exists()
    router.route(tap(said, "satisfied:4", case))
    call = Callback.objects.get()
    assert (call.by, call.reached, call.solved, call.satisfied) == ("citizen", True, True, 4)
    case.refresh_from_db()
    assert (case.state, case.callback_due_at) == (State.CALLED_BACK, None)
    assert case.events.get(kind="callback").data["citizen"] == case.citizen_id
    assert Asking.objects.get().state == AskingState.ANSWERED


def test_what_is_not_solved_goes_back_at_once(router: Router, said: Said, case: Case) -> None:
    router.route(tap(said, "unsolved", case))
    router.route(tap(said, "satisfied:1", case))
    case.refresh_from_db()
    assert case.state == State.DISPATCHED
    redo = case.events.get(kind="redo")
    assert redo.by == "system"
    assert redo.note
    assert Callback.objects.get().solved is False
    assert Notice.objects.get().event == "redo"


@pytest.mark.parametrize(
    ("words", "solved"),
    [
        *(("解决了", True), ("1", True), ("已经修好了！", True), ("好了", True)),
        *(("没解决", False), ("2", False), ("还没有解决", False), ("根本没人管", False)),
    ],
)
def test_words_count_like_taps(
    router: Router, said: Said, case: Case, words: str, solved: bool
) -> None:
    router.route(said(words))
    assert Asking.objects.get().solved is solved
    router.route(said("5"))
    assert Callback.objects.get().satisfied == 5


@pytest.mark.parametrize("words", ["我要投诉噪音", "好的", "没电了怎么报修"])
def test_other_words_are_no_answer(
    router: Router, said: Said, case: Case, bot: Any, words: str
) -> None:
    router.route(said(words))
    assert len(bot.turns) == 1
    assert Asking.objects.get().state == AskingState.ASKED


def test_whoever_owns_the_talk_it_is_taken(router: Router, said: Said, case: Case) -> None:
    Conversation.objects.update(owner=Owner.QUEUE, queued_at=timezone.now())
    router.route(tap(said, "solved", case))
    assert Asking.objects.get().state == AskingState.HALF
    assert Conversation.objects.get().owner == Owner.QUEUE


def test_an_agent_who_has_the_talk_hears_it_instead(
    router: Router, said: Said, case: Case, line: Line
) -> None:
    Conversation.objects.update(owner=Owner.AGENT, agent=line.people["agent"])
    router.route(tap(said, "solved", case))
    assert Asking.objects.get().state == AskingState.ASKED
    assert Conversation.objects.get().unread == 1


def test_an_answer_in_the_middle_of_a_complaint_leaves_it_as_it_is(
    router: Router, said: Said, case: Case
) -> None:
    draft = Draft(
        stage=Stage.COLLECTING, fields={"content": Field(value="路灯不亮", confidence=1.0)}
    )
    Conversation.objects.update(draft=stored(draft))
    router.route(tap(said, "solved", case))
    assert Conversation.objects.get().draft["fields"]["content"]["value"] == "路灯不亮"
    assert "\n" in last()[0]
    assert Asking.objects.get().solved is True


def test_half_an_answer_is_kept_after_an_hour(router: Router, said: Said, case: Case) -> None:
    router.route(tap(said, "solved", case))
    ask(timezone.now() + HALF_LASTS - timedelta(minutes=5))
    assert not Callback.objects.exists()
    ask(timezone.now() + HALF_LASTS + timedelta(minutes=1))
    call = Callback.objects.get()
    assert (call.solved, call.satisfied) == (True, None)


def test_an_answer_after_a_day_still_counts_while_nobody_has_called(
    router: Router, said: Said, case: Case
) -> None:
    ask(noon() + DAY + HOUR)
    assert Asking.objects.get().state == AskingState.MISSED
    router.route(tap(said, "solved", case))
    router.route(tap(said, "satisfied:5", case))
    assert Callback.objects.get().satisfied == 5


def test_who_was_called_has_answered(router: Router, said: Said, case: Case, line: Line) -> None:
    line.at = timezone.now()
    line.do(case, "callback", timedelta(0), reached=True, solved=True, satisfied=3)
    router.route(tap(said, "unsolved", case))
    assert Callback.objects.count() == 1
    case.refresh_from_db()
    assert case.state == State.CALLED_BACK


def test_a_second_tap_changes_the_first_until_both_are_said(
    router: Router, said: Said, case: Case
) -> None:
    router.route(tap(said, "unsolved", case))
    router.route(tap(said, "solved", case))
    router.route(tap(said, "satisfied:5", case))
    router.route(tap(said, "satisfied:1", case))
    assert list(Callback.objects.values_list("solved", "satisfied")) == [(True, 5)]


def test_satisfaction_alone_asks_for_the_rest(router: Router, said: Said, case: Case) -> None:
    router.route(tap(said, "satisfied:5", case))
    assert options() == [f"callback:solved:{case.number}", f"callback:unsolved:{case.number}"]


def test_nobody_answers_for_another(router: Router, said: Said, case: Case) -> None:
    router.route(
        said("", citizen="o-2", choice=f"callback:solved:{case.number}", kind=InboundKind.CHOICE)
    )
    assert Asking.objects.get().state == AskingState.ASKED
    assert not Message.objects.filter(text__contains="1-5").exists()


def test_a_tap_in_a_later_talk_is_understood(router: Router, said: Said, case: Case) -> None:
    Conversation.objects.update(closed_at=timezone.now())
    router.route(tap(said, "solved", case))
    assert Asking.objects.get().state == AskingState.HALF


def test_the_table_gives_the_step_to_agents_only(case: Case) -> None:
    case.refresh_from_db()
    assert "callback" not in legal_steps(case, CITIZEN, timezone.now())
    assert "redo" not in legal_steps(case, CITIZEN, timezone.now())


def test_on_day_seven_the_state_stays(router: Router, said: Said, line: Line) -> None:
    now = timezone.now()
    line.at = now - 8 * DAY
    case = line.case(line.citizen("open-id-1"))
    line.dispatched(case)
    Notice.objects.all().delete()
    Conversation.objects.update(last_at=now)
    supervise(now)
    granted("open-id-1")
    ask_at_noon()
    Notice.objects.all().delete()
    router.route(tap(said, "unsolved", case))
    router.route(tap(said, "satisfied:2", case))
    case.refresh_from_db()
    assert case.state == State.DISPATCHED
    assert Callback.objects.get().solved is False
    assert not case.events.filter(kind="redo").exists()
