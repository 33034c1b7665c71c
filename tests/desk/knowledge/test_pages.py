from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.knowledge import trying
from desk.knowledge.files import pages
from desk.knowledge.files.writing import Writing
from desk.knowledge.models import Category, Entry, ImportRun, KnowledgeFile
from desk.knowledge.publishing import publish, save_draft
from desk.people.models import Department, Hotline, Role, User
from kb_index.finding import Finder
from tests.desk.knowledge.conftest import a_csv, a_row, an_entry, browser_of, index_all

LIST = "/admin/knowledge/entries/"


def listed(user: User, **query: str) -> list[str]:
    page = browser_of(user).get(LIST, query)
    assert page.status_code == 200
    return [entry.external_id for entry in page.context["object_list"]]


@pytest.mark.parametrize("words", ["暖气", "十五度", "整栋楼", "KB-1", "暖气 整栋楼"])
def test_chinese_is_found_in_questions_and_answers(
    editor: User, reviewer: User, words: str
) -> None:
    publish(an_entry(), reviewer)
    publish(
        an_entry(external_id="XX-2", question="路灯", answer="灯", similar_questions=[]), reviewer
    )
    assert listed(editor, q=words) == ["KB-1"]
    assert listed(editor, q="地铁") == []


def test_filters_tell_the_states_apart(
    editor: User, reviewer: User, department: Department
) -> None:
    now = timezone.now()
    publish(an_entry(external_id="LIVE", department=department), reviewer)
    publish(an_entry(external_id="CHANGED", hotline_codes=["12345"]), reviewer)
    changed = Entry.objects.get(external_id="CHANGED")
    changed.answer = "改过"
    save_draft(changed, editor)
    publish(an_entry(external_id="ENDED", effective_to=now - timedelta(days=1)), reviewer)
    publish(an_entry(external_id="SOON", effective_to=now + timedelta(days=3)), reviewer)
    save_draft(an_entry(external_id="DRAFT"), editor)
    save_draft(an_entry(external_id="REVIEW"), editor)
    review = Entry.objects.get(external_id="REVIEW")
    review.get_workflow().start(review, editor)
    publish(an_entry(external_id="GONE"), reviewer)
    Entry.objects.get(external_id="GONE").unpublish(user=None)

    assert set(listed(editor, status="changed")) == {"CHANGED"}
    assert set(listed(editor, status="review")) == {"REVIEW"}
    assert set(listed(editor, status="draft")) == {"DRAFT", "REVIEW"}
    assert set(listed(editor, status="withdrawn")) == {"GONE"}
    assert set(listed(editor, force="expired")) == {"ENDED"}
    assert set(listed(editor, force="soon")) == {"SOON"}
    assert set(listed(editor, hotline="12345")) == {"CHANGED"}
    assert set(listed(editor, department=str(department.pk))) == {"LIVE"}
    assert len(listed(editor)) == 7


def test_the_list_asks_no_query_a_row(editor: User, reviewer: User) -> None:
    browser = browser_of(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            browser.get(LIST)
        return len(counted)

    publish(an_entry(), reviewer)
    queries()
    few = queries()
    for number in range(2, 8):
        publish(an_entry(external_id=f"KB-{number}"), reviewer)
    assert queries() == few


def test_a_new_entry_gets_the_next_number_and_keeps_it(editor: User) -> None:
    save_draft(an_entry(external_id="KB-0041"), editor)
    browser = browser_of(editor)
    page = browser.get(LIST + "add/", {"question": "哪里能打疫苗"}).content.decode()
    assert "KB-0042" in page
    assert "哪里能打疫苗" in page
    form = {
        "external_id": "KB-0042",
        "question": "哪里能打疫苗",
        "similar_questions": "打疫苗去哪\n\n 疫苗在哪打 \n",
        "answer": "社区医院。",
        "hotline_codes": ["12345"],
        "effective_to": "2030-01-31",
    }
    browser.post(LIST + "add/", form)
    entry = Entry.objects.get(external_id="KB-0042")
    assert entry.similar_questions == ["打疫苗去哪", "疫苗在哪打"]
    assert entry.hotline_codes == ["12345"]
    assert timezone.localtime(entry.effective_to).isoformat().startswith("2030-01-31T23:59")
    browser.post(f"{LIST}edit/{entry.pk}/", form | {"external_id": "KB-9"})
    assert Entry.objects.get(pk=entry.pk).external_id == "KB-0042"


def test_sample_data_is_marked(editor: User) -> None:
    entry = an_entry(is_demo=True)
    save_draft(entry, editor)
    for address in (LIST, f"{LIST}edit/{entry.pk}/"):
        assert "演示" in browser_of(editor).get(address).content.decode()


def test_the_menu_has_what_an_editor_needs_and_nothing_of_pages(editor: User) -> None:
    page = browser_of(editor).get("/admin/").content.decode()
    assert '"/admin/knowledge/entries/"' in page
    for address in ("/admin/images/", "/admin/documents/", "/admin/reports/", "/admin/pages/"):
        assert f'"url": "{address}' not in page
    assert "前门知识库" in page


def test_home_counts_what_waits_and_shows_what_was_asked_in_vain(
    editor: User, reviewer: User, hotline: Hotline
) -> None:
    save_draft(an_entry(external_id="DRAFT"), editor)
    publish(an_entry(effective_to=timezone.now() + timedelta(days=3)), reviewer)
    citizen = Citizen.objects.create(account="a", channel="wechat", external_id="c")
    talk = Conversation.objects.create(citizen=citizen, hotline=hotline)
    for text in ("哪里能打疫苗", "哪里能打疫苗", "我是13912345678"):
        Message.objects.create(
            conversation=talk, author=Author.CITIZEN, text=text, status="no_article"
        )
    page = browser_of(editor).get("/admin/").content.decode()
    assert [count.number for count in _panel(editor, "counts")] == [1, 0, 1, 3]
    assert "哪里能打疫苗" in page
    assert "13912345678" not in page


def _panel(user: User, name: str) -> Any:
    page = browser_of(user).get("/admin/")
    (panel,) = (panel for panel in page.context["panels"] if panel.name == name)
    return panel.get_context_data({"request": page.wsgi_request})[name]


def test_what_is_in_use_is_not_deleted_and_says_so(
    staff: Any, reviewer: User, department: Department
) -> None:
    publish(an_entry(department=department), reviewer)
    admin = browser_of(staff("boss", Role.ADMIN))
    page = admin.post(f"/admin/snippets/people/department/delete/{department.pk}/", follow=True)
    assert Department.objects.filter(pk=department.pk).exists()
    assert department.name in str(next(iter(page.context["messages"])))


def test_lists_are_for_administrators(editor: User, staff: Any, department: Department) -> None:
    category = Category.objects.create(name="供热/退费")
    admin = browser_of(staff("admin", Role.ADMIN))
    for address in (
        "/admin/snippets/people/department/",
        f"/admin/snippets/people/department/edit/{department.pk}/",
        "/admin/snippets/people/hotline/edit/12345/",
        f"/admin/snippets/knowledge/category/edit/{category.pk}/",
    ):
        assert admin.get(address).status_code == 200
        assert browser_of(editor).get(address).status_code == 302


# -- trying a question


@pytest.fixture
def tried(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "finder", lambda: finder)


@pytest.mark.usefixtures("tried")
def test_an_editor_sees_what_citizens_would_be_told(editor: User, reviewer: User) -> None:
    publish(an_entry(), reviewer)
    index_all()
    browser = browser_of(editor)
    told = browser.post("/knowledge/try", {"question": "暖气不热怎么办", "hotline": "12345"}).json()
    assert told["outcome"] == "answered"
    assert told["entries"][0]["answer"] == "先看是一户不热还是整栋楼不热。"
    nothing = browser.post("/knowledge/try", {"question": "地铁末班车", "hotline": "12345"}).json()
    assert nothing == {"outcome": "no_article", "asks": "", "entries": []}
    assert browser.post("/knowledge/try", {"question": "", "hotline": "12345"}).status_code == 422
    assert browser.post("/knowledge/try", {"question": "灯", "hotline": "x"}).status_code == 422


def test_trying_is_for_those_who_write(staff: Any) -> None:
    agent = browser_of(staff("agent", Role.AGENT))
    body = {"question": "灯", "hotline": "12345"}
    assert agent.post("/knowledge/try", body).status_code == 403


# -- files in and out


def upload(user: User, body: bytes, name: str = "知识.csv") -> Any:
    file = SimpleUploadedFile(name, body)
    return browser_of(user).post("/knowledge/import", {"file": file}, follow=True)


def test_a_file_is_checked_whole_and_written_as_drafts_when_confirmed(editor: User) -> None:
    page = upload(editor, a_csv(a_row(1), a_row(2)))
    assert page.context["good"] == 2
    assert Entry.objects.count() == 0
    number = KnowledgeFile.objects.get().pk
    done = browser_of(editor).post(f"/knowledge/import/{number}/write", follow=True)
    assert done.context["run"].finished_at is not None
    assert [(entry.live, entry.was_live) for entry in Entry.objects.all()] == [(False, False)] * 2
    browser_of(editor).post(f"/knowledge/import/{number}/write")  # pressed twice
    assert [entry.revisions.count() for entry in Entry.objects.all()] == [1, 1]


def test_faults_stand_in_a_table_and_stop_the_file(editor: User) -> None:
    page = upload(editor, a_csv(a_row(1), a_row(2, hotlines="99999")))
    (fault,) = page.context["faults"]
    assert (fault.line, fault.column) == (3, "hotlines")
    number = KnowledgeFile.objects.get().pk
    browser = browser_of(editor)
    browser.post(f"/knowledge/import/{number}/write")
    assert Entry.objects.count() == 0
    browser.post(f"/knowledge/import/{number}/write", {"skip_bad": "1"})
    assert [entry.external_id for entry in Entry.objects.all()] == ["KB-1"]


def test_a_write_that_was_cut_off_goes_on_later(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.knowledge.files.writing.BATCH", 2)
    monkeypatch.setattr(pages, "SITTING", 0.0)
    original = pages._sitting

    def one_batch(writing: Writing) -> ImportRun:
        return writing.next()

    monkeypatch.setattr(pages, "_sitting", one_batch)
    upload(editor, a_csv(*(a_row(number) for number in range(5))))
    number = KnowledgeFile.objects.get().pk
    browser = browser_of(editor)
    browser.post(f"/knowledge/import/{number}/write")
    page = browser.get(f"/knowledge/import/{number}")
    assert (page.context["run"].done, Entry.objects.count()) == (2, 2)
    monkeypatch.setattr(pages, "_sitting", original)
    monkeypatch.setattr(pages, "SITTING", 60.0)
    browser.post(f"/knowledge/import/{number}/write")
    assert Entry.objects.count() == 5
    assert ImportRun.objects.get().created == 5


def test_what_is_no_table_is_said_so_and_kept(editor: User) -> None:
    page = upload(editor, b"\x00\x01", "坏.xlsx")
    assert "Excel" in page.context["unreadable"]
    with KnowledgeFile.objects.get().file.open("rb") as kept:
        assert kept.read() == b"\x00\x01"


def test_files_are_for_those_who_write(staff: Any) -> None:
    agent = browser_of(staff("agent", Role.AGENT))
    assert agent.get("/knowledge/import").status_code == 403
    assert agent.get("/knowledge/export.csv").status_code == 403


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_what_is_exported_can_be_imported_as_it_was(
    editor: User, reviewer: User, department: Department, ending: str
) -> None:
    answer = "=1+1 不是公式\n- 第二行，带“引号”"
    end = timezone.now() + timedelta(days=3)
    publish(
        an_entry(
            answer=answer,
            department=department,
            hotline_codes=["12345"],
            category=Category.objects.create(name="供热/退费"),
            effective_to=end,
            confirmed_on=date(2026, 11, 3),
        ),
        reviewer,
    )
    publish(an_entry(external_id="XX-2", question="路灯"), reviewer)
    response = browser_of(editor).get(
        f"/knowledge/export.{ending}", {"q": "暖气不热", "status": "live"}
    )
    assert response.status_code == 200
    Entry.objects.all().delete()
    upload(editor, response.content, f"回来.{ending}")
    browser_of(editor).post(f"/knowledge/import/{KnowledgeFile.objects.get().pk}/write")
    (entry,) = Entry.objects.all()
    assert entry.answer == answer
    assert entry.similar_questions == ["屋里只有十五度", "暖气片冰凉"]
    assert (entry.hotline_codes, entry.department) == (["12345"], department)
    assert entry.effective_to == end
    assert entry.confirmed_on == date(2026, 11, 3)


def test_a_file_without_days_of_confirmation_has_no_column_for_them(
    editor: User, reviewer: User
) -> None:
    publish(an_entry(), reviewer)
    page = browser_of(editor)
    assert "confirmed_on" not in page.get("/knowledge/export.csv").content.decode()
    publish(an_entry(external_id="KB-2", confirmed_on=date(2026, 11, 3)), reviewer)
    head, *rows = page.get("/knowledge/export.csv").content.decode().splitlines()
    assert head.endswith(",status,confirmed_on")
    assert rows[-1].endswith(",published,2026-11-03")


def test_the_export_follows_the_lists_filter(editor: User, reviewer: User) -> None:
    publish(an_entry(), reviewer)
    save_draft(an_entry(external_id="DRAFT", question="路灯"), editor)
    body = browser_of(editor).get("/knowledge/export.jsonl", {"status": "draft"}).content.decode()
    assert [json.loads(line)["external_id"] for line in body.splitlines()] == ["DRAFT"]


# -- many at once


def test_many_are_submitted_at_once_and_only_drafts(editor: User, reviewer: User) -> None:
    for number in range(3):
        save_draft(an_entry(external_id=f"KB-{number}"), editor)
    publish(an_entry(external_id="LIVE"), reviewer)
    ids = "&".join(f"id={entry.pk}" for entry in Entry.objects.all())
    address = f"/admin/bulk/knowledge/entry/submit/?{ids}&next={LIST}"
    assert browser_of(editor).get(address).status_code == 200
    browser_of(editor).post(address)
    waiting = {entry.external_id for entry in Entry.objects.all() if entry.workflow_in_progress}
    assert waiting == {"KB-0", "KB-1", "KB-2"}
    publish_all = f"/admin/bulk/knowledge/entry/publish/?{ids}&next={LIST}"
    browser_of(editor).post(publish_all)
    browser_of(reviewer).post(
        publish_all
    )  # what is under review is approved, not published past it
    assert Entry.objects.filter(live=True).count() == 1


def test_a_reviewer_publishes_many_drafts_at_once(editor: User, reviewer: User) -> None:
    for number in range(3):
        save_draft(an_entry(external_id=f"KB-{number}"), editor)
    ids = "&".join(f"id={entry.pk}" for entry in Entry.objects.all())
    address = f"/admin/bulk/knowledge/entry/publish/?{ids}&next={LIST}"
    browser_of(editor).post(address)
    assert not Entry.objects.filter(live=True).exists()
    browser_of(reviewer).post(address)
    assert Entry.objects.filter(live=True).count() == 3
