"""The line under an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.sources import source_line
from tests.actions.a_talk import CARD, AnEntry

DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (replace(CARD, confirmed_on=DAY), "——区人力社保局 2026年11月确认｜来源：办事指南"),
        (replace(CARD, confirmed_on=DAY, source=""), "——区人力社保局 2026年11月确认"),
        (CARD, "——区人力社保局｜来源：办事指南"),
        (replace(CARD, department="", confirmed_on=DAY), "——来源：办事指南"),
        (replace(CARD, department="", source=""), ""),
        (
            replace(CARD, source="", document_number="某发〔2026〕3号"),
            "——区人力社保局｜文号：某发〔2026〕3号",
        ),
    ],
)
def test_whose_it_is_when_they_confirmed_it_and_where_it_stands(entry: AnEntry, line: str) -> None:
    assert source_line(entry) == line
