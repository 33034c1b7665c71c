import pytest

from desk.quality.judging import Change, Told, Verdict, compare, is_worse, judge, needs_a_look

ONE = Told("answered", ("A",))
OTHER = Told("answered", ("B",))
MENU = Told("menu", ("B", "A"))
NOTHING = Told("no_article", ())


@pytest.mark.parametrize(
    ("told", "expected", "verdict"),
    [
        (ONE, "A", Verdict.RIGHT),
        (OTHER, "A", Verdict.WRONG),
        (MENU, "A", Verdict.OFFERED),
        (MENU, "C", Verdict.WRONG_MENU),
        (NOTHING, "A", Verdict.MISSED),
        (NOTHING, "", Verdict.RIGHT),
        (ONE, "", Verdict.WRONG),
        (MENU, "", Verdict.WRONG_MENU),
    ],
)
def test_an_answer_is_judged_by_what_has_to_come(
    told: Told, expected: str, verdict: Verdict
) -> None:
    assert judge(told, expected) is verdict


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        (ONE, None, Change.FIRST),
        (ONE, ONE, Change.SAME),
        (MENU, Told("menu", ("A", "B")), Change.SAME),
        (ONE, OTHER, Change.OTHER),
        (MENU, ONE, Change.OTHER),
        (NOTHING, ONE, Change.LOST),
        (ONE, NOTHING, Change.FOUND),
        (NOTHING, NOTHING, Change.SAME),
    ],
)
def test_what_changed_is_told_by_what_the_citizen_sees(
    now: Told, before: Told | None, change: Change
) -> None:
    assert compare(now, before) is change


def test_a_wrong_answer_is_worse_than_none() -> None:
    assert is_worse(Verdict.WRONG, Verdict.MISSED)
    assert is_worse(Verdict.OFFERED, Verdict.RIGHT)
    assert not is_worse(Verdict.MISSED, Verdict.WRONG_MENU)
    assert not is_worse(Verdict.WRONG, None)


def test_a_guarded_question_has_to_be_right_the_others_must_not_get_worse() -> None:
    assert needs_a_look(Verdict.OFFERED, Verdict.OFFERED, guarded=True)
    assert not needs_a_look(Verdict.OFFERED, Verdict.OFFERED, guarded=False)
    assert needs_a_look(Verdict.OFFERED, Verdict.RIGHT, guarded=False)
    assert not needs_a_look(Verdict.RIGHT, None, guarded=True)
