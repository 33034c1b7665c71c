"""Who hears of which step, and in which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.cases.deadlines import at_hour
from desk.cases.models import Case, CaseFile
from desk.people.models import PRACTICE, Department, Hotline
from desk.supervision.rounds import supervise
from desk.telling.models import Notice
from tests.desk.telling.conftest import DAY, Line, moment

pytestmark = pytest.mark.django_db


def told(case: Case, event: str) -> str:
    return Notice.objects.filter(case=case, event=event).latest("pk").words


def test_a_dispatch_says_to_whom_and_until_when(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    words = told(case, "dispatch")
    assert case.number in words
    assert line.department.name in words
    assert "3月9日 24:00" in words


def test_every_step_that_matters_is_told_once(line: Line, another: Department) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    line.do(case, "reassign", department=another.name, reason="职责在住建")
    line.people["handler"].department = another
    line.people["handler"].save()
    line.do(case, "sign")
    line.do(case, "extend", working_days=5, reason="等配件")
    line.do(case, "rule_extension", approve=True)
    line.do(case, "handle", note="内部备注")
    line.do(case, "suspend", reason="等许可", until="2026-03-20")
    line.do(case, "resume", note="许可下来了")
    line.do(case, "answer", text="已修好")
    line.do(case, "review", approve=True)
    line.do(case, "callback", DAY, reached=True, solved=False)
    line.do(case, "redo", reason="没解决")
    assert [notice.event for notice in Notice.objects.order_by("pk")] == [
        *("dispatch", "reassign", "rule_extension", "suspend", "resume", "review", "redo")
    ]


def test_an_answer_is_told_as_it_is_with_department_and_day(line: Line) -> None:
    case = line.case(line.citizen())
    line.reviewed(case, text="已换了新灯。\n有事打 010-66001234")
    words = told(case, "review")
    assert "已换了新灯。\n有事打 010-66001234" in words
    assert line.department.name in words
    assert "3月3日" in words


def test_an_answer_that_is_sent_back_is_not_told(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    line.do(case, "sign")
    line.do(case, "answer", text="不归我们管")
    line.do(case, "review", approve=False, reason="没有办")
    assert not Notice.objects.filter(event="review").exists()


def test_more_time_is_told_with_the_new_day_and_the_reason(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    line.do(case, "sign")
    line.do(case, "extend", working_days=5, reason="等配件")
    line.do(case, "rule_extension", approve=True, reason="同意，内部意见")
    words = told(case, "rule_extension")
    assert "3月16日 24:00" in words
    assert "等配件" in words
    assert "内部意见" not in words


def test_who_joined_hears_it_too_without_anybodys_number(line: Line) -> None:
    case = line.case(line.citizen())
    other = line.citizen("o-2")
    line.joins(case, other)
    line.reviewed(case, text="已联系王先生 13900001234，修好了")
    own, theirs = Notice.objects.filter(event="review").order_by("pk")
    assert (own.citizen_id, theirs.citizen_id) == (case.citizen_id, other.pk)
    assert "13900001234" in own.words
    assert "修好了" in theirs.words
    assert "13900001234" not in theirs.words


def test_of_a_confidential_case_nobody_else_hears_the_answer(line: Line) -> None:
    case = line.case(line.citizen(), confidential=True)
    line.joins(case, line.citizen("o-2"))
    line.reviewed(case, text="已按举报人李某说的查了")
    own, theirs = Notice.objects.filter(event="review").order_by("pk")
    assert "李某" in own.words
    assert "李某" not in theirs.words
    assert theirs.words


def test_a_merged_case_keeps_its_number_and_hears_of_the_one_that_goes_on(line: Line) -> None:
    case, into = line.case(line.citizen()), line.case(line.citizen("o-2"))
    third = line.citizen("o-3")
    line.joins(case, third)
    line.do(case, "merge", into=into.number)
    words = told(case, "merge")
    assert case.number in words
    assert into.number in words

    line.dispatched(into)
    heard = Notice.objects.filter(case=into, event="dispatch").values_list("citizen", flat=True)
    assert set(heard) == {into.citizen_id, case.citizen_id, third.pk}

    line.do(case, "unmerge")
    assert told(case, "unmerge")
    line.do(
        into,
        "transfer",
        hotline=Hotline.objects.create(code="12341", name="西城").code,
        reason="属地",
    )
    heard = Notice.objects.filter(case=into, event="transfer").values_list("citizen", flat=True)
    assert set(heard) == {into.citizen_id}


def test_a_case_without_a_citizen_costs_nothing_more(line: Line) -> None:
    case = line.case()
    line.dispatched(case)
    line.do(case, "sign")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        line.do(case, "handle", note="在办")
    assert not [query for query in captured if "telling_notice" in query["sql"]]
    assert not Notice.objects.exists()


def test_a_practice_is_told_to_nobody(line: Line) -> None:
    practice = Hotline.with_practice.get_or_create(code=PRACTICE, defaults={"name": "练习"})[0]
    citizen = line.citizen()
    case = line.case(citizen)
    Case.objects.filter(pk=case.pk).update(hotline=practice)
    line.dispatched(case)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("nobody", ["erased-1", "past-00001"])
def test_who_has_no_account_is_told_nothing(line: Line, nobody: str) -> None:
    citizen = line.citizen()
    case = line.case(citizen)
    citizen.external_id = nobody
    citizen.save()
    line.dispatched(case)
    assert not Notice.objects.exists()


def test_what_proves_the_answer_goes_with_it(line: Line) -> None:
    case = line.case(line.citizen())
    old = line.at - timedelta(days=9)
    line.dispatched(case)
    kept = {
        "case": case,
        "name": "灯.jpg",
        "content_type": "image/jpeg",
        "size": 9,
        "by": "handler",
    }
    CaseFile.objects.create(key="sent/20260101/0.jpg", at=old, **kept)
    proof = CaseFile.objects.create(key="sent/20260303/a.jpg", at=line.at, **kept)
    line.do(case, "sign")
    line.do(case, "answer", text="已修好")
    line.do(case, "review", approve=True)
    assert Notice.objects.get(event="review").files == [proof.pk]


# Supervision


def each_morning(first: str, last: str) -> None:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        supervise(at_hour(day, 9))
        day += timedelta(days=1)


def test_the_second_chase_and_the_list_are_told(line: Line) -> None:
    line.at = moment("2026-03-02T09:00")
    case = line.case(line.citizen())
    line.dispatched(case)  # due on Monday 9 March
    each_morning("2026-03-03", "2026-03-20")
    events = Notice.objects.exclude(event="dispatch").order_by("pk")
    assert [notice.event for notice in events] == ["second_chase", "supervision"]
    assert "3月16日" in events[0].words
    assert line.department.name in events[1].words


def test_a_round_that_comes_late_tells_the_latest_only(line: Line) -> None:
    line.at = moment("2026-03-02T09:00")
    case = line.case(line.citizen())
    line.dispatched(case)
    supervise(moment("2026-03-20T12:00"))
    events = Notice.objects.exclude(event="dispatch")
    assert [notice.event for notice in events] == ["supervision"]


def test_chases_are_told_once_a_day(line: Line) -> None:
    line.at = moment("2026-03-02T09:00")
    case = line.case(line.citizen())
    line.do(case, "dispatch", department=line.department.name, urgency="urgent")
    for hours in range(3, 14):
        supervise(moment("2026-03-02T09:00") + timedelta(hours=hours))
    line.at = moment("2026-03-02T22:00")
    line.do(case, "supervise", note="盯着")
    events = Notice.objects.exclude(event="dispatch")
    assert [notice.event for notice in events] == ["second_chase"]


def test_a_round_over_many_cases_asks_for_their_citizens_at_once(line: Line) -> None:
    line.at = moment("2026-03-02T09:00")

    def queries(cases: int) -> int:
        for number in range(cases):
            line.dispatched(line.case(line.citizen(f"{line.at:%d}-{number}")))
        Case.objects.update(act_at=moment("2026-03-13T09:00"))
        with CaptureQueriesContext(connection) as captured:
            supervise(moment("2026-03-13T09:00"))
        sent = [query for query in captured if "telling" in query["sql"]]
        line.at += DAY
        return len(sent)

    assert queries(8) == queries(2)
