"""An editor is told where an answer could be plainer, and what to do about it."""

from __future__ import annotations

import pytest

from desk.knowledge.writing.hints import MOST, hints_for


def found(answer: str) -> list[str]:
    return [hint.found for hint in hints_for(answer)]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("根据《北京市供热管理办法》，您可以申请测温。", "根据《北京市供热管理办法》"),
        ("请向有关部门反映。", "有关部门"),
        ("请携相关材料到场。", "相关材料"),
        ("我们会尽快联系您。", "尽快"),
        ("不清楚可以拨打服务热线。", "拨打服务热线"),
        ("到街道政务服务大厅办。", "到街道政务服务大厅"),
        ("逾期要交滞纳金。", "逾期"),
        ("未经登记不得养犬。", "未经登记不得"),
        ("申请将被街道审核。", "将被街道审核"),
        ("一" * 61, "一" * 16 + "…"),
    ],
)
def test_what_could_be_plainer_is_quoted(answer: str, words: str) -> None:
    assert words in found(answer)


def test_a_wall_of_text_should_become_lines() -> None:
    wall = "带好身份证。" * 30
    assert found(wall) == ["带好身份证。带好身份证。带好身份…"]
    assert found("带好身份证。\n" * 30) == []


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "带身份证和户口簿，到任一派出所补领，工作日 9:00 到 17:00 都能办，工本费 40 元。",
        "整栋楼都不热，拨打 96069，半小时内联系您。",
        "需要这些材料：\n1. 身份证\n2. 租房合同",
        "相关材料：身份证、户口簿。",
        "交 20 元，5 个工作日取证。",
    ],
)
def test_plain_words_are_left_alone(answer: str) -> None:
    assert hints_for(answer) == []


def test_each_hint_says_what_to_do() -> None:
    for hint in hints_for("根据规定，有关部门会尽快受理，逾期不候，请拨打热线咨询。"):
        assert str(hint.why)
        assert str(hint.mend)


def test_no_more_hints_than_anybody_reads() -> None:
    bad = (
        "根据有关规定，请携带相关材料到街道服务大厅，逾期未办的不得不重办，将被有关部门尽快处理，"
        "可以拨打热线咨询，" + "继续等待通知" * 40
    )
    assert len(hints_for(bad)) == MOST
