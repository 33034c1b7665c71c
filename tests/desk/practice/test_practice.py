"""An agent's first hour: simulated citizens who answer back, and whom nothing else sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.confirming import confirm_all
from desk.cases.models import Case
from desk.cases.steps import legal_steps, take
from desk.composing.knowledge import BEFORE_SOURCE
from desk.conversations import ownership, speaking
from desk.conversations.models import Author, Conversation, Message, Owner
from desk.conversations.ownership import NotAllowed
from desk.people.models import PRACTICE, Department, Hotline, Role, User
from desk.practice import acting
from desk.practice.beginning import begin
from desk.practice.citizens import all_citizens
from desk.practice.judging import STEPS, first_hour, look_back, steps_of
from desk.practice.models import PracticeRun
from desk.replies.models import CannedReply
from desk.routing.passing import to_line
from desk.wall.requests import requests_since

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]
NOISE = "noise"


@pytest.fixture
def agent(user: Users, hotline: Hotline) -> User:
    return user()


@pytest.fixture
def run(agent: User) -> PracticeRun:
    return begin(agent, all_citizens()[NOISE])


def answered(run: PracticeRun, text: str, after: float = 20) -> str:
    """What the citizen says to it."""
    before = Message.objects.filter(conversation=run.conversation_id).latest("pk").pk
    speaking.say(run.conversation_id, User.objects.get(pk=run.user_id), text)
    now = timezone.now()
    acting.every_second(now)
    acting.every_second(now + timedelta(seconds=after))
    said = Message.objects.filter(
        conversation=run.conversation_id, author=Author.CITIZEN, pk__gt=before
    )
    return "".join(said.order_by("pk").values_list("text", flat=True))


def test_every_citizen_has_words_evidence_and_steps_that_exist() -> None:
    assert len(all_citizens()) >= 6
    for citizen in all_citizens().values():
        said = "\n".join(line.text for line in citizen.said if line.who == "citizen")
        for name, value in citizen.case.items():
            assert value.words in said, (citizen.id, name)
        assert set(citizen.steps) <= set(STEPS)
        assert any(answer.is_content for answer in citizen.answers)
    practised = {step for citizen in all_citizens().values() for step in citizen.steps}
    assert practised == set(STEPS)


def test_it_begins_with_the_bots_case_filled_in_and_a_citizen_in_the_queue(
    run: PracticeRun,
) -> None:
    talk = Conversation.with_practice.get(pk=run.conversation_id)
    assert (talk.owner, talk.hotline_id, talk.trainee) == (Owner.QUEUE, PRACTICE, run.user)
    case = Case.with_practice.get(conversation=talk)
    place = case.fields.get(name="place")
    assert place.words == "清水湾小区东门外"
    assert case.number.startswith("LX")  # none of the day's numbers
    times = list(
        Message.objects.filter(conversation=talk).order_by("pk").values_list("at", flat=True)
    )
    assert all(one < next_one for one, next_one in pairwise(times))


def test_a_double_click_is_one_practice(agent: User) -> None:
    citizen = all_citizens()[NOISE]
    assert begin(agent, citizen).pk == begin(agent, citizen).pk


def test_the_citizen_reacts_to_what_is_said_and_not_twice_the_same(run: PracticeRun) -> None:
    ownership.take_over(run.conversation_id, run.user)
    assert "光道歉有什么用" in answered(run, "您好，很抱歉让您没休息好")
    assert "连着四天" in answered(run, "抱歉，请问每天大概几点开始？")
    shrug = answered(run, "嗯嗯")
    assert shrug == all_citizens()[NOISE].shrugs[0]
    assert "那我等着" in answered(run, "已经登记并派给生态环境局了")
    run.refresh_from_db()
    assert run.is_content
    assert answered(run, "好的") == ""


def test_the_citizen_types_before_they_say_it(run: PracticeRun) -> None:
    ownership.take_over(run.conversation_id, run.user)
    assert answered(run, "很抱歉", after=1) == ""
    run.refresh_from_db()
    assert run.next_words


def test_who_lets_the_citizen_wait_is_asked_whether_anybody_is_there(run: PracticeRun) -> None:
    now = timezone.now() + timedelta(seconds=70)
    acting.every_second(now)
    acting.every_second(now + timedelta(seconds=10))
    last = Message.objects.filter(conversation=run.conversation_id).latest("pk")
    assert last.text == all_citizens()[NOISE].nags[0]


def test_nobody_else_sees_it_and_nothing_counts_it(
    run: PracticeRun, user: Users, client: Client
) -> None:
    assert not Conversation.objects.exists()
    assert not Case.objects.exists()
    assert PRACTICE not in Hotline.objects.values_list("code", flat=True)
    assert requests_since(timezone.now() - timedelta(hours=1), timezone.now()) == []
    case = Case.with_practice.get()
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN):
        client.force_login(user(f"other-{role}", role))
        assert client.get(f"/conversations/{run.conversation_id}/").status_code == 404
        assert client.get(f"/cases/{case.number}/").status_code == 404
        assert "王女士" not in client.get("/conversations/?tab=all").text
        assert case.number not in client.get("/cases/").text
    client.force_login(run.user)
    assert "王女士" in client.get("/conversations/").text
    assert client.get(f"/cases/{case.number}/").status_code == 200


def test_nothing_is_sent(run: PracticeRun) -> None:
    from desk.conversations.bus import redis
    from wire.keys import OUTBOUND

    ownership.take_over(run.conversation_id, run.user)
    speaking.say(run.conversation_id, run.user, "您好")
    assert redis().xlen(OUTBOUND) == 0
    assert set(run.conversation.outbox.values_list("status", flat=True)) == {"sent"}


def test_it_cannot_be_passed_on_or_carried_to_where_real_cases_are(
    run: PracticeRun, hotline: Hotline
) -> None:
    ownership.take_over(run.conversation_id, run.user)
    with pytest.raises(NotAllowed):
        to_line(run.conversation_id, run.user, hotline)
    assert set(legal_steps(Case.with_practice.get(), run.user, timezone.now())) == {
        "dispatch",
        "close",
        "note",
    }


def test_a_practice_takes_no_room_of_real_talks(run: PracticeRun) -> None:
    ownership.take_over(run.conversation_id, run.user)
    assert ownership.talks_of(run.user).count() == 0


def test_the_steps_tick_themselves_and_the_look_back_says_what_was_missed(
    run: PracticeRun, department: Department
) -> None:
    assert not any(step.is_done for step in steps_of(run))
    ownership.take_over(run.conversation_id, run.user)
    speaking.say(run.conversation_id, run.user, "这不归我们管")
    missed = {finding.words for finding in look_back(run, steps_of(run)) if finding.mood != "ok"}
    assert any("不归我们" in words for words in missed)
    assert any("没做到：派单" in words for words in missed)

    case = Case.with_practice.get()
    confirm_all(case.number, run.user)
    take(case.number, "dispatch", run.user, {"department": department.name}, at=timezone.now())
    speaking.say(run.conversation_id, run.user, "抱歉，已登记并派单")
    acting.every_second()
    ownership.close(run.conversation_id, run.user)
    run = PracticeRun.objects.get(pk=run.pk)
    assert all(step.is_done for step in steps_of(run))
    acting.every_second()
    run = PracticeRun.objects.get(pk=run.pk)
    assert run.ended_at is not None
    last = Message.objects.filter(conversation=run.conversation_id).latest("pk")
    assert last.text == all_citizens()[NOISE].farewell


def test_replies_knowledge_and_notes_are_recognised(agent: User) -> None:
    CannedReply.objects.create(owner=None, title="安抚", text="您反映的情况我已经看到，{{市民}}")
    run = begin(agent, all_citizens()["insult"])
    ownership.take_over(run.conversation_id, agent)
    speaking.say(run.conversation_id, agent, "您反映的情况我已经看到，刘先生")
    speaking.say(run.conversation_id, agent, f"凭证带好。\n\n{BEFORE_SOURCE}区市场监督管理局")
    speaking.note(run.conversation_id, agent, "情绪激动，已安抚")
    done = {name for name, rule in STEPS.items() if rule.is_done(run)}
    assert {"take", "answer", "canned", "knowledge", "note"} <= done
    hour = first_hour([run])
    assert sum(step.is_done for step in hour) == len(done)


def test_the_pages_go_from_the_list_to_the_talk_and_to_the_look_back(
    client: Client, agent: User
) -> None:
    client.force_login(agent)
    page = client.get("/practice/").text
    assert "夜里施工" in page
    begun = client.post("/practice/begin/noise")
    run = PracticeRun.objects.get()
    assert begun.headers["Location"] == f"/conversations/{run.conversation_id}/"
    assert "0/5" in client.get(f"/practice/talks/{run.conversation_id}/panel").text
    ended = client.post(f"/practice/runs/{run.pk}/end")
    back = client.get(ended.headers["Location"]).text
    assert "市民没有得到答复" in back
    assert "再练一次" in client.get("/practice/").text


def test_it_is_for_those_who_talk_with_citizens_and_only_for_oneself(
    client: Client, run: PracticeRun, user: Users
) -> None:
    client.force_login(user("other"))
    assert client.get(f"/practice/runs/{run.pk}/").status_code == 404
    client.force_login(user("editor", Role.EDITOR))
    assert client.get("/practice/").status_code == 403
    client.force_login(run.user)
    assert client.post("/practice/begin/nobody").status_code == 404
