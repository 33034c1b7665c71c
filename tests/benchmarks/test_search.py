from pathlib import Path

import pytest

from benchmarks.questions import demo_articles
from benchmarks.search import FOLDS, quality, without_fold


def test_each_similar_question_is_left_out_once_and_only_where_it_is_asked() -> None:
    articles = demo_articles()
    asked: list[str] = []
    for fold in range(FOLDS):
        kept, lines = without_fold(articles, fold)
        held = {one.external_id: set(one.similar_questions) for one in kept}
        for line in lines:
            assert line["query"] not in held[line["entries"][0]]
        asked += [line["query"] for line in lines]
    assert sorted(asked) == sorted(text for one in articles for text in one.similar_questions)


@pytest.mark.timeout(300)
def test_quality_is_a_share_of_what_was_asked(tmp_path: Path) -> None:
    found = quality(demo_articles()[:20], None, tmp_path)
    assert found["n"] > 100
    assert 0.0 < found["recall_at_1"] <= found["recall_at_3"] <= 1.0
