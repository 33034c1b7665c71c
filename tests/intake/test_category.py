"""A text is put where the people of the hotline would put it, or nowhere."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from intake.beside import beside_the_matter
from intake.category import MODEL, NOTHING, categories, category
from intake.category_training import samples, teach
from intake.learned import Model
from intake.place import place

FILED = [
    ("环境保护/噪声污染", "楼下烧烤店半夜还在唱歌喝酒吵得睡不着"),
    ("城市管理/井盖路灯", "小区路灯坏了半个月没人修"),
    ("劳动保障/欠薪", "公司拖欠我三个月工资"),
    ("市场监管/预付卡", "在健身房办的卡，人跑路了不退钱"),
    ("公共安全/消防安全", "消防通道被私家车堵死"),
    ("市政公用/供热", "暖气一点都不热"),
    ("交通出行/共享单车", "共享单车堵住人行道"),
    ("城市管理/养犬管理", "邻居家的狗整天叫"),
    ("户籍身份/居住证", "居住证怎么办"),
    ("住房保障/物业管理", "物业不管事还涨物业费"),
]


@pytest.mark.parametrize(("expected", "text"), FILED)
def test_a_text_is_filed(expected: str, text: str) -> None:
    found = category(text)
    assert found is not None
    assert found.value == expected
    assert found.words(text)


@pytest.mark.parametrize(
    "text", ["", "你好", "我姓王", "好的谢谢", "我叫周晓燕", "麻烦快点处理", "上周五下午"]
)
def test_a_text_about_nothing_is_not_filed(text: str) -> None:
    assert category(text) is None


def test_every_category_has_two_levels_and_can_be_reached() -> None:
    names = categories()
    assert all(name.count("/") == 1 for name in names)
    assert len(set(names)) == len(names) > 100


def test_the_place_is_not_what_it_is_about() -> None:
    text = "青年公园东门那个小广场，每天晚上吵得睡不着"
    found = category(text, beside_the_matter(text, place(text)))
    assert found is not None
    assert found.value == "环境保护/噪声污染"


def test_a_number_is_no_emergency_call_in_every_context() -> None:
    found = category("修水表多收了我120块，电话13512001100")
    assert found is None or found.value != "热线服务/紧急事项"


def test_sentences_without_a_known_word_are_filed_mostly_right() -> None:
    """Sixty sentences that were written after the words had been."""
    path = Path(__file__).with_name("categories_as_told.txt")
    told = [line.split("|") for line in path.read_text("utf-8").splitlines()]
    assert _right((text, wanted.split(",")) for text, wanted in told) >= 0.8


def test_complaints_as_written_are_filed_mostly_right() -> None:
    path = Path(__file__).with_name("complaints.jsonl")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert _right((line["text"], line["category"]) for line in lines if "category" in line) >= 0.87


def test_the_model_is_of_the_words_as_they_are() -> None:
    """After `categories.json` has changed: `python -m intake.category_training FILES`."""
    assert {name for _, name in samples([])} == {*categories(), NOTHING}
    assert set(Model.load(MODEL).labels) <= {*categories(), NOTHING}


def test_it_can_be_taught_again(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    row = {
        "question": "灯一直不亮",
        "similar_questions": ["灯黑着"],
        "category": "城市管理/井盖路灯",
    }
    questions.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{"text": "随便", "category": "没有这一类"}]), "utf-8")
    known = samples([questions, cases])
    assert ("灯黑着", "城市管理/井盖路灯") in known
    assert "没有这一类" not in {name for _, name in known}
    assert teach([questions], tmp_path / "model.npz").n > 500
    assert (tmp_path / "model.npz").is_file()


def _right(told: Iterable[tuple[str, list[str]]]) -> float:
    answers = [
        (category(text, beside_the_matter(text, place(text))), wanted) for text, wanted in told
    ]
    return sum(found is not None and found.value in wanted for found, wanted in answers) / len(
        answers
    )
