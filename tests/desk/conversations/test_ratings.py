from collections.abc import Callable
from typing import Any

import pytest

from actions.library import Library
from actions.protocol import Decision, Option, Reply, Status, Turn
from actions.rating import rate
from desk.conversations.models import Conversation, Message, Rating
from desk.conversations.router import Router
from desk.conversations.thread import Bubble, thread_of
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish
from desk.people.models import Hotline
from tests.actions.a_talk import FakeKnowledge, FakeReader
from wire.messages import Inbound

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]
LIBRARY = Library(knowledge=FakeKnowledge(), reader=FakeReader())

TAPS = (Option(id="useful:hj-1", label="有用"), Option(id="unsolved:hj-1", label="没解决"))


@pytest.fixture
def router(bot: Any, hotline: Hotline) -> Router:
    publish(Entry(external_id="hj-1", question="怎么办居住证", answer="到派出所办理。"), None)
    bot.decide = _decide
    return Router(bot)


def _decide(turn: Turn) -> Decision:
    if turn.choice:
        return rate(turn.choice, turn, LIBRARY)
    reply = Reply(text="到派出所办理。", entry="hj-1", options=TAPS)
    return Decision(status=Status.ANSWERED, intent="ask", replies=(reply,))


def ratings() -> list[str]:
    answers = Message.objects.exclude(entry="").order_by("id")
    return list(answers.values_list("rating", flat=True))


@pytest.mark.parametrize("rating", list(Rating))
def test_what_the_citizen_taps_is_kept_with_the_answer(
    router: Router, said: Said, rating: Rating
) -> None:
    router.route(said("居住证怎么办"))
    assert ratings() == [""]
    router.route(said(choice=f"{rating}:hj-1"))
    assert ratings() == [rating]


def test_the_latest_answer_is_the_one_that_was_judged(router: Router, said: Said) -> None:
    router.route(said("居住证怎么办"))
    router.route(said("居住证去哪儿办"))
    router.route(said(choice="unsolved:hj-1"))
    assert ratings() == ["", Rating.UNSOLVED]


def test_a_second_tap_corrects_the_first(router: Router, said: Said) -> None:
    router.route(said("居住证怎么办"))
    router.route(said(choice="unsolved:hj-1"))
    router.route(said(choice="useful:hj-1"))
    assert ratings() == [Rating.USEFUL]


def test_nobody_can_judge_what_another_was_told(router: Router, said: Said) -> None:
    router.route(said("居住证怎么办"))
    router.route(said("你好", citizen="open-id-2", choice="useful:hj-1"))
    assert ratings()[0] == ""


def test_an_answer_that_is_not_there_is_not_said_to_be_judged(router: Router, said: Said) -> None:
    router.route(said("居住证怎么办"))
    Message.objects.exclude(entry="").update(entry="")
    router.route(said(choice="useful:hj-1"))
    last = Message.objects.order_by("id").last()
    assert last
    assert "没能记下" in last.text


def test_agents_see_it_at_the_answer(router: Router, said: Said) -> None:
    router.route(said("居住证怎么办"))
    router.route(said(choice="unsolved:hj-1"))
    lines = thread_of(Conversation.objects.get(), {}).lines
    told = [line.rating for line in lines if isinstance(line, Bubble) and line.rating]
    assert len(told) == 1
