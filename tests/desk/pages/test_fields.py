"""The fields of a case, set by a person from beside the talk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, CaseEvent, CaseField, JoinedCitizen, State
from desk.cases.steps import legal_steps, take
from desk.conversations.models import Author, Conversation
from desk.conversations.summary import summary_of
from desk.people.models import Department, Role, User
from tests.desk.pages.conftest import HTMX, says

pytestmark = pytest.mark.django_db

type Talks = Callable[..., Conversation]
type Cases = Callable[..., Case]
type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def unsure(case: Case, name: str = "place", value: str = "德外大街") -> CaseField:
    return CaseField.objects.create(case=case, name=name, value=value, confidence=0.5)


def test_a_field_is_confirmed_by_a_person(
    browser: Browser, user: Users, talk: Talks, case: Cases
) -> None:
    agent = user()
    made = talk("德外大街的路灯不亮")
    known = case(conversation=made, citizen=made.citizen)
    message = made.messages.get()
    field = unsure(known)
    CaseField.objects.filter(pk=field.pk).update(message=message, start=0, end=4)
    client = browser(agent)
    page = client.get(f"/conversations/{made.pk}/open").text
    assert "1 栏待核" in page
    assert 'class="said unsure"' in page

    answer = client.post(f"/cases/{known.number}/fields/place", headers=HTMX)

    assert answer.status_code == 204
    assert "fields-changed" in answer.headers["HX-Trigger"]
    field.refresh_from_db()
    assert field.confirmed_by == agent
    page = client.get(f"/conversations/{made.pk}/open").text
    assert "0 栏待核" in page
    assert 'class="said unsure"' not in page


def test_another_value_is_the_cases_and_what_it_was_stays_in_the_history(
    browser: Browser, user: Users, case: Cases
) -> None:
    agent = user()
    known = case(place="德外大街")
    unsure(known)
    client = browser(agent)
    form = client.get(f"/cases/{known.number}/fields/place/edit", headers=HTMX).text
    assert 'value="德外大街"' in form

    client.post(f"/cases/{known.number}/fields/place/change", {"value": "德内大街"}, headers=HTMX)

    known.refresh_from_db()
    assert known.place == "德内大街"
    event = CaseEvent.objects.get(kind="changed")
    assert event.note == "地点：德外大街 → 德内大街"
    assert "坐席改了一栏" in client.get(f"/cases/{known.number}/").text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "nonsense", "不能空着"),
        ("content", " ", "不能空着"),
        ("department", "没有的局", "没有这个承办单位"),
        ("colour", "红", "没有这一栏"),
        ("place", "长" * 201, "太长"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(
    browser: Browser, user: Users, case: Cases, name: str, value: str, words: str
) -> None:
    known = case()
    client = browser(user())

    address = f"/cases/{known.number}/fields/{name}/change"
    assert words in client.post(address, {"value": value}, headers=HTMX).text
    assert not CaseEvent.objects.filter(kind="changed").exists()


def test_a_name_is_never_shown_in_the_form_that_changes_it(
    browser: Browser, user: Users, case: Cases
) -> None:
    known = case(contact_name="欧阳小明")
    unsure(known, "name", "欧阳小明")

    form = browser(user()).get(f"/cases/{known.number}/fields/name/edit", headers=HTMX).text

    assert "欧阳小明" not in form


def test_dispatching_confirms_what_is_left(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    agent = user()
    known = case()
    field = unsure(known)

    browser(agent).post(
        f"/cases/{known.number}/dispatch",
        {"department": department.name, "urgency": "ordinary"},
        headers=HTMX,
    )

    known.refresh_from_db()
    field.refresh_from_db()
    assert known.state == State.DISPATCHED
    assert field.confirmed_by == agent


def test_a_handler_sets_no_field(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    known = case(state=State.DISPATCHED)
    field = unsure(known)
    client = browser(user("handler", Role.HANDLER, department=department))

    client.post(f"/cases/{known.number}/fields", headers=HTMX)

    field.refresh_from_db()
    assert field.confirmed_by is None
    assert client.get(f"/cases/{known.number}/fields/place/edit").status_code == 404


def test_what_is_reported_at_the_same_place_is_offered_and_merged(
    browser: Browser, user: Users, talk: Talks, case: Cases
) -> None:
    agent = user()
    words = "槐花街道清水湾小区东门工地半夜打桩施工噪音很大"
    place = "槐花街道清水湾小区东门"
    first = case(content=words, place=place, citizen=talk().citizen)
    made = talk(words)
    second = case(content=words + "，睡不着", place=place, conversation=made, citizen=made.citizen)
    client = browser(agent)
    page = client.get(f"/conversations/{made.pk}/open").text
    assert "同一地点已有 1 件" in page
    assert first.number in page

    client.post(f"/cases/{second.number}/merge", {"into": first.number}, headers=HTMX)

    second.refresh_from_db()
    assert second.state == State.MERGED
    assert second.merged_into == first
    assert JoinedCitizen.objects.get().citizen == made.citizen
    assert CaseEvent.objects.filter(case=first, kind="joined").exists()


def test_a_case_that_is_taken_out_again_stands_where_it_stood(
    user: Users, talk: Talks, case: Cases, department: Department
) -> None:
    agent = user()
    first, second = case(citizen=talk().citizen), case(citizen=talk().citizen)
    take(second.number, "dispatch", agent, {"department": department.name}, at=timezone.now())
    take(second.number, "merge", agent, {"into": first.number}, at=timezone.now())

    again = take(second.number, "unmerge", agent, {}, at=timezone.now())

    assert again.state == State.DISPATCHED
    assert again.merged_into is None
    assert not JoinedCitizen.objects.exists()
    assert "unmerge" not in legal_steps(again, agent, timezone.now())


def test_a_case_is_not_merged_into_itself_or_into_nothing(
    browser: Browser, user: Users, case: Cases
) -> None:
    known = case()
    client = browser(user())
    for into in (known.number, "202601010001"):
        answer = client.post(f"/cases/{known.number}/merge", {"into": into}, headers=HTMX)
        assert "没有在办的工单" in answer.text
    known.refresh_from_db()
    assert known.state == State.ACCEPTED


def test_why_a_department_is_proposed_stands_beside_it(
    browser: Browser, user: Users, talk: Talks, case: Cases
) -> None:
    made = talk()
    case(conversation=made, citizen=made.citizen)

    page = browser(user()).get(f"/conversations/{made.pk}/open").text

    assert "职责“路灯、公厕、垃圾清运”" in page


def test_the_summary_is_the_citizens_own_sentences_and_where_they_were_said(talk: Talks) -> None:
    made = talk("你好")
    says(made, "清水湾小区东门的工地半夜还在打桩。谢谢")
    told = says(made, "我的电话是13912345678，施工队说有夜间许可证")
    says(made, "你好")
    says(made, "没问题，提交", intent="choose")
    says(made, "别的话", author=Author.BOT, platform_id="")

    summary = summary_of(made, {})

    texts = [sentence.text for sentence in summary]
    assert "清水湾小区东门的工地半夜还在打桩" in texts
    assert "13912345678" not in "".join(texts)
    assert told.pk in {sentence.message for sentence in summary}
    assert "别的话" not in texts
    assert "没问题，提交" not in texts


def test_a_short_talk_needs_no_summary(talk: Talks) -> None:
    assert summary_of(talk("清水湾小区东门的工地半夜还在打桩"), {}) == []


def test_the_command_bar_finds_talks_cases_departments_and_pages(
    browser: Browser, user: Users, talk: Talks, case: Cases
) -> None:
    made = talk("路灯不亮")
    known = case(conversation=made, citizen=made.citizen)
    client = browser(user())

    found = client.get("/conversations/find", {"q": "路灯", "case": "1"}, headers=HTMX).text

    assert f'data-go="/conversations/{made.pk}/"' in found
    assert f'data-go="/cases/{known.number}/"' in found
    assert 'data-department="区城市管理委员会"' in found
    pages = client.get("/conversations/find", headers=HTMX).text
    assert 'data-go="/replies/"' in pages
    assert "路灯" not in pages
