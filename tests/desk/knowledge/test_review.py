from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from desk.knowledge.live import all_live
from desk.knowledge.models import Entry, IndexTask
from desk.knowledge.publishing import publish, save_draft
from desk.people.models import Department, Role, User
from kb_index.finding import Finder, Outcome
from tests.desk.knowledge.conftest import an_entry, browser_of, index_all

EDIT = "/admin/knowledge/entries/edit/{}/"


def form_of(entry: Entry, **more: str) -> dict[str, Any]:
    return {
        "question": entry.question,
        "similar_questions": "\n".join(entry.similar_questions),
        "answer": entry.answer,
        "department": "",
        "category": "",
        "keywords": "",
        "source": "",
        "document_number": "",
        "effective_from": "",
        "effective_to": "",
    } | more


def send(user: User, entry: Entry, **more: str) -> Any:
    return browser_of(user).post(EDIT.format(entry.pk), form_of(entry, **more))


@pytest.fixture
def draft(editor: User) -> Entry:
    entry = an_entry()
    save_draft(entry, editor)
    return entry


@pytest.fixture
def submitted(draft: Entry, editor: User) -> Entry:
    send(editor, draft, **{"action-submit": "1"})
    draft.refresh_from_db()
    assert draft.workflow_in_progress
    return draft


def test_an_editor_cannot_publish(draft: Entry, editor: User) -> None:
    send(editor, draft, answer="未经审核", **{"action-publish": "1"})
    draft.refresh_from_db()
    assert not draft.live
    page = browser_of(editor).get(EDIT.format(draft.pk)).content.decode()
    assert "action-submit" in page
    assert "action-publish" not in page


def test_a_reviewer_publishes_directly(draft: Entry, reviewer: User) -> None:
    send(reviewer, draft, answer="审过的答案", **{"action-publish": "1"})
    draft.refresh_from_db()
    assert (draft.live, draft.answer) == (True, "审过的答案")


def test_what_is_approved_is_live_and_found(
    submitted: Entry, reviewer: User, finder: Finder
) -> None:
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    send(reviewer, submitted, **approve)
    submitted.refresh_from_db()
    assert submitted.live
    assert IndexTask.objects.filter(external_id="KB-1").exists()
    index_all()
    assert not IndexTask.objects.exists()
    found = finder.find("屋里只有十五度", hotline="12345", now=timezone.now())
    assert (found.outcome, found.hits[0].external_id) == (Outcome.ANSWERED, "KB-1")


def test_nobody_approves_what_they_submitted(draft: Entry, reviewer: User) -> None:
    send(reviewer, draft, **{"action-submit": "1"})
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    send(reviewer, draft, **approve)
    draft.refresh_from_db()
    assert (draft.live, draft.workflow_in_progress) == (False, True)
    state = draft.current_workflow_task_state
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, reviewer, "approve")


def test_not_even_an_administrator_does(staff: Any, draft: Entry, reviewer: User) -> None:
    admin = staff("admin", Role.ADMIN)
    send(admin, draft, **{"action-submit": "1"})
    send(admin, draft, **{"action-publish": "1"})
    draft.refresh_from_db()
    assert not draft.live
    send(reviewer, draft, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
    draft.refresh_from_db()
    assert draft.live


def test_under_review_the_submitter_reads_only(submitted: Entry, editor: User) -> None:
    send(editor, submitted, answer="偷偷改")
    submitted.refresh_from_db()
    assert submitted.get_latest_revision_as_object().answer != "偷偷改"


def test_what_is_sent_back_comes_with_the_reason(
    submitted: Entry, reviewer: User, editor: User
) -> None:
    reason = {"workflow-action-extra-data": '{"comment": "请写明依据"}'}
    reject = {"action-workflow-action": "1", "workflow-action-name": "reject"}
    send(reviewer, submitted, **reject, **reason)
    submitted.refresh_from_db()
    assert not submitted.live
    page = browser_of(editor).get(EDIT.format(submitted.pk)).content.decode()
    assert "请写明依据" in page
    home = browser_of(editor).get("/admin/").content.decode()
    assert "请写明依据" in home


def test_a_draft_over_a_live_entry_reaches_nobody(editor: User, reviewer: User) -> None:
    entry = an_entry()
    publish(entry, reviewer)
    send(editor, entry, answer="还没审的答案")
    told = all_live(["KB-1"], "12345", timezone.now())
    assert told == {"KB-1": "先看是一户不热还是整栋楼不热。"}


def test_what_is_withdrawn_is_no_longer_found(reviewer: User, finder: Finder) -> None:
    entry = an_entry()
    publish(entry, reviewer)
    index_all()
    browser_of(reviewer).post(f"/admin/knowledge/entries/unpublish/{entry.pk}/")
    index_all()
    found = finder.find("暖气不热怎么办", hotline="12345", now=timezone.now())
    assert found.outcome is Outcome.NO_ARTICLE


def test_what_has_ended_or_not_begun_is_not_said(reviewer: User, finder: Finder) -> None:
    now = timezone.now()
    publish(an_entry(effective_to=now - timedelta(hours=1)), reviewer)
    publish(
        an_entry(
            external_id="KB-2", question="水管爆了找谁", effective_from=now + timedelta(days=1)
        ),
        reviewer,
    )
    index_all()
    for question in ("暖气不热怎么办", "水管爆了找谁"):
        found = finder.find(question, hotline="12345", now=now)
        assert found.outcome is Outcome.NO_ARTICLE
    assert all_live(["KB-1", "KB-2"], "12345", now) == {}


def test_a_departments_new_name_reaches_the_index(
    reviewer: User, finder: Finder, department: Department
) -> None:
    publish(an_entry(department=department), reviewer)
    index_all()
    department.name = "区城市运行局"
    department.save()
    index_all()
    found = finder.find("暖气不热怎么办", hotline="12345", now=timezone.now())
    assert found.hits[0].department == "区城市运行局"


def test_the_agent_has_no_way_in(staff: Any, client: Client) -> None:
    agent = browser_of(staff("agent", Role.AGENT))
    assert agent.get("/admin/knowledge/entries/").status_code == 302
    assert client.get("/admin/knowledge/entries/").status_code == 302
