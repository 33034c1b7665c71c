"""A wrong answer in two clicks, and an ended talk that becomes a draft once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case
from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.knowledge.models import Entry
from desk.lessons import drafts, wrong_answers
from desk.lessons.models import Lesson, WrongAnswer
from desk.people.models import Hotline, Role, User
from desk.people.roles import give_role, prepare_groups

pytestmark = pytest.mark.django_db
ASKED = "我的老年卡在公交上刷不了怎么办，电话13900001234"
ANSWERED = "请带身份证到街道便民中心换一张新卡，当场就能拿到，不收费。"


@pytest.fixture
def agent(user: Callable[..., User]) -> User:
    return user("agent", Role.AGENT)


@pytest.fixture
def talk(hotline: Hotline) -> Conversation:
    citizen = Citizen.objects.create(
        account="12345-wechat", channel="wechat", external_id="open-id-1"
    )
    return Conversation.objects.create(citizen=citizen, hotline=hotline)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """What the search would find, best first: the index is not this test's matter."""
    found = [
        Entry.objects.create(external_id=name, question=question, answer="答复", live=True)
        for name, question in (("bus", "公交卡怎么充值"), ("old", "老年卡刷不了怎么办"))
    ]

    class Ranked:
        def ordered(self) -> list[str]:
            return ["bus", "old"]

    class Found:
        def rank(self, *args: Any, **kwargs: Any) -> Ranked:
            return Ranked()

    monkeypatch.setattr(wrong_answers, "finder", Found)
    return found


def says(talk: Conversation, author: Author, text: str, **more: Any) -> Message:
    return Message.objects.create(conversation=talk, author=author, text=text, **more)


def a_wrong_answer(talk: Conversation) -> Message:
    says(talk, Author.CITIZEN, ASKED)
    return says(talk, Author.BOT, "充值请到网点", entry="bus")


def client_of(user: User) -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    return client


def test_a_wrong_answer_is_reported_with_the_right_entry(
    talk: Conversation, agent: User, entries: list[Entry]
) -> None:
    answer = a_wrong_answer(talk)
    address = f"/lessons/talks/{talk.pk}/wrong/{answer.pk}/"
    client = client_of(agent)
    first = client.get(address).content.decode()
    assert "老年卡刷不了怎么办" in first
    assert "公交卡怎么充值" not in first  # it is what the bot said
    client.post(address, {"entry": "old"})
    report = WrongAnswer.objects.get()
    assert (report.entry, report.right_entry, report.by) == ("bus", "old", agent)
    assert "13900001234" not in report.question
    assert "老年卡" in report.question
    page = client.get(f"/conversations/{talk.pk}/open").content.decode()
    assert f"{agent}" in page
    assert "Wrong answer?" not in page


def test_reporting_again_corrects_the_report(
    talk: Conversation, agent: User, entries: list[Entry]
) -> None:
    answer = a_wrong_answer(talk)
    wrong_answers.report(answer, agent, "")
    wrong_answers.settle(WrongAnswer.objects.get().pk, agent)
    wrong_answers.report(answer, agent, "old")
    report = WrongAnswer.objects.get()
    assert report.right_entry == "old"
    assert report.settled_at is None


@pytest.mark.parametrize("entry", ["bus", "no-such-entry"])
def test_what_cannot_be_right_is_refused(
    talk: Conversation, agent: User, entries: list[Entry], entry: str
) -> None:
    answer = a_wrong_answer(talk)
    client_of(agent).post(f"/lessons/talks/{talk.pk}/wrong/{answer.pk}/", {"entry": entry})
    assert not WrongAnswer.objects.exists()


def test_only_answers_out_of_the_knowledge_can_be_wrong(talk: Conversation, agent: User) -> None:
    said = says(talk, Author.BOT, "您好")
    client_of(agent).post(f"/lessons/talks/{talk.pk}/wrong/{said.pk}/", {"entry": ""})
    assert not WrongAnswer.objects.exists()


def test_who_may_not_read_talks_reports_nothing(
    talk: Conversation, user: Callable[..., User], entries: list[Entry]
) -> None:
    answer = a_wrong_answer(talk)
    client = client_of(user("handler-1", Role.HANDLER))
    address = f"/lessons/talks/{talk.pk}/wrong/{answer.pk}/"
    assert client.post(address, {"entry": "old"}).status_code in (403, 404)


def test_editors_see_the_reports_until_one_settles_them(
    talk: Conversation, agent: User, user: Callable[..., User], entries: list[Entry]
) -> None:
    wrong_answers.report(a_wrong_answer(talk), agent, "old")
    client = Client()
    editor = user("editor-1", Role.EDITOR)
    prepare_groups()
    give_role(editor, Role.EDITOR)
    client.force_login(editor)
    assert "老年卡刷不了怎么办" in client.get("/admin/").content.decode()
    client.post(f"/lessons/wrong/{WrongAnswer.objects.get().pk}/settle")
    assert "老年卡刷不了怎么办" not in client.get("/admin/").content.decode()


@pytest.fixture
def ended(talk: Conversation, agent: User) -> Conversation:
    says(talk, Author.CITIZEN, ASKED)
    says(talk, Author.AGENT, "您好", user=agent)
    says(talk, Author.AGENT, ANSWERED, user=agent)
    talk.closed_at = timezone.now()
    talk.save()
    return talk


@pytest.fixture
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "told_now", lambda *args: {"outcome": "no_article"})


def test_an_ended_talk_is_offered_as_a_draft_in_its_own_words(
    ended: Conversation, agent: User, nothing_known: None
) -> None:
    offered = drafts.proposal_for(ended, agent)
    assert offered is not None
    assert "老年卡" in offered.question
    assert "13900001234" not in offered.question
    assert ANSWERED in offered.answer
    assert "老年卡" in client_of(agent).get(f"/lessons/talks/{ended.pk}/offer").content.decode()


def test_a_kept_draft_is_no_citizens_until_it_is_reviewed(
    ended: Conversation, agent: User, nothing_known: None
) -> None:
    client = client_of(agent)
    address = f"/lessons/talks/{ended.pk}/draft/"
    client.post(address, {"question": "老年卡刷不了怎么办", "answer": ANSWERED})
    entry = Entry.objects.get()
    assert not entry.live
    assert entry.hotline_codes == [ended.hotline_id]
    assert entry.latest_revision is not None
    assert entry.latest_revision.user == agent
    assert drafts.proposal_for(ended, agent) is None
    again = client.post(address, {"question": "老年卡刷不了怎么办", "answer": ANSWERED})
    assert again.status_code == 409
    assert Entry.objects.count() == 1


def test_what_was_typed_stays_when_a_draft_cannot_be_kept(
    ended: Conversation, agent: User, nothing_known: None
) -> None:
    answer = client_of(agent).post(
        f"/lessons/talks/{ended.pk}/draft/", {"question": "", "answer": "只写了一半的答复"}
    )
    assert answer.status_code == 409
    assert "只写了一半的答复" in answer.content.decode()
    assert not Lesson.objects.exists()


def test_nothing_is_offered_twice(ended: Conversation, agent: User, nothing_known: None) -> None:
    client_of(agent).post(f"/lessons/talks/{ended.pk}/decline")
    client_of(agent).post(f"/lessons/talks/{ended.pk}/decline")
    assert client_of(agent).get(f"/lessons/talks/{ended.pk}/offer").status_code == 204


def test_nothing_is_offered_where_a_like_entry_answers(
    ended: Conversation, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "told_now", lambda *args: {"outcome": "answered"})
    assert drafts.proposal_for(ended, agent) is None


def test_a_complaint_an_old_talk_and_another_agents_teach_nothing(
    ended: Conversation, agent: User, user: Callable[..., User], nothing_known: None
) -> None:
    assert drafts.proposal_for(ended, user("agent-1", Role.AGENT)) is None
    ended.closed_at = timezone.now() - timedelta(days=2)
    assert drafts.proposal_for(ended, agent) is None
    ended.closed_at = timezone.now()
    Case.objects.create(
        number="202603170001", hotline=ended.hotline, content="卡坏了", conversation=ended
    )
    assert drafts.proposal_for(ended, agent) is None
