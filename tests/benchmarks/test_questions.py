from datetime import UTC, datetime
from itertools import islice

from benchmarks.questions import demo_articles, questions
from benchmarks.synthetic import synthetic_articles

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_no_question_comes_twice() -> None:
    asked = [one.text for one in islice(questions(demo_articles(), hotline="12345", now=NOW), 9000)]
    assert len(asked) == 9000
    assert len(set(asked)) == 9000


def test_a_question_is_about_an_entry_that_its_hotline_may_show() -> None:
    known = {one.external_id: one for one in demo_articles()}
    for question in islice(questions(list(known.values()), hotline="12345", now=NOW), 3000):
        article = known[question.entry]
        assert article.may_be_shown("12345", NOW)
        assert any(text.rstrip("？?。 ") in question.text for text in article.similar_questions)


def test_every_run_asks_the_same() -> None:
    articles = demo_articles()
    first = list(islice(questions(articles, hotline="12345", now=NOW), 500))
    assert first == list(islice(questions(articles, hotline="12345", now=NOW), 500))
    assert first != list(islice(questions(articles, hotline="12345", now=NOW, seed=1), 500))


def test_synthetic_entries_are_all_different() -> None:
    made = synthetic_articles(10_000)
    assert len({one.question for one in made}) == 10_000
    assert len({one.external_id for one in made}) == 10_000
