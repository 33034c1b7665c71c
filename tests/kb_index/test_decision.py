from __future__ import annotations

import pytest

from kb_index.decision import (
    BY_WORDS,
    Outcome,
    Reason,
    decide,
    decide_by_words,
    decide_same,
    probabilities,
)
from kb_index.relevance import WordScore


def a_score(*, same: bool = False) -> WordScore:
    return WordScore(merged=0.5, single=0.5, answer=0.1, overlap=0.5, same=same)


def test_a_likely_article_answers() -> None:
    verdict = decide([0.1, 0.8, 0.05], Reason.BY_MEANING)
    assert verdict.outcome is Outcome.ANSWERED
    assert verdict.reason is Reason.BY_MEANING
    assert verdict.chosen == (1,)


def test_two_that_fit_alike_are_offered_best_first() -> None:
    verdict = decide([0.30, 0.35, 0.001], Reason.BY_WORDS)
    assert verdict.outcome is Outcome.MENU
    assert verdict.chosen == (1, 0)


def test_a_menu_has_three_at_most() -> None:
    assert len(decide([0.2, 0.2, 0.2, 0.2], Reason.BY_WORDS).chosen) == 3


def test_nothing_likely_is_no_article() -> None:
    verdict = decide([0.05, 0.04, 0.01], Reason.BY_WORDS)
    assert verdict.outcome is Outcome.NO_ARTICLE
    assert verdict.reason is Reason.NOTHING_CLOSE
    assert verdict.chosen == ()


def test_no_candidate_is_no_article() -> None:
    assert decide([], Reason.BY_WORDS).reason is Reason.NOTHING_SHARED


def test_one_doubtful_article_is_no_menu() -> None:
    assert decide([0.4], Reason.BY_WORDS).outcome is Outcome.NO_ARTICLE


def test_words_decide_only_without_doubt() -> None:
    assert decide_by_words([0.6, 0.2]) is None
    assert decide_by_words([]) is None
    verdict = decide_by_words([0.01, 0.95])
    assert verdict is not None
    assert verdict.chosen == (1,)


def test_the_same_question_answers_unless_two_articles_ask_it() -> None:
    verdict = decide_same([a_score(), a_score(same=True)])
    assert verdict is not None
    assert verdict.reason is Reason.SAME_QUESTION
    assert verdict.chosen == (1,)
    assert decide_same([a_score(same=True), a_score(same=True)]) is None


def test_probabilities_leave_room_for_none_of_them() -> None:
    chances = probabilities([0.5, 0.4], BY_WORDS, 20)
    assert chances[0] > chances[1]
    assert sum(chances) < 1


def test_the_same_fit_means_less_among_more_questions() -> None:
    assert probabilities([1.0], BY_WORDS, 20)[0] > probabilities([1.0], BY_WORDS, 10_000)[0]


def test_far_apart_relevances_do_not_overflow() -> None:
    assert probabilities([1_000.0, -1_000.0], BY_WORDS, 1) == pytest.approx([1.0, 0.0])
