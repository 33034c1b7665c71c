from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook
from wagtail.models import ModelLogEntry

from desk.knowledge.files import writing
from desk.knowledge.files.checking import Checking
from desk.knowledge.files.reading import read_rows
from desk.knowledge.files.writing import open_run, write_rows
from desk.knowledge.models import Entry, ImportRun, IndexTask
from desk.knowledge.publishing import save_draft
from desk.people.models import Department, Hotline, Role, User
from desk.people.roles import prepare_groups
from kb_index.finding import Finder, Outcome
from tests.desk.knowledge.conftest import COLUMNS, a_csv, a_row

pytestmark = pytest.mark.usefixtures("hotline")


def run(file: Path, **options: Any) -> tuple[str, str]:
    """What the command printed, and its faults."""
    out, faults = io.StringIO(), io.StringIO()
    try:
        call_command("import_knowledge", str(file), stdout=out, stderr=faults, **options)
    except CommandError as error:
        return out.getvalue(), f"{faults.getvalue()}{error}"
    return out.getvalue(), faults.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def make(body: bytes, name: str = "knowledge.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(body)
        return path

    return make


def test_what_says_published_is_live_and_citizens_find_it(
    file: Callable[..., Path], finder: Finder
) -> None:
    out, _faults = run(file(a_csv(a_row(1, question="暖气不热怎么办"))))
    assert "1 created" in out
    entry = Entry.objects.get()
    assert entry.live
    assert entry.latest_revision.user.username == "import"
    found = finder.find("暖气不热怎么办", hotline="12345", now=timezone.now())
    assert found.outcome is Outcome.ANSWERED
    assert found.hits[0].external_id == "KB-1"


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_long_file_is_written_to_its_end(file: Callable[..., Path], ending: str) -> None:
    rows = [
        a_row(number, answer=f"第{number}件：" + "请到窗口办理。" * 40) for number in range(150)
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    body = a_csv(*rows) if ending == "csv" else lines
    out, _faults = run(file(body, f"k.{ending}"))
    assert "150 created" in out
    assert Entry.objects.filter(live=True).count() == 150


def test_faults_are_named_by_line_and_cell_and_nothing_is_written(
    file: Callable[..., Path],
) -> None:
    body = a_csv(
        a_row(1),
        a_row(2, hotlines="99999"),
        a_row(3, answer=""),
        a_row(1, question="编号重复"),
        a_row(4, status="live"),
    )
    _out, faults = run(file(body))
    lines = faults.splitlines()
    assert ["3" in lines[0], "hotlines" in lines[0], "99999" in lines[0]] == [True] * 3
    assert ["4" in lines[1], "answer" in lines[1]] == [True] * 2
    assert ["5" in lines[2], "external_id" in lines[2]] == [True] * 2
    assert ["6" in lines[3], "status" in lines[3]] == [True] * 2
    assert Entry.objects.count() == ImportRun.objects.count() == 0


def test_a_dry_run_writes_nothing(file: Callable[..., Path]) -> None:
    out, _faults = run(file(a_csv(a_row(1))), dry_run=True)
    assert out.startswith("1 ")
    assert Entry.objects.count() == 0


def test_a_dry_run_says_what_is_new_changed_and_as_it_was_and_what_is_asked_twice(
    file: Callable[..., Path],
) -> None:
    run(file(a_csv(a_row(1), a_row(2), a_row(3, status="draft"))))
    body = a_csv(
        a_row(1),
        a_row(2, answer="新的答案"),
        a_row(3),  # the same words, to be published now
        a_row(4, question=a_row(1)["question"]),
        a_row(5, question="路灯不亮 找谁？"),
        a_row(6, question="路灯不亮，找谁"),
    )
    out, _faults = run(file(body), dry_run=True)
    assert "3 new, 2 changed, 1 unchanged; 2 twins" in out
    assert "line 5: KB-4 asks what KB-1 asks" in out
    assert "line 7: KB-6 asks what KB-5 asks" in out
    assert Entry.objects.count() == 3


def test_what_is_for_other_citizens_is_no_twin(file: Callable[..., Path]) -> None:
    Hotline.objects.create(code="96105", name="朝阳")
    rows = (a_row(1, hotlines="12345"), a_row(2, hotlines="96105", question=a_row(1)["question"]))
    out, _faults = run(file(a_csv(*rows)), dry_run=True)
    assert "0 twins" in out


def test_bad_rows_can_be_left_out(file: Callable[..., Path]) -> None:
    out, faults = run(file(a_csv(a_row(1), a_row(2, hotlines="99999"))), skip_bad=True)
    assert "99999" in faults
    assert "1 created" in out
    assert [entry.external_id for entry in Entry.objects.all()] == ["KB-1"]


def test_a_known_id_becomes_a_new_version(file: Callable[..., Path]) -> None:
    run(file(a_csv(a_row(1))))
    out, _faults = run(file(a_csv(a_row(1, answer="新的答案"))))
    assert "1 changed" in out
    entry = Entry.objects.get()
    assert (entry.answer, entry.revisions.count()) == ("新的答案", 2)


def test_the_same_file_again_changes_nothing_and_says_so(file: Callable[..., Path]) -> None:
    path = file(a_csv(a_row(1), a_row(2)))
    run(path)
    out, _faults = run(path)
    assert "0 created, 0 changed, 2 unchanged" in out
    assert [entry.revisions.count() for entry in Entry.objects.all()] == [1, 1]


def test_what_is_published_leaves_a_history_and_ends_a_review(
    file: Callable[..., Path], user: Callable[..., User], hotline: Hotline
) -> None:
    prepare_groups()
    run(file(a_csv(a_row(1), a_row(2))))
    reviewed = Entry.objects.get(external_id="KB-1")
    reviewed.answer = "在审的答案"
    save_draft(reviewed, None)
    reviewed.get_workflow().start(reviewed, user("editor", Role.EDITOR))
    run(file(a_csv(a_row(1, answer="导入的答案"), a_row(2, answer="导入的答案"))))
    for entry in Entry.objects.all():
        assert (entry.live, entry.answer) == (True, "导入的答案")
        assert entry.live_revision == entry.latest_revision
        assert not entry.workflow_in_progress
        assert not entry.has_unpublished_changes
        actions = ModelLogEntry.objects.for_instance(entry).values_list("action", flat=True)
        assert {"wagtail.edit", "wagtail.publish"} <= set(actions)
    assert not IndexTask.objects.exists()


def test_a_withdrawn_row_takes_the_entry_from_citizens_and_keeps_its_words(
    file: Callable[..., Path], finder: Finder
) -> None:
    run(file(a_csv(a_row(1, question="暖气不热怎么办"))))
    run(file(a_csv(a_row(1, question="暖气不热怎么办", answer="已废止", status="withdrawn"))))
    entry = Entry.objects.get()
    assert not entry.live
    assert entry.get_latest_revision_as_object().answer == "已废止"
    found = finder.find("暖气不热怎么办", hotline="12345", now=timezone.now())
    assert found.outcome is Outcome.NO_ARTICLE


def test_an_unknown_department_is_made_and_said(file: Callable[..., Path]) -> None:
    out, _faults = run(file(a_csv(a_row(1, department="区新设局"))))
    assert "区新设局" in out
    assert Department.objects.filter(name="区新设局").exists()
    out, _faults = run(file(a_csv(a_row(2, department="区新设局"))))
    assert "区新设局" not in out


def test_an_import_that_was_cut_off_goes_on_where_it_ended(
    user: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "BATCH", 2)
    body = a_csv(*(a_row(number) for number in range(5)))
    rows = list(Checking(read_rows("k.csv", io.BytesIO(body))))
    editor = user("import-test", Role.REVIEWER)

    def cut_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    def run() -> ImportRun:
        file = io.BytesIO(body)
        return open_run(file, name="k.csv", total=5, user=editor, may_publish=True)

    with pytest.raises(KeyboardInterrupt):
        write_rows(rows, run=run(), user=editor, may_publish=True, progress=cut_off)
    assert Entry.objects.count() == 2
    written = write_rows(rows, run=run(), user=editor, may_publish=True)
    assert (written.skipped, written.created, written.changed) == (2, 5, 0)
    assert [entry.revisions.count() for entry in Entry.objects.all()] == [1] * 5


def test_a_chinese_excels_csv_is_read(file: Callable[..., Path]) -> None:
    run(file(a_csv(a_row(1, answer="㐂中文"), encoding="gb18030")))
    assert Entry.objects.get().answer == "㐂中文"


def test_a_workbook_is_read_with_its_numbers_and_days(file: Callable[..., Path]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*COLUMNS, "effective_to"])
    day = date(2026, 1, 31)
    sheet.append(["KB-1", "问", "甲|乙", "答", "", 12345, "draft", day])
    out = io.BytesIO()
    book.save(out)
    run(file(out.getvalue(), "knowledge.xlsx"))
    entry = Entry.objects.get()
    assert (entry.live, entry.hotline_codes) == (False, ["12345"])
    assert entry.similar_questions == ["甲", "乙"]
    local = timezone.localtime(entry.effective_to)
    assert (local.day, local.hour) == (31, 23)  # the last day counts to its end


def test_json_lines_are_read_with_real_lists(file: Callable[..., Path]) -> None:
    line = (
        '{"external_id": "KB-1", "question": "问\u2028题", "answer": "答", '
        '"similar_questions": ["甲|乙"], "hotlines": []}\n\n'
    )
    run(file(line.encode(), "knowledge.jsonl"))
    entry = Entry.objects.get()
    assert (entry.similar_questions, entry.hotline_codes) == (["甲|乙"], [])


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("k.csv", b"question,answer\n\xe9\x97\xae,\xe7\xad\x94\n"),
        ("k.csv", b"external_id,question,answer,answer\n1,2,3,4\n"),
        ("k.csv", b""),
        ("k.xlsx", b"not a workbook"),
        ("k.jsonl", b"{\n"),
        ("k.jsonl", b"[1]\n"),
        ("k.txt", b"external_id\n1\n"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    file: Callable[..., Path], name: str, body: bytes
) -> None:
    _out, faults = run(file(body, name))
    assert faults
    assert "Traceback" not in faults
    assert Entry.objects.count() == 0


def test_a_cell_too_many_is_a_fault_not_a_loss(file: Callable[..., Path]) -> None:
    body = "external_id,question,answer\nKB-1,问,先这样,再那样\n".encode()
    _out, faults = run(file(body))
    assert "2" in faults
    assert Entry.objects.count() == 0


def test_a_row_is_named_by_the_line_where_it_begins(file: Callable[..., Path]) -> None:
    body = 'external_id,question,answer\nKB-1,问,"一\n二\n三"\nKB-2,问,\n'.encode()
    _out, faults = run(file(body))
    assert "5" in faults.splitlines()[0]


@pytest.mark.parametrize("day", ["2026-01-05", "2026/1/5", "2026年1月5日", "2026-01-05T00:00"])
def test_days_are_read_as_people_write_them(
    file: Callable[..., Path], hotline: Hotline, day: str
) -> None:
    body = f"external_id,question,answer,effective_from\nKB-1,问,答,{day}\n".encode()
    run(file(body))
    begins = timezone.localtime(Entry.objects.get().effective_from)
    assert begins.isoformat() == "2026-01-05T00:00:00+08:00"
