from __future__ import annotations

import pytest

from kb_index.core import LONGEST, clauses_of, core_of


def weigh(text: str) -> float:
    """A knowledge base that knows of residence permits, and a little of Huilongguan."""
    return 10.0 * ("居住证" in text) + 1.0 * ("回龙观" in text)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("您好，居住证怎么办，谢谢", ["居住证怎么办"]),
        ("师傅您好 麻烦问一下 居住证怎么办理？在线等", ["居住证怎么办理"]),
        ("请问居住证怎么办谢谢您了", ["居住证怎么办"]),
        ("老师资格证怎么考", ["老师资格证怎么考"]),
        ("客服电话打不通", ["客服电话打不通"]),
        ("我要注销 ETC 卡", ["我要注销 ETC 卡"]),
        ("你好，谢谢，怎么办", []),
    ],
)
def test_courtesy_and_what_says_nothing_is_dropped(text: str, clauses: list[str]) -> None:
    assert clauses_of(text) == clauses


def test_the_question_is_read_without_what_is_told_beside_it() -> None:
    core = core_of("您好，我住在回龙观，居住证怎么办，谢谢", weigh)
    assert core.asked == "居住证怎么办"
    assert core.meant == "居住证怎么办"


def test_what_asks_is_kept_though_the_knowledge_has_no_word_of_it() -> None:
    core = core_of("居住证我带来了，日本签证去哪个馆办", weigh)
    assert "日本签证" in core.asked
    assert "日本签证" in core.meant


def test_the_encoder_reads_a_bounded_text_that_holds_what_counts() -> None:
    story = "这件事说来话长" * 20
    core = core_of(f"{story}居住证{story}", weigh)
    assert len(core.meant) <= LONGEST
    assert "居住证" in core.meant
    assert len(core.asked) > LONGEST


def test_a_message_without_a_clause_stays_as_it_is() -> None:
    assert core_of("谢谢", weigh).asked == "谢谢"
