"""The handler's desk: the most urgent first, what may be done now, people no more than needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.cases.actors import Actor
from desk.cases.models import Case, CaseEvent, CaseFile, State
from desk.cases.steps import take
from desk.handling import tabs
from desk.handling.tabs import Tab
from desk.people.models import Department, Role, User
from desk.supervision.models import Letter, LetterKind
from tests.desk.cases.test_proof import PDF, PNG
from tests.desk.handling.conftest import kept_in
from tests.desk.pages.conftest import HTMX

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

type Held = Callable[..., Case]
type Letters = Callable[..., Letter]


def listed(page: str) -> list[str]:
    found: list[str] = re.findall(r'href="/handling/(\d{12})/\?tab=', page)
    return found


def test_a_handler_lands_at_the_departments_desk(desk: Client) -> None:
    assert desk.get("/").headers["Location"] == "/handling/"
    assert 'href="/handling/" aria-current="page"' in desk.get("/handling/").text


def test_the_tabs_say_what_is_asked_of_the_department(held: Held, department: Department) -> None:
    other = Department.objects.create(name="区教委")
    for state in (State.SIGNED, State.HANDLING, State.DISPATCHED, State.RETURN_ASKED):
        held(state=state)
    held(state=State.SIGNED, extension_asked=3)
    held(state=State.SUSPENDED)
    held(state=State.ANSWERED)
    held(state=State.CLOSED)
    held(state=State.MERGED)
    held(state=State.SIGNED, department=other).co_departments.add(department)
    held(state=State.SIGNED, department=other)
    held(state=State.ACCEPTED)

    assert {one.tab: one.count for one in tabs.counted(department.pk)} == {
        Tab.TO_DO: 2,
        Tab.UNSIGNED: 1,
        Tab.WAITING: 4,
        Tab.ANSWERED: 1,
        Tab.HELPING: 1,
    }
    for one in tabs.counted(department.pk):
        rows = list(tabs.cases(department.pk, one.tab))
        assert len(rows) == one.count
        assert {tabs.tab_of(case, department.pk) for case in rows} == {one.tab}


def test_the_most_urgent_stands_first_with_what_was_done_about_it(
    desk: Client, held: Held, letter: Letters
) -> None:
    now = timezone.now()
    calm = held(state=State.SIGNED, due_at=now + 3 * DAY)
    late = held(state=State.SIGNED, due_at=now - 2 * DAY, place="德外大街 1 号", chases=1, pushes=1)
    held(state=State.DISPATCHED, place="德外大街 1 号")
    letter(late, kind=LetterKind.FIRST_CHASE, to_leader=True)

    page = desk.get("/handling/").text

    assert listed(page) == [late.number, calm.number]
    row = page.partition(f"/handling/{late.number}/?tab=")[2].partition("</a>")[0]
    assert 'class="due late"' in row
    assert row.count('class="tag"') == 4  # limit, pushed twice, copied, two at the place
    assert (
        page.partition(f"/handling/{calm.number}/?tab=")[2]
        .partition("</a>")[0]
        .count('class="tag"')
        == 1
    )


def test_more_cases_cost_no_more_queries(desk: Client, held: Held) -> None:
    def queries(rows: int) -> int:
        for _row in range(rows):
            held(state=State.SIGNED, place="德外大街")
        with CaptureQueriesContext(connection) as found:
            desk.get("/handling/")
        return len(found)

    few = queries(2)
    assert queries(20) == few


def test_the_list_comes_in_pages(desk: Client, held: Held) -> None:
    for _case in range(tabs.SHOWN + 2):
        held(state=State.SIGNED)

    assert len(listed(desk.get("/handling/").text)) == tabs.SHOWN
    assert len(listed(desk.get(f"/handling/?start={tabs.SHOWN}").text)) == 2


def test_only_a_departments_own_cases_are_there(desk: Client, held: Held) -> None:
    other = Department.objects.create(name="区教委")
    for number in (
        held(state=State.SIGNED, department=other).number,
        held(state=State.ACCEPTED).number,
    ):
        assert desk.get(f"/handling/{number}/").status_code == 404
        assert desk.post(f"/handling/{number}/sign").status_code == 404


def test_who_has_no_department_is_told_so(
    browser: Callable[[User], Client], user: Callable[..., User], held: Held
) -> None:
    number = held().number
    client = browser(user("x", Role.HANDLER))

    assert client.get("/handling/").status_code == 200
    assert client.get(f"/handling/{number}/").status_code == 404
    assert client.get("/handling/letters/").status_code == 302
    assert browser(user()).get("/handling/").status_code == 403


def test_contacts_are_masked_and_notes_of_the_line_are_not_shown(
    desk: Client, held: Held, user: Callable[..., User]
) -> None:
    made = held(state=State.SIGNED, content="打我电话 13900006207")
    agent = user("王芳")
    take(made.number, "note", agent, {"note": "市民情绪激动"}, at=timezone.now())
    take(made.number, "chase", agent, {"note": "请尽快"}, at=timezone.now())

    page = desk.get(f"/handling/{made.number}/").text

    assert "13900006207" not in page
    assert "张小明" not in page
    assert "139****6207" in page
    assert "市民情绪激动" not in page
    assert "请尽快" in page
    assert "王芳" not in page
    assert "/conversations/" not in page


def test_a_confidential_report_never_shows_who(desk: Client, held: Held) -> None:
    number = held(state=State.SIGNED, confidential=True).number

    page = desk.get(f"/handling/{number}/").text

    assert "6207" not in page
    assert "张" not in page


def test_the_case_page_of_the_line_leads_a_handler_to_their_own(desk: Client, held: Held) -> None:
    number = held().number

    assert desk.get(f"/cases/{number}/").headers["Location"] == f"/handling/{number}/"


def offered(page: str) -> set[str]:
    return set(re.findall(r'data-step="(\w+)"', page))


def test_steps_that_are_legal_are_offered_and_the_others_say_why_not(
    desk: Client, held: Held
) -> None:
    new = held()
    page = desk.get(f"/handling/{new.number}/").text
    assert offered(page) == {"sign", "return"}
    assert page.partition('class="not-now"')[2].partition("</details>")[0].count("<dt>") == 3

    signed = held(state=State.SIGNED)
    page = desk.get(f"/handling/{signed.number}/").text
    assert offered(page) == {"answer", "handle", "return", "extend"}
    assert "not-now" not in page

    late = held(state=State.SIGNED, sent_at=timezone.now() - 30 * DAY)
    page = desk.get(f"/handling/{late.number}/").text
    assert offered(page) == {"answer", "handle", "extend"}
    assert page.partition('class="not-now"')[2].partition("</details>")[0].count("<dt>") == 1


def test_who_helps_reads_and_does_not_answer(
    desk: Client, held: Held, department: Department
) -> None:
    other = Department.objects.create(name="区教委")
    made = held(state=State.SIGNED, department=other)
    made.co_departments.add(department)

    page = desk.get(f"/handling/{made.number}/").text
    assert not offered(page)
    assert "区教委" in page
    assert desk.post(f"/handling/{made.number}/answer", {"text": "好了"}).status_code == 409


def test_a_step_is_taken_by_the_handler(desk: Client, held: Held) -> None:
    made = held()

    answer = desk.post(f"/handling/{made.number}/sign", headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/handling/{made.number}/"
    assert desk.post(f"/handling/{made.number}/handle").status_code == 302
    assert Case.objects.get(pk=made.pk).state == State.HANDLING
    assert CaseEvent.objects.get(case=made, kind="sign").by == "刘洋"


def test_an_answer_takes_its_proof_along(desk: Client, held: Held) -> None:
    made = held(state=State.SIGNED)
    files = [SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("停工单.pdf", PDF)]

    answer = desk.post(f"/handling/{made.number}/answer", {"text": "已修好", "file": files})

    assert answer.status_code == 302
    page = desk.get(f"/handling/{made.number}/").text
    for file in CaseFile.objects.filter(case=made):
        assert f"/cases/{made.number}/files/{file.pk}" in page
    assert "已修好" in page


def test_what_was_typed_stays_when_a_file_is_refused(desk: Client, held: Held, store: Path) -> None:
    made = held(state=State.SIGNED)
    files = [SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("看这里.exe", b"MZ0000")]
    body = {"text": "已修好，请查收", "file": files}

    answer = desk.post(f"/handling/{made.number}/answer", body)

    assert answer.status_code == 422
    assert ">已修好，请查收</textarea>" in answer.text
    assert "看这里.exe" in answer.text
    assert not kept_in(store)
    for file in files:
        file.seek(0)
    fragment = desk.post(f"/handling/{made.number}/answer", body, headers=HTMX)
    assert fragment.status_code == 200
    assert "<textarea" not in fragment.text  # the form stands as it is, with its files
    assert Case.objects.get(pk=made.pk).state == State.SIGNED


def test_a_step_that_has_become_impossible_says_why(desk: Client, held: Held) -> None:
    made = held(state=State.SIGNED)
    desk.get(f"/handling/{made.number}/")
    Case.objects.filter(pk=made.pk).update(state=State.SUSPENDED)

    answer = desk.post(f"/handling/{made.number}/answer", {"text": "好了"})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert desk.post(f"/handling/{made.number}/dispatch").status_code == 404


def test_the_lines_word_on_an_answer_is_read_first(
    desk: Client, held: Held, handler: User, user: Callable[..., User]
) -> None:
    made = held(state=State.SIGNED)
    now = timezone.now()
    take(made.number, "answer", handler, {"text": "已转交"}, at=now)
    take(made.number, "review", user(), {"approve": False, "reason": "没有写结果"}, at=now + DAY)

    first = desk.get(f"/handling/{made.number}/").text.partition('class="quote"')[0]
    assert "没有写结果" in first

    take(made.number, "answer", handler, {"text": "修好了"}, at=now + 2 * DAY)
    first = desk.get(f"/handling/{made.number}/").text.partition('class="quote"')[0]
    assert "没有写结果" not in first


def test_letters_stand_at_the_desk_and_an_opened_one_is_read(
    desk: Client, held: Held, letter: Letters, handler: User
) -> None:
    made = held()
    mine = letter(made)
    theirs = letter(made, department=Department.objects.create(name="区教委"))

    page = desk.get("/handling/letters/").text
    assert f"/handling/letters/{mine.pk}/" in page
    assert f"/handling/letters/{theirs.pk}/" not in page
    assert desk.get(f"/handling/letters/{theirs.pk}/").status_code == 404

    page = desk.get(f"/handling/letters/{mine.pk}/").text
    assert made.number in page
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert mine.openings.get().user == handler
    assert f"/handling/letters/{mine.pk}/" in desk.get(f"/handling/{made.number}/").text


def test_the_desk_leads_to_the_departments_figures(desk: Client, department: Department) -> None:
    assert f'href="/reports/departments/{department.pk}/"' in desk.get("/handling/").text


def test_a_person_without_an_account_stands_in_the_history_as_given(
    held: Held, department: Department
) -> None:
    made = held()
    actor = Actor("王工（区城管委）", Role.HANDLER, department=department.pk)

    take(made.number, "sign", actor, {}, at=timezone.now())

    event = CaseEvent.objects.get(case=made, kind="sign")
    assert (event.by, event.user) == ("王工（区城管委）", None)
