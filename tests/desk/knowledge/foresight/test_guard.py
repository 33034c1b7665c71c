"""A guarded question that would go wrong holds a publication up, whichever way it comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import APIToken

from desk.knowledge.models import Entry
from desk.people.models import User
from desk.quality.models import Question
from tests.desk.knowledge.conftest import an_entry, browser_of
from tests.desk.knowledge.test_review import EDIT, form_of

type Guarded = Callable[[str, str], Question]

pytestmark = pytest.mark.usefixtures("published")
OTHER = {"question": "共享单车乱停找谁", "similar_questions": ""}


def post(user: User, **more: str) -> Any:
    entry = Entry.objects.get(external_id="KB-1")
    return browser_of(user).post(EDIT.format(entry.pk), form_of(entry, **more))


def live_question() -> str:
    return str(Entry.objects.get(external_id="KB-1").question)


@pytest.fixture
def watched(guarded: Guarded) -> Question:
    return guarded("暖气片冰凉", "KB-1")


@pytest.mark.usefixtures("watched")
def test_the_form_says_why_it_cannot_be_published(reviewer: User) -> None:
    page = post(reviewer, **OTHER, **{"action-publish": "1"})
    assert page.status_code == 200
    assert "暖气片冰凉" in page.content.decode()
    assert page.context["form"].non_field_errors()
    assert live_question() == "暖气不热怎么办"


@pytest.mark.usefixtures("watched")
def test_it_can_be_kept_as_a_draft(reviewer: User) -> None:
    assert post(reviewer, **OTHER).status_code == 302
    assert live_question() == "暖气不热怎么办"
    newest = Entry.objects.get(external_id="KB-1").get_latest_revision_as_object()
    assert newest.question == "共享单车乱停找谁"


@pytest.mark.usefixtures("watched")
def test_what_leaves_it_right_is_published(reviewer: User) -> None:
    post(reviewer, answer="先测温。", **{"action-publish": "1"})
    assert Entry.objects.get(external_id="KB-1").answer == "先测温。"


def test_a_question_that_is_wrong_already_holds_nothing_up(
    guarded: Guarded, reviewer: User
) -> None:
    guarded("地铁末班车几点", "KB-1")
    post(reviewer, **OTHER, **{"action-publish": "1"})
    assert live_question() == "共享单车乱停找谁"


def test_one_that_is_not_guarded_holds_nothing_up(watched: Question, reviewer: User) -> None:
    watched.guarded = False
    watched.save()
    post(reviewer, **OTHER, **{"action-publish": "1"})
    assert live_question() == "共享单车乱停找谁"


@pytest.mark.usefixtures("watched")
def test_a_plan_for_later_is_held_up_too(reviewer: User) -> None:
    plan = {"go_live_at": "2099-01-01 08:00", "action-publish": "1"}
    assert post(reviewer, **OTHER, **plan).context["form"].non_field_errors()


@pytest.mark.usefixtures("watched")
def test_an_approval_is_held_up_on_the_page_and_behind_it(editor: User, reviewer: User) -> None:
    post(editor, **OTHER, **{"action-submit": "1"})
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    assert post(reviewer, **OTHER, **approve).context["form"].non_field_errors()
    entry = Entry.objects.get(external_id="KB-1")
    assert entry.workflow_in_progress
    with pytest.raises(PermissionDenied):
        entry.current_workflow_task.on_action(
            entry.current_workflow_task_state, reviewer, "approve"
        )
    assert live_question() == "暖气不热怎么办"


@pytest.mark.usefixtures("watched")
def test_of_many_those_that_break_nothing_are_published(editor: User, reviewer: User) -> None:
    post(editor, **OTHER)
    lamp = Entry.objects.get(external_id="KB-2")
    browser_of(editor).post(EDIT.format(lamp.pk), form_of(lamp, answer="新的答案"))
    keys = Entry.objects.filter(external_id__in=["KB-1", "KB-2"]).values_list("pk", flat=True)
    address = "/admin/bulk/knowledge/entry/publish/?next=/admin/knowledge/entries/"
    page = browser_of(reviewer).post(address + "".join(f"&id={key}" for key in keys), follow=True)
    assert live_question() == "暖气不热怎么办"
    assert Entry.objects.get(external_id="KB-2").answer == "新的答案"
    assert any("暖气不热怎么办" in str(one) for one in page.context["messages"])


@pytest.mark.usefixtures("watched")
def test_a_new_entry_that_takes_the_answer_away_is_held_up(reviewer: User) -> None:
    twin = an_entry(external_id="KB-9", question="暖气片冰凉", similar_questions=[])
    form = form_of(twin) | {"external_id": "KB-9", "action-publish": "1"}
    client: Client = browser_of(reviewer)
    page = client.post("/admin/knowledge/entries/add/", form)
    assert page.status_code == 200
    assert not Entry.objects.filter(external_id="KB-9").exists()


@pytest.mark.usefixtures("watched")
def test_the_api_is_held_up_too(reviewer: User) -> None:
    _row, token = APIToken.create_token(user=reviewer, name="test")

    def publish_as(question: str) -> Any:
        return Client().patch(
            "/api/v1/knowledge/KB-1",
            {"question": question, "similar_questions": [], "status": "published"},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    refused = publish_as("共享单车乱停找谁")
    assert refused.status_code == 422
    assert "暖气片冰凉" in str(refused.json())
    assert live_question() == "暖气不热怎么办"
    assert publish_as("暖气片冰凉怎么办").status_code == 200
