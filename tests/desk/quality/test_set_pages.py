"""What an editor does with the question set, and what a supervisor reads of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.knowledge.models import Entry
from desk.people.models import Hotline, Role, User
from desk.quality import examining
from desk.quality.judging import Told
from desk.quality.models import Question, Run
from desk.quality.runs import claim_run, start_by_hand
from tests.desk.pages.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]
type Questions = Callable[..., Question]


@pytest.fixture(autouse=True)
def _entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "calibration_now", lambda: "")
    Entry.objects.create(external_id="KB-1", question="老年卡怎么办理", answer="到街道。")


@pytest.fixture
def page(user: Users, browser: Any, hotline: Hotline) -> Client:  # noqa: F811
    client: Client = browser(user("editor", Role.EDITOR))
    return client


def asked(told: Told) -> None:
    """A whole run in which every question is told the same."""
    start_by_hand(timezone.now())
    run = claim_run(timezone.now())
    assert run is not None
    examining.examine(run, lambda _text, _hotline: told, threading.Event())


def upload(page: Client, text: str, encoding: str = "utf-8") -> Any:
    file = SimpleUploadedFile("set.csv", text.encode(encoding))
    return page.post("/answers/set/import", {"file": file})


def test_a_question_is_put_in_by_its_entry_or_its_words(page: Client) -> None:
    data = {"text": "老人卡在哪领", "hotline": "12345", "guarded": "1"}
    page.post("/answers/set/", data | {"expected": "老年卡怎么办理"})
    page.post("/answers/set/", data | {"text": "老年证", "expected": "KB-1"})
    page.post("/answers/set/", {"text": "今天天气", "hotline": "12345", "expected": ""})
    rows = Question.objects.values_list("text", "expected", "guarded")
    assert list(rows) == [
        ("老人卡在哪领", "KB-1", True),
        ("老年证", "KB-1", True),
        ("今天天气", "", False),
    ]
    assert Run.objects.get().state == "waiting"
    text = page.get("/answers/set/").text
    assert "老年卡怎么办理" in text
    assert "不该回答" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "还没填问题"),
        ({"text": "长" * 201}, "200"),
        ({"hotline": "nowhere"}, "热线"),
        ({"expected": "KB-404"}, "没有哪个条目"),
        ({"text": "已有的\x00"}, "已经有"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    page: Client, question: Questions, change: dict[str, str], said: str
) -> None:
    question("已有的")
    data = {"text": "新的问题", "hotline": "12345", "expected": "KB-1"} | change
    answer = page.post("/answers/set/", data)
    assert answer.status_code == 422
    assert said in answer.text.split('id="fault"')[1].split("</div>")[0]
    typed = data["text"].replace("\x00", "")
    assert f">{typed}</textarea>" in answer.text
    assert Question.objects.count() == 1


def test_a_run_shows_how_far_it_is_and_then_what_it_found(
    page: Client, question: Questions
) -> None:
    question("老年卡怎么办", "KB-1")
    page.post("/answers/set/start")
    assert "手动开始" in page.get("/answers/set/").text
    run = claim_run(timezone.now())
    assert run is not None
    Run.objects.update(total=40, done=12)
    standing = page.get("/answers/set/standing").text
    assert "12 / 40" in standing
    assert 'hx-trigger="every 2s"' in standing
    examining.examine(run, lambda _text, _hotline: Told("answered", ("KB-1",)), threading.Event())
    standing = page.get("/answers/set/standing").text
    assert "hx-trigger" not in standing
    assert "看结果" in standing


def test_a_changed_answer_is_on_the_page_and_raises_the_badge(
    page: Client, question: Questions
) -> None:
    question("老年卡怎么办", "KB-1")
    asked(Told("answered", ("KB-1",)))
    assert 'class="n"' not in page.get("/answers/set/").text
    asked(Told("no_article", ()))
    text = page.get("/answers/set/").text
    assert "不再有答案" in text
    assert '<span class="n">1<span class="vh">项要看' in text
    # In the rail of every other page too.
    assert '<span class="n">1<span class="vh">项要看' in page.get("/synonyms/").text
    run = Run.objects.filter(state="done").first()
    assert run is not None
    assert "老年卡怎么办" in page.get(f"/answers/set/runs/{run.pk}/").text


def test_a_file_goes_out_and_comes_back(page: Client, question: Questions) -> None:
    question("老年卡怎么办", "KB-1")
    question("=1+1", "", guarded=False)
    body = page.get("/answers/set/export.csv").content.decode("utf-8-sig")
    assert "老年卡怎么办,KB-1,12345,是" in body
    assert "'=1+1,,12345,否" in body
    Question.objects.all().delete()
    assert upload(page, body, "utf-8-sig").status_code == 302
    rows = Question.objects.values_list("text", "expected", "guarded")
    assert list(rows) == [("老年卡怎么办", "KB-1", True), ("=1+1", "", False)]


def test_a_file_with_faults_writes_nothing_and_names_each_line(page: Client) -> None:
    answer = upload(
        page,
        "question,entry,hotline,guarded\n"
        "好的,KB-1,12345,是\n"
        ",KB-1,12345,是\n"
        "没有条目,KB-404,12345,是\n"
        "没有热线,KB-1,99999,是\n"
        "说不清,KB-1,12345,也许\n"
        "好的,,12345,否\n",
    )
    assert answer.status_code == 422
    for line in (3, 4, 5, 6, 7):
        assert f"第 {line} 行" in answer.text
    assert "KB-404" in answer.text
    assert not Question.objects.exists()


@pytest.mark.parametrize("body", ["", "甲,乙\n1,2\n", "question,hotline\n\x00\x00"])
def test_what_is_no_such_file_is_refused(page: Client, body: str) -> None:
    assert upload(page, body).status_code == 422
    assert not Question.objects.exists()


def test_a_file_in_the_encoding_of_excel_in_chinese_is_read(page: Client) -> None:
    upload(page, "question,entry,hotline,guarded\n老年卡怎么办,老年卡怎么办理,12345,\n", "gb18030")
    assert Question.objects.get().expected == "KB-1"


def test_a_known_question_of_a_file_is_changed_and_none_is_removed(
    page: Client, question: Questions
) -> None:
    question("老年卡怎么办", "")
    question("别的")
    upload(page, "question,entry,hotline,guarded\n老年卡怎么办,KB-1,12345,否\n")
    one = Question.objects.get(text="老年卡怎么办")
    assert (one.expected, one.guarded) == ("KB-1", False)
    assert Question.objects.count() == 2


def test_two_editors_do_not_overwrite_each_other(page: Client, question: Questions) -> None:
    one = question("老年卡怎么办", "KB-1")
    data = {"text": "老年卡去哪办", "hotline": "12345", "expected": "KB-1", "revision": "1"}
    address = f"/answers/set/{one.pk}/"
    assert page.post(address, data).status_code == 302
    answer = page.post(address, data | {"text": "老年卡找谁"})
    assert answer.status_code == 422
    assert "有人改了" in answer.text
    assert Question.objects.get().text == "老年卡去哪办"
    assert page.post(address, data | {"text": "老年卡找谁", "revision": "2"}).status_code == 302
    assert Question.objects.get().text == "老年卡找谁"


def test_a_question_is_taken_out_with_its_results(page: Client, question: Questions) -> None:
    one = question("老年卡怎么办", "KB-1")
    asked(Told("answered", ("KB-1",)))
    assert "老年卡怎么办理" in page.get(f"/answers/set/{one.pk}/").text
    assert page.post(f"/answers/set/{one.pk}/remove").status_code == 302
    assert not Question.objects.exists()
    assert page.get(f"/answers/set/{one.pk}/").status_code == 404


def test_a_supervisor_reads_and_changes_nothing(
    user: Users,
    browser: Any,  # noqa: F811
    question: Questions,
) -> None:
    one = question("老年卡怎么办", "KB-1")
    client = browser(user("boss", Role.SUPERVISOR))
    text = client.get("/answers/set/").text
    assert "老年卡怎么办" in text
    assert "<textarea" not in text
    assert client.get("/answers/set/export.csv").status_code == 200
    assert client.get(f"/answers/set/{one.pk}/").status_code == 403
    for address in ("", "start", "import", f"{one.pk}/", f"{one.pk}/remove"):
        assert client.post(f"/answers/set/{address}").status_code == 403
    assert Question.objects.count() == 1
    assert not Run.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.HANDLER])
def test_other_roles_are_refused(user: Users, browser: Any, role: Role) -> None:  # noqa: F811
    client = browser(user("someone", role))
    for address in ("", "standing", "export.csv", "runs/1/", "1/"):
        assert client.get(f"/answers/set/{address}").status_code == 403


def test_an_editor_of_one_hotline_has_its_questions_only(
    user: Users,
    browser: Any,  # noqa: F811
    question: Questions,
    hotline: Hotline,
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳区市民服务热线")
    theirs = question("别的热线的题", "KB-1", hotline=other)
    question("自己热线的题", "KB-1")
    asked(Told("no_article", ()))
    editor = user("editor", Role.EDITOR)
    editor.hotlines.add(hotline)
    client = browser(editor)
    text = client.get("/answers/set/").text
    assert "自己热线的题" in text
    assert "别的热线的题" not in text
    assert '<span class="n">1<' in text
    assert client.get(f"/answers/set/{theirs.pk}/").status_code == 404
    client.post(f"/answers/set/{theirs.pk}/remove")
    body = "question,entry,hotline,guarded\n新题,KB-1,96105,是\n"
    assert upload(client, body).status_code == 422
    assert Question.objects.count() == 2


def test_the_page_asks_as_often_for_one_question_as_for_many(
    page: Client, question: Questions
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert page.get("/answers/set/").status_code == 200
        return len(made)

    question("甲", "KB-1")
    asked(Told("no_article", ()))
    few = queries()
    for number in range(12):
        question(f"问{number}", "KB-1")
    asked(Told("answered", ("KB-2",)))
    assert queries() == few


@pytest.mark.parametrize("query", ["verdict=nonsense", "q=%00", "verdict=right", "q=老"])
def test_nonsense_in_the_address_is_left_aside(
    page: Client, question: Questions, query: str
) -> None:
    question("老年卡怎么办", "KB-1")
    assert page.get(f"/answers/set/?{query}").status_code == 200
