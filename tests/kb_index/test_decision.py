from __future__ import annotations

from kb_index.decision import (
    Outcome,
    Reason,
    Stage,
    Verdict,
    ask_back,
    decide,
    decide_by_words,
    decide_others,
    decide_same,
)
from kb_index.ranking import Scale
from kb_index.relevance import WordScore
from kb_index.twins import Family

STAGE = Stage(Scale((), 0.0, 0.0), answer=0.6, offer=0.2)


def a_score(*, same: bool = False) -> WordScore:
    return WordScore(
        merged=0.5,
        single=0.5,
        best=0.5,
        answer=0.1,
        passage=0.0,
        overlap=0.5,
        named=0.5,
        covered=0.6,
        complete=0.5,
        same=same,
    )


def test_a_likely_article_answers() -> None:
    verdict = decide([0.1, 0.8, 0.05], Reason.BY_MEANING, STAGE)
    assert verdict.outcome is Outcome.ANSWERED
    assert verdict.reason is Reason.BY_MEANING
    assert verdict.chosen == (1,)


def test_two_that_fit_alike_are_offered_best_first() -> None:
    verdict = decide([0.30, 0.35, 0.001], Reason.BY_WORDS, STAGE)
    assert verdict.outcome is Outcome.MENU
    assert verdict.chosen == (1, 0)


def test_a_menu_has_three_at_most() -> None:
    assert len(decide([0.2, 0.2, 0.2, 0.2], Reason.BY_WORDS, STAGE).chosen) == 3


def test_nothing_likely_is_no_article() -> None:
    verdict = decide([0.05, 0.04, 0.01], Reason.BY_WORDS, STAGE)
    assert verdict.outcome is Outcome.NO_ARTICLE
    assert verdict.reason is Reason.NOTHING_CLOSE
    assert verdict.chosen == ()


def test_no_candidate_is_no_article() -> None:
    assert decide([], Reason.BY_WORDS, STAGE).reason is Reason.NOTHING_SHARED


def test_one_doubtful_article_is_no_menu() -> None:
    assert decide([0.4], Reason.BY_WORDS, STAGE).outcome is Outcome.NO_ARTICLE


def test_words_decide_only_without_doubt() -> None:
    assert decide_by_words([0.6, 0.2], 0.9) is None
    assert decide_by_words([], 0.9) is None
    verdict = decide_by_words([0.01, 0.95], 0.9)
    assert verdict is not None
    assert verdict.chosen == (1,)


def test_the_same_question_answers_unless_two_articles_ask_it() -> None:
    verdict = decide_same([a_score(), a_score(same=True)], None)
    assert verdict is not None
    assert verdict.reason is Reason.SAME_QUESTION
    assert verdict.chosen == (1,)
    same = a_score(same=True)
    assert decide_same([same, same], None) is None
    twins = Family("household", (0, 1), ("本市户籍", "外地户籍"))
    asked = decide_same([same, same], twins)
    assert asked is not None
    assert (asked.outcome, asked.chosen) == (Outcome.ASK_BACK, (0, 1))
    assert decide_same([same, same, same], twins) is None, "one is none of the twins"


MENU = Verdict(Outcome.MENU, Reason.SEVERAL_FIT, (1, 0))
TWINS = Family("household", (0, 1), ("本市户籍", "外地户籍"))


def test_one_thing_is_asked_back_when_it_tells_all_of_the_menu_apart() -> None:
    verdict = ask_back(MENU, TWINS, [0.2, 0.25, 0.01], STAGE)
    assert verdict.outcome is Outcome.ASK_BACK
    assert verdict.reason is Reason.ASK_HOUSEHOLD
    assert (verdict.chosen, verdict.family) == ((0, 1), TWINS)


def test_with_others_on_the_menu_twins_have_to_be_as_likely_as_an_answer() -> None:
    menu = Verdict(Outcome.MENU, Reason.SEVERAL_FIT, (1, 0, 2))
    assert ask_back(menu, TWINS, [0.25, 0.3, 0.2], STAGE) is menu
    assert ask_back(menu, TWINS, [0.3, 0.35, 0.05], STAGE).outcome is Outcome.ASK_BACK


def test_a_menu_without_twins_stays_one() -> None:
    assert ask_back(MENU, None, [0.3, 0.3], STAGE) is MENU


def test_what_else_may_be_meant_is_offered_and_never_answered() -> None:
    assert decide_others([0.7, 0.1, 0.001], STAGE).outcome is Outcome.MENU
    assert decide_others([0.7, 0.1, 0.001], STAGE).chosen == (0, 1)
    assert decide_others([0.9], STAGE).chosen == (0,)
    assert decide_others([0.05, 0.05], STAGE).outcome is Outcome.NO_ARTICLE
    assert decide_others([], STAGE).outcome is Outcome.NO_ARTICLE
