from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.protocol import Draft, Field, Stage, Words
from desk.cases.models import Case, CaseField, ContactReveal
from desk.conversations.models import (
    Author,
    Conversation,
    DeliveryStatus,
    Message,
    OutboundMessage,
    Owner,
    OwnerChange,
)
from desk.knowledge.models import Entry
from desk.people.models import Department, Hotline, Role, User
from tests.desk.pages.conftest import HTMX, says

pytestmark = pytest.mark.django_db

type Talks = Callable[..., Conversation]
type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def post(client: Client, made: Conversation, what: str, **data: object) -> tuple[int, str, str]:
    """As htmx sends it: the status, the fragment, and the events for the page."""
    answer = client.post(f"/conversations/{made.pk}/{what}", data, headers=HTMX)
    return answer.status_code, answer.text, answer.headers.get("HX-Trigger", "")


def shown(client: Client, made: Conversation) -> str:
    return client.get(f"/conversations/{made.pk}/open").text


def test_an_agent_takes_over_answers_and_hands_back(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk(owner=Owner.QUEUE)
    client = browser(user())
    assert "在排队，第 1 位" in shown(client, made)

    status, _page, events = post(client, made, "take-over")
    assert status == 204
    assert json.loads(events)["talk-changed"]["conversation"] == made.pk
    page = shown(client, made)
    assert "现在由您和市民说话" in page
    assert "接管：agent" in page

    assert post(client, made, "say", text="这就去修")[0] == 204
    page = shown(client, made)
    assert "这就去修" in page
    assert "正在发" in page

    assert post(client, made, "hand-back")[0] == 204
    assert "机器人在和市民说话" in shown(client, made)
    made.refresh_from_db()
    assert made.owner == Owner.BOT


def test_without_javascript_a_form_leads_back_to_the_talk(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk(owner=Owner.QUEUE)
    client = browser(user())

    answer = client.post(f"/conversations/{made.pk}/take-over")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/conversations/{made.pk}/"


def test_words_for_a_talk_that_is_not_mine_are_refused_and_kept(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk(owner=Owner.AGENT, agent=user("colleague"))
    client = browser(user())

    status, page, _events = post(client, made, "say", text="您好")
    assert status == 200
    assert "这个会话现在不归您，请先接管" in page

    whole = client.post(f"/conversations/{made.pk}/say", {"text": "写了半天的字"})
    assert whole.status_code == 409
    assert "写了半天的字" in whole.text
    assert not Message.objects.filter(author=Author.AGENT).exists()


def test_a_citizen_who_wrote_meanwhile_is_shown_first_and_sent_to_anyway(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    client = browser(agent)
    seen = made.messages.latest("id").pk
    says(made, "不用了，刚才修好了")

    status, page, _events = post(client, made, "say", text="明天去修", seen=seen)
    assert status == 200
    assert "您写的时候市民又发了" in page
    assert "不用了，刚才修好了" in page
    assert not Message.objects.filter(text="明天去修").exists()

    shown = made.messages.latest("id").pk
    assert f'value="{shown}"' in page
    says(made, "等等，又坏了")
    status, page, _events = post(client, made, "say", text="明天去修", seen=seen, anyway=shown)
    assert "等等，又坏了" in page  # what came after the warning is shown, too
    assert not Message.objects.filter(text="明天去修").exists()

    shown = made.messages.latest("id").pk
    assert post(client, made, "say", text="明天去修", seen=seen, anyway=shown)[0] == 204
    assert Message.objects.filter(text="明天去修", author=Author.AGENT).count() == 1


def test_a_note_is_never_sent(browser: Browser, user: Users, talk: Talks) -> None:
    made = talk()
    client = browser(user())

    assert post(client, made, "note", text="上周也有人报")[0] == 204

    page = shown(client, made)
    assert "上周也有人报" in page
    assert "内部备注，市民看不到" in page
    assert not OutboundMessage.objects.exists()


def test_an_ended_talk_takes_notes_only(browser: Browser, user: Users, talk: Talks) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    client = browser(agent)

    assert post(client, made, "close")[0] == 204

    page = shown(client, made)
    assert "这个会话已经结束" in page
    assert 'data-send="reply"' not in page
    assert "这个会话已经结束" in post(client, made, "take-over")[1]


def test_back_to_the_queue_keeps_the_citizen_waiting_for_a_person(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)

    assert post(browser(agent), made, "requeue")[0] == 204

    made.refresh_from_db()
    assert made.owner == Owner.QUEUE
    assert OwnerChange.objects.filter(after=Owner.QUEUE, user=agent).exists()


def test_only_a_supervisor_steps_into_a_colleagues_talk(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk(owner=Owner.AGENT, agent=user("colleague"))
    agent, supervisor = browser(user()), browser(user("lead", Role.SUPERVISOR))

    assert 'data-key="take"' not in shown(agent, made)
    assert "colleague在和市民说话" in shown(agent, made)
    assert "已经有人接管" in post(agent, made, "take-over")[1]
    assert 'data-key="take"' in shown(supervisor, made)
    assert post(supervisor, made, "take-over")[0] == 204


def test_a_contact_is_masked_until_somebody_looks_and_that_is_logged(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk("我姓张，电话 13900006207", phone="13900006207")
    client = browser(agent)
    page = shown(client, made)
    assert "13900006207" not in page
    assert "139****6207" in page
    assert not ContactReveal.objects.exists()

    status, contact, _events = post(client, made, "reveal")

    assert status == 200
    assert "13900006207" in contact
    log = ContactReveal.objects.get()
    assert (log.user, log.citizen) == (agent, made.citizen)
    assert "13900006207" not in shown(client, made)


def test_what_became_of_an_answer_is_said_in_words(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    for number, (status, reason) in enumerate(
        [
            (DeliveryStatus.SENT, ""),
            (DeliveryStatus.REFUSED, "45015"),
            (DeliveryStatus.REFUSED, "99999"),
            (DeliveryStatus.UNKNOWN, "no-answer"),
            (DeliveryStatus.SUPERSEDED, ""),
        ]
    ):
        row = OutboundMessage.objects.create(
            id=f"o{number}", conversation=made, body=b"", status=status, reason=reason
        )
        says(
            made,
            f"第{number}句",
            author=Author.AGENT,
            user=agent,
            outbound=row,
            account="",
            platform_id="",
        )

    page = shown(browser(agent), made)

    assert "已送达" in page
    assert "微信没收：48 小时窗口已过" in page
    assert "微信没收：代码 99999" in page
    assert "不知道送到没有：平台没回音" in page
    assert "没发出：先换了人说话" in page
    assert page.count("data-again=") == 4


def test_a_bots_answer_names_its_reason_and_its_entry(
    browser: Browser, user: Users, talk: Talks, hotline: Hotline
) -> None:
    Entry.objects.create(external_id="gs-1", question="执照丢了怎么补", answer="登报", live=True)
    made = talk("执照丢了")
    says(
        made,
        "登报",
        author=Author.BOT,
        status="answered",
        entry="gs-1",
        account="",
        platform_id="",
    )
    client = browser(user())

    page = shown(client, made)
    assert "照知识库回答" in page
    assert "执照丢了怎么补" in page
    assert 'href="/conversations/entries/gs-1"' in page
    assert "登报" in client.get("/conversations/entries/gs-1").text


def test_a_case_stands_beside_the_talk_with_the_words_it_rests_on(
    browser: Browser, user: Users, talk: Talks, case: Callable[..., Case]
) -> None:
    made = talk("德外大街的路灯不亮")
    message = made.messages.get()
    opened = case(conversation=made, citizen=made.citizen)
    CaseField.objects.create(
        case=opened, name="place", value="德外大街", confidence=0.8713, message=message, end=4
    )
    CaseField.objects.create(case=opened, name="category", value="市政/照明", confidence=0.5)

    page = shown(browser(user()), made)

    assert '<q class="said" data-refs="1">德外大街</q>' in page
    assert 'data-field="1"' in page
    assert "待核" in page
    assert "没说" in page
    assert "8713" not in page
    assert opened.number in page


def test_a_complaint_that_is_being_taken_is_seen_before_it_is_a_case(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk("马连道路的垃圾没人收")
    said = made.messages.get().platform_id
    draft = Draft(
        stage=Stage.COLLECTING,
        fields={
            "place": Field(
                value="马连道路",
                confidence=0.9,
                evidence=Words(message=said, start=0, end=4),
            )
        },
    )
    made.draft = msgspec.to_builtins(draft)
    made.save()

    page = shown(browser(user()), made)

    assert "正在登记" in page
    assert '<q class="said" data-refs="1">马连道路</q>' in page


def test_more_lines_cost_no_more_queries(browser: Browser, user: Users, talk: Talks) -> None:
    made = talk()
    client = browser(user())

    def queries(lines: int) -> int:
        for number in range(lines):
            row = OutboundMessage.objects.create(
                id=f"{lines}-{number}", conversation=made, body=b""
            )
            says(made, "答", author=Author.BOT, outbound=row, account="", platform_id="")
        with CaptureQueriesContext(connection) as found:
            shown(client, made)
        return len(found)

    few = queries(3)
    assert queries(30) == few


def test_unread_goes_when_the_one_who_has_the_talk_looks(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent, unread=2)

    post(browser(user("colleague")), made, "read")
    made.refresh_from_db()
    assert made.unread == 2

    post(browser(agent), made, "read")
    made.refresh_from_db()
    assert made.unread == 0


def test_an_agent_enters_a_case_and_the_citizen_is_told_its_number(
    browser: Browser, user: Users, talk: Talks, department: Department
) -> None:
    agent = user()
    made = talk("楼下垃圾没人收，我电话 13900006207", owner=Owner.AGENT, agent=agent)
    made.draft = msgspec.to_builtins(Draft(stage=Stage.COLLECTING))
    made.save()
    client = browser(agent)
    page = shown(client, made)
    assert "楼下垃圾没人收，我电话 139****6207</textarea>" in page

    status, _page, events = post(
        client, made, "open-case", content="垃圾没人收", kind="help", department=department.name
    )

    assert status == 204
    case = Case.objects.get()
    assert json.loads(events)["case-changed"]["case"] == case.number
    assert (case.conversation, case.kind, case.department) == (made, "help", department)
    page = shown(client, made)
    assert f"工单编号 {case.number}" in page
    assert 'data-step="register"' not in page
    made.refresh_from_db()
    assert made.draft is None


def test_a_case_without_words_is_not_entered(browser: Browser, user: Users, talk: Talks) -> None:
    made = talk()
    client = browser(user())

    assert "先写是什么事" in post(client, made, "open-case", content=" ")[1]
    whole = client.post(f"/conversations/{made.pk}/open-case", {"content": "", "place": "某处"})
    assert whole.status_code == 409
    assert 'value="某处"' in whole.text
    assert not Case.objects.exists()


def test_an_agent_who_lets_the_citizen_wait_is_warned_before_the_talk_goes(
    browser: Browser, user: Users, talk: Talks
) -> None:
    agent = user()
    made = talk(owner=Owner.AGENT, agent=agent)
    client = browser(agent)
    assert "会话会回到队列" not in client.get(f"/conversations/{made.pk}/open").text
    made.unanswered_at = timezone.now() - timedelta(minutes=4, seconds=30)
    made.save()
    assert "会话会回到队列" in client.get(f"/conversations/{made.pk}/open").text
