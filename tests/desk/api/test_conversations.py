from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.people.models import Hotline, Role, User
from tests.desk.api.conftest import Api

type MakeUser = Callable[..., User]
type AsUser = Callable[[User], Api]


@pytest.fixture
def talk(hotline: Hotline) -> Conversation:
    citizen = Citizen.objects.create(
        account="12345-wechat", channel="wechat", external_id="open-id-1"
    )
    talk = Conversation.objects.create(citizen=citizen, hotline=hotline)
    Message.objects.create(
        conversation=talk, author=Author.CITIZEN, text="我的电话13912345678", status="no_article"
    )
    return talk


def test_a_talk_is_read_with_numbers_masked(
    talk: Conversation, user: MakeUser, as_user: AsUser
) -> None:
    answer = as_user(user("agent")).get(f"/conversations/{talk.pk}")
    assert answer.status_code == 200
    assert "13912345678" not in answer.content.decode()
    message = answer.json()["messages"][0]
    assert (message["author"], message["reason"]) == ("citizen", "no_article")
    assert answer.json()["owner"] == "bot"


def test_a_talk_is_for_those_who_read_talks(
    talk: Conversation, user: MakeUser, as_user: AsUser, nobody: Api
) -> None:
    assert nobody.get(f"/conversations/{talk.pk}").status_code == 401
    editor = as_user(user("editor", Role.EDITOR))
    assert editor.get(f"/conversations/{talk.pk}").status_code == 403
    elsewhere = user("agent-b")
    elsewhere.hotlines.add(Hotline.objects.create(code="12341", name="西城热线"))
    assert as_user(elsewhere).get(f"/conversations/{talk.pk}").status_code == 404
    assert as_user(user("agent")).get("/conversations/999999").status_code == 404
