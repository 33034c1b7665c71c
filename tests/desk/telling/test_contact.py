"""What waited for the citizen comes first when they write again, together and shortly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from desk.conversations.models import Author, Conversation, Message, Owner
from desk.conversations.router import Router
from desk.telling.models import Notice, NoticeState
from tests.desk.telling.conftest import Line, became, went_out
from wire.messages import DeliveryState, Inbound

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]


@pytest.fixture
def router(bot: Any, line: Line) -> Router:
    return Router(bot)


@pytest.fixture
def case(line: Line) -> Any:
    """Its citizen could not be reached twice."""
    case = line.case(line.citizen("open-id-1"))
    line.dispatched(case)
    for outbound in line.tell():
        became(outbound, DeliveryState.REFUSED, "api", "45015")
    line.do(case, "sign")
    line.do(case, "answer", text="已修好" * 200)
    line.do(case, "review", approve=True)
    for outbound in line.tell():
        became(outbound, DeliveryState.REFUSED, "api", "45015")
    return case


def test_it_comes_before_the_bots_answer_in_the_same_exchange(
    router: Router, said: Said, case: Any
) -> None:
    question = said("社保卡丢了怎么办")
    router.route(question)
    outbound = went_out()[-1]
    assert outbound.in_reply_to == question.message_id
    told, answer = outbound.parts
    assert answer.text == "听到：社保卡丢了怎么办"
    assert len(told.text) < 700
    assert told.text.count("/case/") == 1
    authors = list(Message.objects.order_by("pk").values_list("author", flat=True))
    assert authors[-3:] == [Author.CITIZEN, Author.SYSTEM, Author.BOT]
    became(outbound, via="passive")
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert case.events.filter(kind="told_citizen").count() == 2


def test_it_is_told_once(router: Router, said: Said, case: Any) -> None:
    router.route(said("在吗"))
    router.route(said("在吗"))
    assert len(went_out()[-1].parts) == 1


def test_it_is_told_also_where_an_agent_has_the_talk(
    router: Router, said: Said, case: Any, line: Line, bot: Any
) -> None:
    agent = line.people["agent"]
    Conversation.objects.update(owner=Owner.AGENT, agent=agent, last_at=timezone.now())
    asked = len(bot.turns)
    question = said("在吗")
    router.route(question)
    outbound = went_out()[-1]
    assert (outbound.author, len(outbound.parts)) == ("system", 1)
    assert outbound.in_reply_to == question.message_id
    assert len(bot.turns) == asked


def test_an_emergency_is_answered_before_anything_else(
    router: Router, said: Said, case: Any
) -> None:
    router.route(said("我家着火了，快来人"))
    assert "119" in went_out()[-1].parts[0].text
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.WAITS_FOR_CONTACT}
    router.route(said("在吗"))
    assert len(went_out()[-1].parts) == 2


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("", NoticeState.WAITS_FOR_CONTACT), ("rest", NoticeState.SENT)],
)
def test_a_reply_that_was_superseded_took_it_along_or_not(
    router: Router, said: Said, case: Any, reason: str, expected: NoticeState
) -> None:
    router.route(said("在吗"))
    became(went_out()[-1], DeliveryState.SUPERSEDED, "", reason)
    assert set(Notice.objects.values_list("state", flat=True)) == {expected}
