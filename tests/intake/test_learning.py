"""A city's own messages teach a model that is plain data and beats what is shipped."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from intake.complaint import read
from intake.evaluate import evaluate_triage
from intake.learned import Learned, Model, NotAModel, model_path
from intake.learning import TooLittle, learn

AT = datetime(2026, 3, 18, tzinfo=UTC)
_WATER = ("水管爆了", "停水两天", "水压太低", "自来水发黄", "下水道返水", "水表坏了")
_ROADS = ("路面有坑", "路灯不亮", "红绿灯坏了", "人行道塌陷", "护栏倒了", "斑马线看不清")
_PLACES = ("幸福家园", "育新小学门口", "车站东街", "清逸园", "北三路口")
SAMPLES = [
    (f"{place}{trouble}，请处理", label)
    for place in _PLACES
    for label, troubles in (("水务", _WATER), ("道路", _ROADS))
    for trouble in troubles
]


def test_a_model_is_learned_saved_and_answers_the_same(tmp_path: Path) -> None:
    model, figures = learn("category", SAMPLES, at=AT)
    assert figures.n == len(SAMPLES)
    assert figures.accuracy > 0.9
    model.save(model_path(tmp_path, "category"))
    loaded = Learned.load(tmp_path)
    found, again = model.read("我家水管爆了"), loaded.read("category", "我家水管爆了")
    assert found == again
    assert found is not None
    assert found.value == "水务"
    assert 0.5 < found.confidence < 1
    assert loaded.models["category"].learned_from == len(SAMPLES)
    assert loaded.models["category"].trained_at == AT


def test_three_labels_are_told_apart() -> None:
    more = [(f"{place}狗叫得厉害，请处理{i}", "养犬") for i in range(4) for place in _PLACES]
    model, _ = learn("category", [*SAMPLES, *more], at=AT)
    read_labels = [model.read(text) for text in ("停水两天了", "路灯不亮了", "狗叫个不停")]
    assert [found.value if found else "" for found in read_labels] == ["水务", "道路", "养犬"]


def test_what_a_city_has_learned_beats_what_is_shipped() -> None:
    model, _ = learn("category", SAMPLES, at=AT)
    learned = Learned(models={"category": model})
    reading = read("清逸园水管爆了没人管", AT, learned=learned)
    assert reading.category is not None
    assert reading.category.value == "水务"
    lines = [{"text": text, "category": label} for text, label in SAMPLES]
    assert evaluate_triage(lines, learned)["category"]["accuracy"] > 0.95


def test_segmented_and_written_copies_are_one_message() -> None:
    copies = [(" ".join(text), label) for text, label in SAMPLES]
    _, figures = learn("category", [*SAMPLES, *copies], at=AT)
    assert figures.n == len(SAMPLES)


def test_too_few_messages_teach_nothing() -> None:
    with pytest.raises(TooLittle):
        learn("kind", SAMPLES[:5], at=AT)
    with pytest.raises(TooLittle):
        learn("kind", [(text, "一样") for text, _ in SAMPLES], at=AT)


def test_a_text_without_anything_known_has_no_label() -> None:
    model, _ = learn("category", SAMPLES, at=AT)
    assert model.read("😀") is None
    assert model.read("") is None


def test_a_city_without_models_has_none(tmp_path: Path) -> None:
    assert Learned.load(tmp_path).read("kind", "停水了") is None


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = model_path(tmp_path, "kind")
    path.write_bytes(b"not a model")
    with pytest.raises(NotAModel):
        Model.load(path)
    np.savez(path, about=np.asarray([{"a": 1}], dtype=object))  # would need unpickling
    with pytest.raises(NotAModel):
        Model.load(path)
