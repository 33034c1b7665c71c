"""What departments have taken teaches whose the next case is."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from desk.cases.models import Case, State
from desk.people.models import Department, Hotline
from intake.learned import Learned

pytestmark = pytest.mark.django_db
STREETS = ["安定路", "和平街", "学院路", "西坝河", "望京街", "团结湖", "柳芳街", "花园路"]
OF_WATER = ["{}自来水停了一天", "{}水管漏水没人修", "{}水压太低", "{}自来水发黄"]
OF_LIGHT = ["{}路灯不亮", "{}路灯杆歪了", "{}路灯白天也亮", "{}灯杆上的灯坏了"]


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.QIANMEN = replace(settings.QIANMEN, home=tmp_path)
    return tmp_path


def cases_of(hotline: Hotline, name: str, said: list[str], state: State) -> None:
    department = Department.objects.create(name=name)
    for street in STREETS:
        for words in said:
            Case.objects.create(
                number=f"2026{Case.objects.count():08}",
                hotline=hotline,
                content=words.format(street),
                department=department,
                state=state,
            )


def run(*files: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("train_triage", *map(str, files), stdout=out, stderr=StringIO(), **options)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return answer


def test_a_case_goes_where_cases_like_it_were_settled(hotline: Hotline, home: Path) -> None:
    cases_of(hotline, "市供水集团", OF_WATER, State.CLOSED)
    cases_of(hotline, "市照明中心", OF_LIGHT, State.ANSWERED)
    figures = run(past_cases=True)
    assert figures["n"] == 64
    assert figures["department"]["macro_f1"] > 0.9
    found = Learned.load(home / "triage").read("department", "门口的路灯坏了")
    assert found is not None
    assert found.value == "市照明中心"


def test_a_case_that_may_still_come_back_teaches_nothing(hotline: Hotline, home: Path) -> None:
    cases_of(hotline, "市供水集团", OF_WATER, State.DISPATCHED)
    cases_of(hotline, "市照明中心", OF_LIGHT, State.RETURN_ASKED)
    assert run(past_cases=True) == {"n": 0}


def test_files_and_past_cases_teach_together(hotline: Hotline, home: Path) -> None:
    cases_of(hotline, "市供水集团", OF_WATER, State.CLOSED)
    file = home / "more.jsonl"
    lines = [
        {"text": words.format(street), "department": "市照明中心"}
        for street in STREETS
        for words in OF_LIGHT
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert run(file, past_cases=True)["department"]["labels"] == 2


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(CommandError, match="nothing to learn from"):
        run()
