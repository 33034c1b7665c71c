from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.cases.models import Case, CaseEvent, ContactReveal, State
from desk.people.models import Department, Hotline, Role, User
from tests.desk.pages.conftest import HTMX

pytestmark = pytest.mark.django_db

type Cases = Callable[..., Case]
type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def test_a_list_can_be_narrowed_and_says_how_to_widen_it(
    browser: Browser, user: Users, case: Cases
) -> None:
    late = case(
        content="井盖翘了",
        state=State.DISPATCHED,
        due_at=timezone.now() - timedelta(days=2, hours=1),
    )
    case(content="垃圾没人收", place="马连道路")
    client = browser(user())

    whole = client.get("/cases/").text
    assert "井盖翘了" in whole
    assert "马连道路" in whole
    assert "逾期 2 天" in whole

    for narrow in ("overdue=1", "state=dispatched", f"q={late.number}", "q=井盖"):
        page = client.get(f"/cases/?{narrow}").text
        assert "井盖翘了" in page
        assert "垃圾没人收" not in page

    empty = client.get("/cases/?overdue=1&q=垃圾").text
    assert "没有工单同时符合这些" in empty
    assert "去掉“只看逾期”" in empty


def test_a_handler_sees_what_was_dispatched_to_their_department(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    other = Department.objects.create(name="区教委")
    ours = case(content="派给我们的", state=State.DISPATCHED)
    shared = case(content="一起办的", state=State.SIGNED, department=other)
    shared.co_departments.add(department)
    suggested = case(content="还没派出的")
    theirs = case(content="别的单位的", state=State.DISPATCHED, department=other)
    client = browser(user("handler", Role.HANDLER, department=department))

    page = client.get("/cases/").text

    assert "派给我们的" in page
    assert "一起办的" in page
    assert client.get(f"/cases/{ours.number}/", follow=True).status_code == 200
    for hidden in (suggested, theirs):
        assert hidden.content not in page
        assert client.get(f"/cases/{hidden.number}/").status_code == 404


def test_a_handler_without_a_department_sees_nothing(
    browser: Browser, user: Users, case: Cases
) -> None:
    case(state=State.DISPATCHED, department=None, content="没有单位的")

    page = browser(user("handler", Role.HANDLER)).get("/cases/").text

    assert "没有单位的" not in page


def test_cases_of_another_hotline_are_not_there(
    browser: Browser, user: Users, case: Cases, hotline: Hotline
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳")
    theirs = case(hotline=other)
    agent = user()
    agent.hotlines.add(hotline)
    client = browser(agent)

    assert theirs.number not in client.get("/cases/").text
    assert client.get(f"/cases/{theirs.number}/").status_code == 404
    assert client.post(f"/cases/{theirs.number}/note", {"note": "x"}).status_code == 404


def test_who_sends_a_case_to_another_line_is_led_back_to_the_list(
    browser: Browser, user: Users, case: Cases, hotline: Hotline
) -> None:
    city = Hotline.objects.create(code="96105", name="朝阳")
    agent = user()
    agent.hotlines.add(hotline)
    client = browser(agent)
    body = {"hotline": city.pk, "reason": "跨区"}

    moved, whole = case(hotline=hotline), case(hotline=hotline)
    response = client.post(f"/cases/{moved.number}/transfer", body, headers=HTMX)
    assert response.headers["HX-Redirect"] == "/cases/"
    answer = client.post(f"/cases/{whole.number}/transfer", body)
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert Case.objects.filter(hotline=city).count() == 2


def test_an_editor_has_no_cases(browser: Browser, user: Users, case: Cases) -> None:
    number = case().number
    client = browser(user("editor", Role.EDITOR))

    assert client.get("/cases/").status_code == 403
    assert client.get(f"/cases/{number}/").status_code == 403


def test_an_agent_dispatches_and_the_page_says_so(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    made = case()
    client = browser(user())

    answer = client.post(
        f"/cases/{made.number}/dispatch",
        {"department": department.name, "urgency": "priority", "note": ""},
        headers=HTMX,
    )

    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"]) == {"case-changed": {"case": made.number}}
    made.refresh_from_db()
    assert (made.state, made.urgency) == (State.DISPATCHED, "priority")
    page = client.get(f"/cases/{made.number}/").text
    assert "派单" in page
    assert "优先 · 24 小时" in page
    assert "到 " in page


def test_what_is_missing_is_named_and_nothing_has_changed(
    browser: Browser, user: Users, case: Cases
) -> None:
    made = case(department=None)
    client = browser(user())

    answer = client.post(f"/cases/{made.number}/dispatch", {"urgency": "ordinary"}, headers=HTMX)
    assert "还没填：承办单位" in answer.text

    whole = client.post(f"/cases/{made.number}/close", {"note": " "})
    assert whole.status_code == 422
    assert "还没填：办得怎样" in whole.text
    made.refresh_from_db()
    assert made.state == State.ACCEPTED
    assert CaseEvent.objects.filter(case=made).count() == 1


def test_a_step_that_is_not_legal_says_what_is_possible_instead(
    browser: Browser, user: Users, case: Cases
) -> None:
    made = case(state=State.CLOSED)
    client = browser(user())

    answer = client.post(f"/cases/{made.number}/close", {"note": "好了"})
    assert answer.status_code == 409
    assert "现在不能“办结”" in answer.text

    opened = case(state=State.DISPATCHED)
    answer = client.post(f"/cases/{opened.number}/close", {"note": "好了"}, headers=HTMX)
    assert "现在可以：" in answer.text
    assert "加备注" in answer.text


def test_only_steps_of_the_role_are_offered(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    made = case(state=State.DISPATCHED)

    agent = browser(user()).get(f"/cases/{made.number}/").text
    assert f'action="/cases/{made.number}/note"' in agent
    assert f'action="/cases/{made.number}/dispatch"' not in agent

    handler = browser(user("handler", Role.HANDLER, department=department))
    page = handler.get(f"/cases/{made.number}/", follow=True).text
    assert f'action="/cases/{made.number}/note"' not in page


def test_a_contact_in_full_is_for_those_with_the_right_and_on_record(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    made = case(
        state=State.DISPATCHED,
        contact_name="张小明",
        contact_phone="13900006207",
        content="打我电话 13900006207",
    )
    agent, handler = user(), user("handler", Role.HANDLER, department=department)
    address = f"/cases/{made.number}/"

    for who in (agent, handler):
        page = browser(who).get(address, follow=True).text
        assert "13900006207" not in page
        assert "张小明" not in page
        assert "139****6207" in page

    assert browser(handler).post(f"{address}reveal").status_code == 403
    assert not ContactReveal.objects.exists()
    fragment = browser(agent).post(f"{address}reveal", headers=HTMX).text
    assert "13900006207" in fragment
    assert "张小明" in fragment
    assert ContactReveal.objects.get().user == agent


def test_a_confidential_report_hides_who_told_it_from_the_department(
    browser: Browser, user: Users, case: Cases, department: Department
) -> None:
    made = case(
        state=State.DISPATCHED,
        kind="report",
        confidential=True,
        contact_name="李四",
        contact_phone="13900006207",
    )
    client = browser(user("handler", Role.HANDLER, department=department))

    page = client.get(f"/cases/{made.number}/", follow=True).text

    assert "看不到是谁说的" in page
    assert "6207" not in page
    assert "李" not in page.partition("看不到是谁说的")[2].partition("</dd>")[0]
    assert "6207" not in client.get("/cases/").text


def test_the_list_comes_in_pages(browser: Browser, user: Users, case: Cases) -> None:
    for number in range(52):
        case(content=f"第{number}件")
    client = browser(user())

    first = client.get("/cases/").text
    assert first.count("data-case=") == 50
    before = first.partition("before=")[2].partition('"')[0]

    more = client.get(f"/cases/?before={before}", headers=HTMX).text
    assert more.count("data-case=") == 2
    assert "第0件" in more
    assert "<html" not in more


def test_more_cases_cost_no_more_queries(browser: Browser, user: Users, case: Cases) -> None:
    client = browser(user())

    def queries(rows: int) -> int:
        for _row in range(rows):
            case()
        with CaptureQueriesContext(connection) as found:
            client.get("/cases/")
        return len(found)

    few = queries(3)
    assert queries(27) == few


def test_a_days_end_is_that_days_24_00(browser: Browser, user: Users, case: Cases) -> None:
    end = timezone.localtime().replace(
        month=12, day=16, hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=366)
    made = case(state=State.DISPATCHED, due_at=end, dispatched_at=timezone.now())

    page = browser(user()).get(f"/cases/{made.number}/").text

    assert "24:00" in page
    assert "00:00，" not in page
