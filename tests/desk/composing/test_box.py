from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case
from desk.composing.models import Mention, UnsentWords
from desk.composing.suggesting import last_words
from desk.composing.window import window_of
from desk.conversations.bus import redis
from desk.conversations.models import Author, Conversation, Message, Owner
from desk.people.models import Role, User
from desk.replies.models import CannedReply
from tests.desk.pages.conftest import HTMX, says
from wire import keys

pytestmark = pytest.mark.django_db

type Talks = Callable[..., Conversation]
type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def compose(client: Client, made: Conversation, what: str, **data: str) -> str:
    return client.get(f"/conversations/{made.pk}/composing/{what}", data, headers=HTMX).text


def test_what_was_typed_is_there_on_another_device_and_gone_once_sent(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    address = f"/conversations/{made.pk}/composing/keep"
    kept = browser(agent).post(address, {"text": "还没写完", "mode": "reply"})
    assert set(kept.json()) == {"kept", "at"}

    elsewhere = browser(agent)
    assert "还没写完" in elsewhere.get(f"/conversations/{made.pk}/").text
    assert "还没写完" not in browser(user("other")).get(f"/conversations/{made.pk}/").text

    elsewhere.post(f"/conversations/{made.pk}/say", {"text": "写完了"}, headers=HTMX)
    assert not UnsentWords.objects.exists()


def test_a_refused_message_loses_no_words(browser: Browser, user: Users, talk: Talks) -> None:
    agent = user()
    made = talk()  # the bot has it
    client = browser(agent)
    client.post(f"/conversations/{made.pk}/composing/keep", {"text": "留着", "mode": "note"})

    client.post(f"/conversations/{made.pk}/say", {"text": "留着"}, headers=HTMX)

    assert UnsentWords.objects.get().text == "留着"
    client.post(f"/conversations/{made.pk}/composing/keep", {"text": " ", "mode": "note"})
    assert not UnsentWords.objects.exists()


def test_a_reply_with_a_blank_does_not_leave(browser: Browser, user: Users, talk: Talks) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)

    answer = browser(agent).post(
        f"/conversations/{made.pk}/say", {"text": "编号【填：案号】"}, headers=HTMX
    )

    assert "还没填：案号" in answer.text
    assert not Message.objects.filter(author=Author.AGENT).exists()


def test_canned_replies_are_found_by_their_words_and_filled_in(
    browser: Browser, user: Users, talk: Talks, case: Callable[..., Case]
) -> None:
    agent = user()
    made = talk()
    known = case(conversation=made, citizen=made.citizen)
    CannedReply.objects.create(title="已登记", text="编号 {{案号}}")
    CannedReply.objects.create(title="别人的", text="编号", owner=user("other"))

    options = compose(browser(agent), made, "replies", q="登记")

    assert f"编号 {known.number}" in options
    assert "别人的" not in compose(browser(agent), made, "replies", q="编号")
    assert "没有这样的快捷回复" in compose(browser(agent), made, "replies", q="没有的词")


def test_a_colleague_who_is_named_sees_it_in_their_list_until_they_have_looked(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent, other = user("周敏"), user("李倩")
    made = talk("要人工", owner=Owner.AGENT, agent=agent)
    client, hers = browser(agent), browser(other)
    assert "李倩" in compose(client, made, "people", q="李")
    assert "周敏" not in compose(client, made, "people")  # nobody names themselves

    client.post(f"/conversations/{made.pk}/note", {"text": "@李倩 谁在跟 @没有的人"}, headers=HTMX)

    assert Mention.objects.get().user == other
    rows = hers.get("/conversations/rows?tab=mine", headers=HTMX).text
    assert "同事提到您 1" in rows
    assert "备注里提到您" in rows
    assert "同事提到您" not in client.get("/conversations/rows?tab=mine", headers=HTMX).text
    hers.post(f"/conversations/{made.pk}/read", headers=HTMX)
    assert "要人工" not in hers.get("/conversations/rows?tab=mine", headers=HTMX).text


def test_what_wechat_still_takes_is_told_with_its_end(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    quota = keys.quota(made.citizen.account, made.citizen.external_id, "message")
    redis().set(quota, 3, ex=48 * 3600)

    page = browser(agent).get(f"/conversations/{made.pk}/open").text

    assert "5 条里还可发 <b>3</b> 条" in page
    redis().set(quota, 0, keepttl=True)
    spent = browser(agent).get(f"/conversations/{made.pk}/open").text
    assert "这一轮能发的都发完了" in spent
    assert "还是试着发" in spent


def test_after_48_hours_it_is_time_that_has_closed_the_window(talk: Talks) -> None:
    made = talk()
    Message.objects.update(at=timezone.now() - timedelta(hours=49))

    window = window_of(made, timezone.now())

    assert window is not None
    assert window.is_over
    assert window.left == 0


def test_telegram_and_the_web_page_have_no_window(talk: Talks) -> None:
    made = talk()
    made.citizen.channel = "telegram"
    assert window_of(made, timezone.now()) is None


def test_a_colleagues_answer_to_the_like_is_offered_without_what_was_its_citizens(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    before = talk("小区门口的路灯坏了三天没人修", owner=Owner.AGENT, agent=agent)
    says(
        before,
        "王先生，已经通知路灯所，编号 202611240137，电话 13912345678",
        author=Author.AGENT,
        platform_id="",
    )
    made = talk("我们小区路灯坏了没人修", owner=Owner.AGENT, agent=agent)

    offered = compose(browser(agent), made, "suggestion")

    assert "【填：称呼】，已经通知路灯所，编号 【填：案号】" in offered
    assert "13912345678" not in offered
    assert "同事答过 1 次类似的" in offered


def test_a_name_without_a_title_is_not_offered_either(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    before = talk("小区门口的路灯坏了三天没人修，我是欧阳建国", owner=Owner.AGENT, agent=agent)
    before.citizen.name = "欧阳建国"
    before.citizen.save()
    says(before, "欧阳建国，已经通知路灯所去修了", author=Author.AGENT, platform_id="")
    made = talk("我们小区门口的路灯坏了没人修", owner=Owner.AGENT, agent=agent)

    offered = compose(browser(agent), made, "suggestion")

    assert "已经通知路灯所去修了" in offered
    assert "欧阳建国" not in offered


def test_nothing_is_suggested_when_nothing_is_like_it(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    before = talk("小区门口的路灯坏了三天没人修", owner=Owner.AGENT, agent=agent)
    says(before, "已经通知路灯所去修了", author=Author.AGENT, platform_id="")
    made = talk("公积金提取要什么材料", owner=Owner.AGENT, agent=agent)

    assert compose(browser(agent), made, "suggestion").strip() == ""


def test_another_hotlines_talk_helps_nobody_here(
    browser: Browser, user: Users, talk: Talks
) -> None:
    handler = browser(user("handler", Role.HANDLER))
    made = talk()
    for what in ("replies", "knowledge", "people", "suggestion"):
        address = f"/conversations/{made.pk}/composing/{what}"
        assert handler.get(address).status_code == 403


def test_what_is_answered_is_the_matter_and_not_the_wish_for_a_person(talk: Talks) -> None:
    made = talk()
    for text, intent in [
        ("医保卡丢了怎么补办", "ask"),
        ("转人工", "request_agent"),
        ("谢谢", "thank"),
    ]:
        Message.objects.create(conversation=made, author=Author.CITIZEN, text=text, intent=intent)
    assert last_words(made) == "医保卡丢了怎么补办"
    long = "路灯坏了半个月没人修，我要找人工"
    Message.objects.create(
        conversation=made, author=Author.CITIZEN, text=long, intent="request_agent"
    )
    assert last_words(made) == long
