"""What had been asked is found again when a citizen taps 没解决."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.options import NONE, of_entry
from actions.protocol import Decision, Judged, Option, Reply, Status, Turn
from actions.rating import asked_of
from desk.conversations.models import Message
from desk.conversations.router import Router
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish
from desk.people.models import Hotline
from wire.messages import Inbound

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]

_NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
FURTHER = of_entry("hj-3", "居住证丢了怎么补")


class AskedBot:
    """Offers a menu to 居住证, answers all else with hj-1, and keeps what it was asked."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    def __call__(self, turn: Turn) -> Decision:
        self.turns.append(turn)
        if turn.choice.startswith(("unsolved", "useful")):
            return Decision(status=Status.RATED, intent="choose", replies=(Reply(text="好的。"),))
        if turn.text == "居住证":
            options = (of_entry("hj-1", "怎么办"), of_entry("hj-2", "怎么换"), NONE)
            return _said(Status.MENU, Reply(text="您是想问：", options=options))
        entry = turn.choice.removeprefix("entry:") or "hj-1"
        reply = Reply(text="到派出所。", entry=entry, options=(*_taps(entry), FURTHER))
        return _said(Status.ANSWERED, reply, "choose" if turn.choice else "ask")

    @property
    def judged(self) -> Judged | None:
        return self.turns[-1].judged


def _said(status: Status, reply: Reply, intent: str = "ask") -> Decision:
    return Decision(status=status, intent=intent, replies=(reply,))


def _taps(entry: str) -> tuple[Option, ...]:
    turn = Turn(id="m", text="", hotline="12345", channel="wechat", now=_NOW)
    return asked_of(entry, turn)


@pytest.fixture
def asked(bot: Any) -> AskedBot:
    bot.decide = AskedBot()
    return bot.decide


@pytest.fixture
def router(bot: Any, hotline: Hotline) -> Router:
    for name in ("hj-1", "hj-2", "hj-3"):
        publish(Entry(external_id=name, question=name, answer="到派出所。"), None)
    return Router(bot)


def test_the_question_before_the_answer(router: Router, said: Said, asked: AskedBot) -> None:
    router.route(said("居住证怎么办", message_id="q1"))
    router.route(said(choice="unsolved:hj-1"))
    assert asked.judged == Judged(question="居住证怎么办", message="q1", given=("hj-1",))


def test_behind_a_pick_from_a_menu_stands_what_the_menu_was_for(
    router: Router, said: Said, asked: AskedBot
) -> None:
    router.route(said("居住证", message_id="q1"))
    router.route(said(choice="entry:hj-2"))
    router.route(said(choice="unsolved:hj-2"))
    assert asked.judged == Judged(question="居住证", message="q1", given=("hj-2",))


def test_a_further_question_is_one_of_its_own(router: Router, said: Said, asked: AskedBot) -> None:
    router.route(said("居住证怎么办"))
    router.route(said(choice="entry:hj-3"))
    router.route(said(choice="unsolved:hj-3"))
    assert asked.judged
    assert asked.judged.question == "居住证丢了怎么补"


def test_an_older_answer_can_be_judged(router: Router, said: Said, asked: AskedBot) -> None:
    router.route(said("居住证", message_id="q1"))
    router.route(said(choice="entry:hj-2"))
    router.route(said("社保卡怎么办"))
    router.route(said(choice="unsolved:hj-2"))
    assert asked.judged
    assert asked.judged.question == "居住证"


def test_the_second_time_is_known_as_such(router: Router, said: Said, asked: AskedBot) -> None:
    router.route(said("居住证"))
    router.route(said(choice="entry:hj-1"))
    router.route(said(choice="entry:hj-2"))
    Message.objects.filter(entry="hj-1").update(rating="unsolved")
    router.route(said(choice="unsolved:hj-2"))
    assert asked.judged
    assert asked.judged.again


def test_a_phone_number_in_it_stays_at_the_desk(
    router: Router, said: Said, asked: AskedBot
) -> None:
    router.route(said("我电话13800138000，居住证怎么办"))
    router.route(said(choice="unsolved:hj-1"))
    assert asked.judged
    assert "13800138000" not in asked.judged.question


def test_what_was_useful_needs_no_question(router: Router, said: Said, asked: AskedBot) -> None:
    router.route(said("居住证怎么办"))
    router.route(said(choice="useful:hj-1"))
    assert asked.judged is None
