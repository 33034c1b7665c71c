"""The page of a case: for who has its link, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, State
from desk.cases.proof import answer
from desk.conversations.models import Message
from desk.conversations.sent_files import Upload
from desk.telling import limits
from desk.telling.links import path_for
from tests.desk.telling.conftest import DAY, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(line: Line) -> Case:
    line.at = timezone.now() - 2 * DAY
    citizen = line.citizen()
    citizen.name, citizen.phone = "王小明", "13900001234"
    citizen.save()
    case = line.case(citizen, place="德外大街", name="王小明", phone="13900001234")
    return line.dispatched(case)


@pytest.fixture
def path(case: Case) -> str:
    assert case.citizen_id is not None
    return path_for(case.number, case.citizen_id)


def read(path: str) -> Any:
    return Client().get(path)


def test_it_needs_no_login_and_leaves_no_cookie(path: str, case: Case) -> None:
    page = read(path)
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert not page.cookies


def test_it_shows_the_proof_that_came_with_the_answer_and_no_other(
    line: Line, case: Case, path: str, settings: Any, tmp_path: Path
) -> None:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    other = line.dispatched(line.case(line.citizen("o-2")))
    for one in (case, other):
        line.do(one, "sign")
        upload = Upload("灯.png", picture)
        answer(one.number, line.people["handler"], {"text": "已修好"}, [upload], at=line.at)
    assert "/files/" not in read(path).content.decode()  # not accepted yet
    for one in (case, other):
        line.do(one, "review", approve=True)
    mine, theirs = case.files.get().pk, other.files.get().pk
    assert f"{path}/files/{mine}" in read(path).content.decode()
    shown = read(f"{path}/files/{mine}")
    assert (shown.content, shown.headers["Content-Type"]) == (picture, "image/png")
    assert "no-store" in shown.headers["Cache-Control"]
    assert read(f"{path}/files/{theirs}").status_code == 404
    assert read(f"{path}x/files/{mine}").status_code == 410


def test_it_is_kept_private(path: str) -> None:
    page = read(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    body = page.content.decode()
    assert '<meta name="robots" content="noindex' in body
    assert "http://" not in body.replace("http://www.w3.org", "")


def test_it_says_where_the_case_stands_and_what_the_citizen_said(path: str, line: Line) -> None:
    body = read(path).content.decode()
    assert line.department.name in body
    assert "德外大街路灯不亮" in body
    assert 'href="tel:12345"' in body


def test_neither_name_nor_number_of_the_citizen_is_shown(path: str, case: Case) -> None:
    Case.objects.update(content="路灯不亮，打 13900001234 找我")
    body = read(path).content.decode()
    assert "王小明" not in body
    assert "13900001234" not in body


def test_nothing_of_colleagues_is_shown(path: str, case: Case, line: Line) -> None:
    line.do(case, "sign")
    line.do(case, "handle", note="这个市民老打电话")
    line.do(case, "note", note="内部：先拖一拖")
    line.do(case, "extend", working_days=3, reason="人手不够")
    line.do(case, "rule_extension", approve=True, reason="下不为例")
    body = read(path).content.decode()
    for words in ("老打电话", "先拖一拖", "人手不够", "下不为例", "handler", "supervisor", "agent"):
        assert words not in body


def test_an_answer_stands_there_once_it_was_accepted(path: str, case: Case, line: Line) -> None:
    line.do(case, "sign")
    line.do(case, "answer", text="换了新灯")
    assert "换了新灯" not in read(path).content.decode()
    line.do(case, "review", approve=True)
    assert "换了新灯" in read(path).content.decode()


def test_a_push_is_the_citizens_and_once_a_day(path: str, case: Case) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"{path}/push")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?done=pushed")
    case.refresh_from_db()
    assert case.pushes == 1
    event = case.events.get(kind="chase")
    assert (event.by, event.data["citizen"]) == ("citizen", case.citizen_id)
    assert 'role="status"' in client.get(answer.headers["Location"]).content.decode()
    assert client.post(f"{path}/push").status_code == 422
    case.refresh_from_db()
    assert case.pushes == 1
    assert "/push" not in read(path).content.decode()


def test_tomorrow_it_may_be_pushed_again(path: str, case: Case) -> None:
    Client().post(f"{path}/push")
    from desk.telling.by_citizens import push
    from desk.telling.links import opened

    push(opened(path.removeprefix("/case/")), timezone.now() + timedelta(days=1))
    case.refresh_from_db()
    assert case.pushes == 2


def test_words_are_added_as_the_citizens(path: str, case: Case) -> None:
    answer = Client().post(f"{path}/add", {"words": " 东侧第三盏也灭了 "})
    assert answer.status_code == 303
    event = case.events.get(kind="note")
    assert (event.by, event.note) == ("citizen", "东侧第三盏也灭了")
    assert "东侧第三盏也灭了" in read(path).content.decode()


@pytest.mark.parametrize("words", ["", "   ", "长" * 1001])
def test_what_cannot_be_added_is_kept_in_the_form(path: str, case: Case, words: str) -> None:
    answer = Client().post(f"{path}/add", {"words": words})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert words in answer.content.decode()
    assert not case.events.filter(kind="note").exists()


@pytest.mark.parametrize("how", ["solved", "no_longer"])
def test_saying_that_it_is_over_closes_nothing(path: str, case: Case, how: str) -> None:
    for _time in range(2):
        assert Client().post(f"{path}/over", {"how": how}).status_code == 303
    case.refresh_from_db()
    assert case.state == State.DISPATCHED
    assert case.events.get(kind="note").by == "citizen"
    assert f"{path}/over" not in read(path).content.decode()


def test_it_has_to_be_one_of_the_two(path: str, case: Case) -> None:
    assert Client().post(f"{path}/over", {"how": "x"}).status_code == 422


def test_a_finished_case_can_be_read_and_no_more(path: str, case: Case, line: Line) -> None:
    Case.objects.update(state=State.CLOSED, closed_at=timezone.now())
    body = read(path).content.decode()
    assert "<form" not in body
    assert Client().post(f"{path}/push").status_code == 422
    assert Client().post(f"{path}/add", {"words": "还有"}).status_code == 422


def test_who_joined_reads_their_own_words_only(case: Case, line: Line) -> None:
    other = line.citizen("o-2")
    talk = line.talk(other)
    cause = Message.objects.create(conversation=talk, author="citizen", text="我家门口也黑")
    line.joins(case, other)
    from desk.cases.actors import CITIZEN
    from desk.cases.recording import record

    record(case, "joined", CITIZEN, at=line.at, note="我家门口也黑", data={"message": cause.pk})
    record(case, "joined", CITIZEN, at=line.at, note="别人说的", data={"message": 999})
    assert case.citizen_id is not None
    Client().post(f"{path_for(case.number, case.citizen_id)}/add", {"words": "我自己的话"})
    body = read(path_for(case.number, other.pk)).content.decode()
    assert "我家门口也黑" in body
    for words in ("别人说的", "德外大街", "我自己的话"):
        assert words not in body


def test_a_merged_case_leads_to_the_one_that_goes_on(line: Line) -> None:
    case, into = line.case(line.citizen()), line.case(line.citizen("o-2"))
    line.do(case, "merge", into=into.number)
    assert case.citizen_id is not None
    body = read(path_for(case.number, case.citizen_id)).content.decode()
    assert into.number in body
    link = body.split('<p><a href="')[1].split('"')[0]
    assert read("/case/" + link.rpartition("/")[2]).status_code == 200


def test_a_wrong_link_says_how_to_get_another(db: None) -> None:
    page = read("/case/202611240032-1.abc.def")
    assert page.status_code == 410
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "<h1" in page.content.decode()


def test_a_link_that_is_used_too_often_has_to_wait(path: str) -> None:
    for _time in range(limits.OPENED):
        assert read(path).status_code == 200
    page = read(path)
    assert page.status_code == 429
    assert page.headers["Retry-After"]


def test_wrong_links_are_counted_by_address(db: None, path: str) -> None:
    for number in range(limits.WRONG):
        assert read(f"/case/x{number}").status_code == 410
    assert read("/case/x").status_code == 429
    assert read(path).status_code == 200


def test_what_a_link_changes_is_limited(path: str) -> None:
    for _time in range(limits.CHANGED):
        Client().post(f"{path}/over", {"how": "solved"})
    assert Client().post(f"{path}/over", {"how": "solved"}).status_code == 429
