from collections.abc import Callable
from typing import Any

import pytest

from actions.protocol import (
    Decision,
    Draft,
    Effect,
    EffectKind,
    Field,
    Option,
    Reply,
    Stage,
    Status,
    Turn,
    Words,
)
from desk.cases.models import Case
from desk.conversations import ownership
from desk.conversations.bus import redis
from desk.conversations.models import (
    Author,
    Citizen,
    Conversation,
    Message,
    OutboundMessage,
    Owner,
    Partition,
)
from desk.conversations.router import Fence, LostPartition, Router
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish, withdraw
from desk.people.models import Hotline, User
from wire import keys
from wire.messages import FIELD, Inbound, InboundKind, Outbound, decode

pytestmark = pytest.mark.django_db
Said = Callable[..., Inbound]


@pytest.fixture
def router(bot: Any, hotline: Hotline) -> Router:
    return Router(bot)


def sent() -> list[Outbound]:
    return [decode(fields[FIELD], Outbound) for _id, fields in redis().xrange(keys.OUTBOUND)]


def kept_reply(inbound: Inbound) -> Outbound:
    return decode(redis().get(keys.reply(inbound.account, inbound.message_id)), Outbound)


def test_an_answer_is_recorded_and_handed_to_the_channels(router: Router, said: Said) -> None:
    question = said("你好")
    router.route(question)
    (outbound,) = sent()
    assert [part.text for part in outbound.parts] == ["听到：你好"]
    assert outbound.in_reply_to == question.message_id
    assert kept_reply(question) == outbound
    assert list(Message.objects.values_list("author", "text")) == [
        (Author.CITIZEN, "你好"),
        (Author.BOT, "听到：你好"),
    ]


def test_what_an_exchange_waits_for_is_the_senders_only_when_nobody_took_it(
    router: Router, said: Said
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from desk.conversations import outbox

    question = said("你好", reply_by=timezone.now() + timedelta(seconds=4))
    router.route(question)
    assert kept_reply(question).parts
    assert sent() == []
    outbox.relay_pending(timezone.now() + timedelta(seconds=3))
    assert sent() == [kept_reply(question)]


def test_a_message_that_comes_twice_has_one_effect(router: Router, said: Said) -> None:
    question = said("你好")
    router.route(question)
    router.route(question)
    assert Message.objects.count() == 2
    assert len({outbound.id for outbound in sent()}) == 1


def test_a_person_who_has_the_talk_is_not_talked_over(
    router: Router, said: Said, bot: Any, user: Callable[..., User]
) -> None:
    router.route(said("你好"))
    ownership.take_over(Conversation.objects.get().pk, user())
    before = len(sent())
    question = said("在吗")
    router.route(question)
    assert len(bot.turns) == 1
    assert kept_reply(question).parts == ()
    assert len(sent()) == before
    assert Conversation.objects.get().unread == 1


def test_an_answer_under_way_is_dropped_when_a_person_takes_over(
    router: Router, said: Said, bot: Any, user: Callable[..., User]
) -> None:
    router.route(said("你好"))
    agent = user()

    def take_over_meanwhile(turn: Turn) -> Decision:
        ownership.take_over(Conversation.objects.get().pk, agent)
        return Decision(status=Status.SMALL_TALK, intent="", replies=(Reply(text="晚了"),))

    bot.decide = take_over_meanwhile
    question = said("还在吗")
    router.route(question)
    assert not Message.objects.filter(text="晚了").exists()
    assert Message.objects.filter(text="还在吗").exists()
    assert kept_reply(question).parts == ()


def test_the_bot_never_sees_a_phone_but_the_case_has_it(
    router: Router, said: Said, bot: Any
) -> None:
    router.route(said("路灯坏了，我电话13900001234"))
    assert "13900001234" not in bot.turns[0].text
    assert len(bot.turns[0].text) == len("路灯坏了，我电话13900001234")
    assert bot.turns[0].has_phone  # it is not asked for once more
    assert Citizen.objects.get().phone == "13900001234"


def confirmed_case(turn: Turn) -> Decision:
    draft = Draft(
        stage=Stage.CONFIRMING,
        fields={
            "content": Field(
                value="路灯坏了", confidence=1.0, evidence=Words(message=turn.id, start=0, end=4)
            ),
            "place": Field(
                value="德外大街", confidence=0.9, evidence=Words(message=turn.id, start=5, end=9)
            ),
        },
    )
    return Decision(
        status=Status.CASE_OPENED,
        intent="affirm",
        effects=(
            Effect(
                kind=EffectKind.OPEN_CASE,
                data={"draft": {"stage": draft.stage, "fields": _plain(draft.fields)}},
                done=Reply(text="已登记，编号 {number}"),
                failed=Reply(text="没有登记上"),
            ),
        ),
    )


def _plain(fields: dict[str, Field]) -> Any:
    import msgspec

    return msgspec.to_builtins(fields)


def test_a_confirmed_complaint_becomes_a_case_with_its_words(
    router: Router, said: Said, bot: Any
) -> None:
    bot.decide = confirmed_case
    router.route(said("路灯坏了，德外大街"))
    case = Case.objects.get()
    assert sent()[-1].parts[0].text == f"已登记，编号 {case.number}"
    assert len(case.number) == 12
    assert case.place == "德外大街"
    assert case.fields.get(name="place").words == "德外大街"
    assert [event.kind for event in case.events.all()] == ["accepted"]


def test_who_leaves_no_phone_has_a_case_without_one(router: Router, said: Said, bot: Any) -> None:
    router.route(said("路灯坏了，我电话13900001234"))

    def without_phone(turn: Turn) -> Decision:
        decision = confirmed_case(turn)
        decision.effects[0].data["draft"]["without_phone"] = True
        return decision

    bot.decide = without_phone
    router.route(said("对"))
    assert Case.objects.get().contact_phone == ""


def test_without_content_no_case_is_claimed(router: Router, said: Said, bot: Any) -> None:
    bot.decide = lambda turn: Decision(
        status=Status.CASE_OPENED,
        intent="affirm",
        effects=(
            Effect(
                kind=EffectKind.OPEN_CASE,
                done=Reply(text="已登记，编号 {number}"),
                failed=Reply(text="没有登记上"),
            ),
        ),
    )
    router.route(said("是"))
    assert sent()[-1].parts[0].text == "没有登记上"
    assert not Case.objects.exists()


def request_agent(turn: Turn) -> Decision:
    return Decision(
        status=Status.HANDED_OVER,
        intent="request_agent",
        effects=(
            Effect(
                kind=EffectKind.REQUEST_AGENT,
                done=Reply(text="前面有 {ahead} 位"),
                failed=Reply(text="现在没有人值班"),
            ),
        ),
    )


def test_whoever_asks_for_a_person_hears_their_place(
    router: Router, said: Said, bot: Any, user: Callable[..., User]
) -> None:
    from django.utils import timezone

    user(seen_at=timezone.now())
    bot.decide = request_agent
    router.route(said("转人工", citizen="first"))
    router.route(said("转人工", citizen="second"))
    assert [outbound.parts[-1].text for outbound in sent()] == ["前面有 0 位", "前面有 1 位"]
    assert set(Conversation.objects.values_list("owner", flat=True)) == {Owner.QUEUE}
    assert not Case.objects.exists()


def test_with_nobody_on_shift_the_words_become_a_case(router: Router, said: Said, bot: Any) -> None:
    router.route(said("楼上天天砸墙"))
    bot.decide = request_agent
    router.route(said("转人工"))
    case = Case.objects.get()
    texts = [part.text for part in sent()[-1].parts]
    assert len(texts) == 1
    assert case.number in texts[0]
    assert "楼上天天砸墙" in case.content
    assert Conversation.objects.get().owner == Owner.QUEUE


def test_who_said_nothing_yet_waits_without_a_case(router: Router, said: Said, bot: Any) -> None:
    bot.decide = request_agent
    router.route(said("转人工"))
    assert sent()[-1].parts[-1].text == "现在没有人值班"
    assert not Case.objects.exists()
    assert Conversation.objects.get().owner == Owner.QUEUE


def test_what_is_a_case_already_does_not_become_another(
    router: Router, said: Said, bot: Any
) -> None:
    bot.decide = confirmed_case
    router.route(said("路灯坏了，德外大街"))
    bot.decide = request_agent
    router.route(said("转人工"))
    assert Case.objects.get().number in sent()[-1].parts[-1].text


def test_while_waiting_the_bot_knows_it(router: Router, said: Said, bot: Any) -> None:
    bot.decide = request_agent
    router.route(said("转人工"))
    router.route(said("还要多久"))
    assert bot.turns[-1].stage is Stage.QUEUEING


@pytest.fixture
def entry(db: None) -> Entry:
    made = Entry(external_id="hj-1", question="怎么办居住证", answer="到派出所办理。")
    publish(made, None)
    return made


def answer_with(entry: str, text: str) -> Callable[[Turn], Decision]:
    return lambda turn: Decision(
        status=Status.ANSWERED, intent="ask", replies=(Reply(text=text, entry=entry),)
    )


def test_a_live_entry_is_said(router: Router, said: Said, bot: Any, entry: Entry) -> None:
    bot.decide = answer_with("hj-1", "到派出所办理。")
    router.route(said("居住证怎么办"))
    assert sent()[-1].parts[0].text == "到派出所办理。"


def test_a_withdrawn_entry_is_not_said_even_when_the_bot_still_has_it(
    router: Router, said: Said, bot: Any, entry: Entry
) -> None:
    withdraw(entry, None)
    bot.decide = answer_with("hj-1", "到派出所办理。")
    router.route(said("居住证怎么办"))
    assert "派出所" not in sent()[-1].parts[0].text
    assert Message.objects.filter(author=Author.BOT).get().status == Status.STALE


def test_a_complaint_that_is_being_taken_survives_a_withdrawn_entry(
    router: Router, said: Said, bot: Any, entry: Entry
) -> None:
    taken = Draft(
        stage=Stage.COLLECTING, fields={"content": Field(value="路灯坏了", confidence=1.0)}
    )
    bot.decide = lambda turn: Decision(
        status=Status.ASKED, intent="complain", replies=(Reply(text="在哪里？"),), draft=taken
    )
    router.route(said("路灯坏了"))
    withdraw(entry, None)
    bot.decide = answer_with("hj-1", "到派出所办理。")
    router.route(said("对了，居住证怎么办"))
    bot.decide = lambda turn: Decision(status=Status.ASKED, intent="inform", draft=turn.draft)
    router.route(said("德外大街"))
    assert bot.turns[-1].draft == taken


def test_an_entry_of_another_hotline_is_not_said(
    router: Router, said: Said, bot: Any, entry: Entry
) -> None:
    Hotline.objects.create(code="12341", name="西城")
    entry.hotline_codes = ["12341"]
    publish(entry, None)
    bot.decide = answer_with("hj-1", "到派出所办理。")
    router.route(said("居住证怎么办"))
    assert "派出所" not in sent()[-1].parts[0].text


def test_a_danger_is_answered_first_whoever_has_the_talk(
    router: Router, said: Said, bot: Any, user: Callable[..., User]
) -> None:
    router.route(said("你好"))
    ownership.take_over(Conversation.objects.get().pk, user())
    router.route(said("着火了！楼道里全是烟"))
    assert "119" in sent()[-1].parts[0].text
    assert len(bot.turns) == 1


def test_a_bot_that_breaks_leaves_nobody_without_an_answer(
    router: Router, said: Said, bot: Any
) -> None:
    def broken(turn: Turn) -> Decision:
        raise RuntimeError("broken")

    bot.decide = broken
    router.route(said("居住证怎么办"))
    assert sent()[-1].parts[0].options[0].id == "agent"
    assert Message.objects.filter(text="居住证怎么办").exists()


def test_a_worker_that_lost_its_partition_writes_nothing(router: Router, said: Said) -> None:
    Partition.objects.create(number=3, fence=8)
    with pytest.raises(LostPartition):
        router.route(said("你好"), Fence(3, 7))
    assert not Message.objects.exists()
    assert sent() == []


def test_only_what_was_offered_can_be_chosen(router: Router, said: Said, bot: Any) -> None:
    bot.decide = lambda turn: Decision(
        status=Status.MENU,
        intent="ask",
        replies=(Reply(text="哪一个？", options=(Option(id="entry:hj-1", label="居住证"),)),),
    )
    router.route(said("证"))
    router.route(said("居住证", kind=InboundKind.CHOICE, choice="entry:hj-1"))
    router.route(said("别的", kind=InboundKind.CHOICE, choice="entry:secret"))
    assert [turn.choice for turn in bot.turns] == ["", "entry:hj-1", ""]


def test_after_a_day_of_silence_a_new_talk_begins(router: Router, said: Said) -> None:
    from datetime import timedelta

    from django.utils import timezone

    router.route(said("你好"))
    Conversation.objects.update(last_at=timezone.now() - timedelta(hours=25))
    router.route(said("又是我"))
    assert Conversation.objects.count() == 2
    assert Conversation.objects.filter(closed_at__isnull=True).count() == 1


def test_with_redis_down_nothing_is_lost(
    router: Router, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from redis import Redis

    from desk.conversations import bus, outbox

    dead = Redis(port=1, socket_connect_timeout=0.2)
    with monkeypatch.context() as away:
        away.setattr(outbox, "redis", lambda: dead)
        away.setattr(bus, "redis", lambda: dead)
        router.route(said("你好"))
        assert outbox.relay_pending(timezone.now() + timedelta(seconds=5)) == 0
    assert sent() == []
    assert outbox.relay_pending(timezone.now() + timedelta(seconds=5)) == 1
    assert [outbound.id for outbound in sent()] == [OutboundMessage.objects.get().pk]


def test_a_passage_of_what_is_approved_is_said_and_a_changed_one_is_not(
    router: Router, said: Said, bot: Any
) -> None:
    answer = "第一条。第二条，满三年可申请。第三条。"
    publish(Entry(external_id="long", question="公租房怎么申请", answer=answer), None)

    def quoting(words: str) -> Callable[[Turn], Decision]:
        reply = Reply(text=f"…{words}…\n\n——区人力社保局", entry="long", quoted=words)
        return lambda _turn: Decision(status=Status.ANSWERED, intent="ask", replies=(reply,))

    bot.decide = quoting("第二条，满三年可申请。")
    router.route(said("满几年能申请"))
    assert Message.objects.filter(author="bot", text__contains="满三年").exists()

    bot.decide = quoting("第二条，满五年可申请。")
    router.route(said("满几年能申请"))
    assert not Message.objects.filter(author="bot", text__contains="满五年").exists()
