"""Joining adds to a case what a citizen says, and makes it one of theirs; it opens nothing."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from actions.protocol import (
    Decision,
    Draft,
    Effect,
    EffectKind,
    Field,
    Reply,
    Stage,
    Status,
    Turn,
)
from desk.cases.models import Case, JoinedCitizen, State
from desk.conversations.bus import redis
from desk.conversations.models import Citizen
from desk.conversations.router import Router
from desk.people.models import Hotline
from wire import keys
from wire.messages import FIELD, Inbound, Outbound, decode

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]


@pytest.fixture
def router(bot: Any, hotline: Hotline) -> Router:
    bot.decide = _joins
    return Router(bot)


@pytest.fixture
def case(hotline: Hotline) -> Case:
    owner = Citizen.objects.create(account="12345-web", channel="webchat", external_id="another")
    return Case.objects.create(
        number="202603170001", hotline=hotline, citizen=owner, content="路灯不亮"
    )


def _joins(_turn: Turn) -> Decision:
    draft = Draft(
        stage=Stage.CONFIRMING,
        fields={"content": Field(value="路灯坏了三盏", confidence=1.0)},
        repeat="202603170001",
    )
    return Decision(
        status=Status.CASE_JOINED,
        intent="choose",
        effects=(
            Effect(
                kind=EffectKind.JOIN_CASE,
                done=Reply(text="已加入，编号 {number}"),
                failed=Reply(text="单独登记了，编号 {number}"),
                data={"number": "202603170001", "draft": msgspec.to_builtins(draft)},
            ),
        ),
    )


def _last_words() -> str:
    rows = redis().xrange(keys.OUTBOUND)
    return decode(rows[-1][1][FIELD], Outbound).parts[0].text


def test_the_citizens_words_go_into_the_case_and_its_number_is_told(
    router: Router, said: Said, case: Case
) -> None:
    router.route(said("加入"))
    assert Case.objects.count() == 1
    assert _last_words() == f"已加入，编号 {case.number}"
    event = case.events.get(kind="joined")
    assert (event.by, event.note) == ("citizen", "路灯坏了三盏")


def test_a_message_that_comes_twice_joins_once(router: Router, said: Said, case: Case) -> None:
    message = said("加入")
    router.route(message)
    router.route(message)
    assert case.events.filter(kind="joined").count() == 1


def test_who_joins_twice_is_counted_once(router: Router, said: Said, case: Case) -> None:
    router.route(said("加入"))
    router.route(said("加入"))
    assert JoinedCitizen.objects.count() == 1
    assert case.events.filter(kind="joined").count() == 2  # both times' words are kept


def test_who_joined_hears_how_the_case_stands_and_may_push_it(
    router: Router, said: Said, case: Case, bot: Any
) -> None:
    router.route(said("加入"))
    bot.decide = lambda turn: Decision(
        status=Status.TOLD_STATE, intent="case_status", replies=(Reply(text="{cases}"),)
    )
    router.route(said("查进度"))
    assert case.number in _last_words()
    bot.decide = lambda turn: Decision(
        status=Status.TOLD_STATE,
        intent="case_status",
        effects=(
            Effect(
                kind=EffectKind.CHASE, done=Reply(text="催了 {number}"), failed=Reply(text="无")
            ),
        ),
    )
    router.route(said("催一下"))
    assert _last_words() == f"催了 {case.number}"


def test_who_did_not_join_hears_nothing_of_it(
    router: Router, said: Said, case: Case, bot: Any
) -> None:
    router.route(said("加入"))
    bot.decide = lambda turn: Decision(
        status=Status.TOLD_STATE, intent="case_status", replies=(Reply(text="{cases}"),)
    )
    router.route(said("查进度", citizen="open-id-2"))
    assert case.number not in _last_words()


@pytest.mark.parametrize(
    "change", [{"state": State.CLOSED}, {"state": State.MERGED}, {"confidential": True}]
)
def test_a_case_that_is_gone_meanwhile_leaves_the_citizen_with_one_of_their_own(
    router: Router, said: Said, case: Case, change: dict[str, Any]
) -> None:
    Case.objects.filter(pk=case.pk).update(**change)
    router.route(said("加入"))
    own = Case.objects.exclude(pk=case.pk).get()
    assert own.content == "路灯坏了三盏"
    assert _last_words() == f"单独登记了，编号 {own.number}"
    assert not JoinedCitizen.objects.exists()


def test_adding_to_ones_own_case_makes_nobody_a_second_citizen_of_it(
    router: Router, said: Said, case: Case, bot: Any
) -> None:
    router.route(said("加入"))
    citizen = Citizen.objects.get(external_id="open-id-1")
    JoinedCitizen.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(citizen=citizen)
    router.route(said("加入"))
    assert not JoinedCitizen.objects.exists()
    assert case.events.filter(kind="joined").count() == 2
