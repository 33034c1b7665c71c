"""Passing a talk on: only to who is there, with a note, and the talk stays otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from desk.conversations.models import Citizen, Conversation, Message, Owner, OwnerChange
from desk.conversations.ownership import NotAllowed
from desk.people.models import Hotline, Role, Skill, User
from desk.routing import passing
from desk.routing.passing import Absent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(user: Callable[..., User]) -> User:
    return user("agent", seen_at=timezone.now())


@pytest.fixture
def colleague(user: Callable[..., User]) -> User:
    return user("colleague", seen_at=timezone.now())


@pytest.fixture
def talk(hotline: Hotline, agent: User) -> Conversation:
    citizen = Citizen.objects.create(
        account="12345-wechat", channel="wechat", external_id="open-id-1"
    )
    return Conversation.objects.create(
        citizen=citizen, hotline=hotline, owner=Owner.AGENT, agent=agent
    )


def post(user: User, talk: Conversation, to: str, note: str = "") -> str:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(user)
    address = f"/routing/talks/{talk.pk}/pass-on/"
    return client.post(address, {"to": to, "note": note}).content.decode()


def test_a_colleague_at_the_desk_has_the_talk_and_the_note(
    talk: Conversation, agent: User, colleague: User
) -> None:
    post(agent, talk, f"colleague:{colleague.pk}", "医保的事，您熟")
    talk.refresh_from_db()
    assert (talk.owner, talk.agent) == (Owner.AGENT, colleague)
    assert OwnerChange.objects.get().note == "医保的事，您熟"
    assert str(colleague) in Message.objects.get().text


def test_who_is_not_at_the_desk_gets_nothing(
    talk: Conversation, agent: User, user: Callable[..., User]
) -> None:
    gone = user("gone")
    page = post(agent, talk, f"colleague:{gone.pk}", "留着的备注")
    talk.refresh_from_db()
    assert talk.agent == agent
    assert "留着的备注" in page
    assert not OwnerChange.objects.exists()
    with pytest.raises(Absent):
        passing.to_colleague(talk.pk, agent, gone)


def test_a_group_takes_the_talk_from_the_queue(
    talk: Conversation, agent: User, colleague: User
) -> None:
    skill = Skill.objects.create(name="医保")
    with pytest.raises(Absent):
        passing.to_group(talk.pk, agent, skill)
    colleague.skills.add(skill)
    post(agent, talk, f"group:{skill.pk}")
    talk.refresh_from_db()
    assert (talk.owner, talk.agent, talk.skill) == (Owner.QUEUE, None, skill)


def test_another_hotline_takes_it_when_somebody_is_there(
    talk: Conversation, agent: User, colleague: User
) -> None:
    other = Hotline.objects.create(code="96181", name="西城热线")
    agent.hotlines.add(talk.hotline)
    colleague.hotlines.add(talk.hotline)
    with pytest.raises(Absent):
        passing.to_line(talk.pk, agent, other)
    colleague.hotlines.add(other)
    post(agent, talk, "hotline:96181")
    talk.refresh_from_db()
    assert (talk.owner, talk.hotline) == (Owner.QUEUE, other)


def test_only_who_has_the_talk_or_supervises_passes_it_on(
    talk: Conversation, agent: User, colleague: User, user: Callable[..., User]
) -> None:
    third = user("third", seen_at=timezone.now())
    with pytest.raises(NotAllowed):
        passing.to_colleague(talk.pk, third, colleague)
    supervisor = user("supervisor", Role.SUPERVISOR)
    assert passing.to_colleague(talk.pk, supervisor, colleague).agent == colleague


def test_several_are_moved_each_by_itself(
    talk: Conversation, agent: User, colleague: User, user: Callable[..., User]
) -> None:
    supervisor = user("supervisor", Role.SUPERVISOR)
    moved = passing.each(
        [talk.pk, 999], lambda number: passing.to_colleague(number, supervisor, colleague)
    )
    assert moved.done == [talk.pk]
    assert [number for number, _why in moved.refused] == [999]


@pytest.mark.parametrize("to", ["", "colleague:", "colleague:x", "group:99", "hotline:1"])
def test_a_target_that_is_none_is_refused(talk: Conversation, agent: User, to: str) -> None:
    page = post(agent, talk, to)
    talk.refresh_from_db()
    assert talk.agent == agent
    assert 'role="alert"' in page


def test_who_else_has_the_talk_open_is_told(
    talk: Conversation, agent: User, colleague: User
) -> None:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(colleague)
    assert client.post(f"/routing/talks/{talk.pk}/look").content == b""
    client.force_login(agent)
    assert str(colleague) in client.post(f"/routing/talks/{talk.pk}/look").content.decode()
