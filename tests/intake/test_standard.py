"""Every category has its class in the standard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import intake.category
from intake.standard import Class, class_of, table

OURS = json.loads(Path(intake.category.__file__).with_name("categories.json").read_text("utf-8"))


CLASSES = [one for one, _ in table()]


def test_the_standard_has_99_classes_in_14_groups() -> None:
    assert len(CLASSES) == 99
    assert len({one.code[:2] for one in CLASSES}) == 14
    assert [one.code for one in CLASSES] == sorted(one.code for one in CLASSES)
    assert all(len(one.code) == 4 and one.name.count("/") == 1 for one in CLASSES)


@pytest.mark.parametrize("category", list(OURS))
def test_each_of_our_categories_has_one(category: str) -> None:
    assert class_of(category) in CLASSES


@pytest.mark.parametrize("said", ["0402", "自然资源与环境保护/污染防治", "环境保护/噪声污染"])
def test_it_is_found_by_code_by_name_and_by_our_category(said: str) -> None:
    assert class_of(said) == Class("0402", "自然资源与环境保护/污染防治")


def test_a_citys_own_category_has_none() -> None:
    assert class_of("本市特有/事项") is None
    assert class_of("") is None
