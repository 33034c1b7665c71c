"""Beside the form stand fragments that read it as it is, saved or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.conversations.models import Message
from desk.knowledge.models import Entry
from desk.people.models import Department, Role, User
from tests.desk.knowledge.conftest import an_entry, browser_of
from tests.desk.knowledge.test_review import EDIT, form_of
from wire.wechat import LIMIT

pytestmark = pytest.mark.usefixtures("published")


def post(user: User, what: str, entry: Entry | None = None, **fields: Any) -> str:
    typed = {"entry": entry.pk if entry else "", **fields}
    page = browser_of(user).post(f"/knowledge/writing/{what}", typed)
    assert page.status_code == 200
    return page.content.decode()


def stored() -> Entry:
    return Entry.objects.get(external_id="KB-1")


def test_what_would_change_is_shown_of_a_form_that_was_never_saved(
    editor: User,
    said: Callable[..., Message],
) -> None:
    said("共享单车乱停找谁", 3)
    shown = post(editor, "effect", question="共享单车乱停找谁", answer="城管")
    assert "共享单车乱停找谁" in shown
    assert "改由这条来答" in shown


def test_a_guarded_question_that_would_go_wrong_is_an_alarm(
    editor: User,
    guarded: Callable[[str, str], object],
) -> None:
    guarded("暖气片冰凉", "KB-1")
    shown = post(editor, "effect", stored(), question="共享单车乱停找谁", answer="城管")
    assert 'role="alert"' in shown
    assert "暖气片冰凉" in shown


def test_without_a_question_nothing_is_asked(editor: User) -> None:
    assert "写好标准问题" in post(editor, "effect")
    assert "写好答案" in post(editor, "phone")


def test_the_phone_shows_the_source_line_that_is_sent(editor: User, department: Department) -> None:
    shown = post(
        editor, "phone", question="路灯", answer="找我们。\n马上", department=department.pk
    )
    assert "找我们。<br>马上" in shown
    assert "——区城市管理委员会" in shown
    assert "一条发完" in shown


def test_a_long_answer_is_shown_in_the_messages_that_wechat_takes(editor: User) -> None:
    shown = post(editor, "phone", question="路灯", answer="先看是一户还是整栋楼。" * 80)
    bubbles = shown.count('class="q-bubble"')
    assert bubbles == 2
    assert f"/ {LIMIT} 字节" in shown
    assert "分 2 条发" in shown


def test_markup_in_an_answer_is_text(editor: User) -> None:
    assert "<b>x</b>" not in post(editor, "phone", question="x", answer="<b>x</b>")


def test_what_citizens_said_is_suggested_and_what_is_covered_is_marked(
    editor: User,
    said: Callable[..., Message],
) -> None:
    said("暖气不热能退钱吗", 5)
    said("暖气片冰凉", 2, entry="KB-1")
    said("地铁末班车几点", 9)
    said("暖气不热打13800138000", 4)
    form = form_of(stored())
    shown = post(editor, "similar", stored(), **form)
    assert 'data-add="暖气不热能退钱吗"' in shown
    assert "5 次" in shown
    assert 'data-add="暖气片冰凉"' not in shown  # it stands in the form
    assert "已写上" in shown
    assert "地铁" not in shown
    assert "138" not in shown
    without = form | {"similar_questions": "屋里只有十五度"}
    assert 'data-add="暖气片冰凉"' in post(editor, "similar", stored(), **without)


def test_a_question_is_tried_on_what_is_live_and_on_the_form(editor: User) -> None:
    form = form_of(stored(), similar_questions="共享单车乱停找谁")
    typed = form | {"entry": stored().pk, "asked": "共享单车乱停找谁", "hotline": "12345"}
    told = browser_of(editor).post("/knowledge/try", typed).json()
    assert told["outcome"] == "no_article"
    assert [entry["id"] for entry in told["then"]["entries"]] == ["KB-1"]
    assert told["then"]["outcome"] == "answered"


def test_whoever_submitted_it_sees_the_same_of_the_newest_version(editor: User) -> None:
    client = browser_of(editor)
    typed = form_of(stored(), answer="新的答案") | {"action-submit": "1"}
    client.post(EDIT.format(stored().pk), typed)
    assert "新的答案" in post(editor, "phone", stored())


@pytest.mark.parametrize("what", ["effect", "phone", "similar"])
def test_only_writers_of_knowledge_see_any_of_it(
    staff: Callable[[str, Role], User], what: str
) -> None:
    agent = browser_of(staff("agent", Role.AGENT))
    assert agent.post(f"/knowledge/writing/{what}", {"question": "灯"}).status_code == 403


def test_the_form_stands_beside_them(editor: User) -> None:
    page = browser_of(editor).get(EDIT.format(stored().pk)).content.decode()
    for what in ("effect", "phone", "similar"):
        assert f'hx-post="/knowledge/writing/{what}"' in page
    new = browser_of(editor).get("/admin/knowledge/entries/add/").content.decode()
    assert 'hx-vals=\'{"entry": ""}\'' in new


def test_a_text_that_is_no_entry_breaks_nothing(editor: User) -> None:
    assert post(editor, "effect", question="\x00", answer="\x00")
    assert post(editor, "similar", question="！？", department="x", category="-1")
    assert an_entry().question not in post(editor, "phone", question="a", answer="b")
