"""Before a case is opened the citizen hears what is reported already, and chooses."""

import pytest

from actions.decide import decide
from actions.library import Library
from actions.like_cases import Asked, Repeat
from actions.protocol import EffectKind, Stage, Status
from tests.actions.a_talk import FakeKnowledge, FakeReader, Talk, options_of, text_of

STORY = "昨晚十一点六铺炕南小街工地还在打混凝土，我姓王"
REPEAT = Repeat(
    number="202611200007",
    accepted_on="2026-11-20",
    state="办理中",
    category="城市管理/施工扰民",
    people=3,
)


class KnownRepeats:
    def __init__(self, repeat: Repeat | None = REPEAT) -> None:
        self.repeat = repeat
        self.asked: list[Asked] = []

    def like(self, asked: Asked) -> Repeat | None:
        self.asked.append(asked)
        return self.repeat


@pytest.fixture
def repeats() -> KnownRepeats:
    return KnownRepeats()


@pytest.fixture
def talk(repeats: KnownRepeats) -> Talk:
    return Talk(Library(knowledge=FakeKnowledge(), reader=FakeReader(), repeats=repeats), decide)


def _offered(talk: Talk) -> None:
    talk("complain", STORY)
    talk("affirm", "没问题")


def test_what_is_reported_there_is_told_before_a_case_is_opened(
    talk: Talk, repeats: KnownRepeats
) -> None:
    talk("complain", STORY)
    assert repeats.asked == []
    decision = talk("affirm", "没问题")
    assert decision.effects == ()
    assert decision.draft
    assert decision.draft.stage is Stage.CONFIRMING
    text = text_of(decision)
    for words in ("11月20日", "施工扰民", "办理中", "共3人反映"):
        assert words in text
    assert REPEAT.number not in text  # another's number is nobody's business
    assert options_of(decision) == ["join", "open_anyway", "give_up"]
    (asked,) = repeats.asked
    assert asked.place == "六铺炕南小街"
    assert asked.text == STORY
    assert asked.on == "2026-11-24"


@pytest.mark.parametrize(
    ("intent", "said", "choice"),
    [
        ("", "", "join"),
        ("nlu_fallback", "加入已有诉求", ""),
        ("inform", "加入吧", ""),
        ("affirm", "是的", ""),
        ("inform", "就是这个事", ""),
        ("inform", "1", ""),
    ],
)
def test_who_says_that_it_is_the_same_joins(
    talk: Talk, intent: str, said: str, choice: str
) -> None:
    _offered(talk)
    decision = talk(intent, said, choice=choice)
    (effect,) = decision.effects
    assert decision.status is Status.CASE_JOINED
    assert effect.kind is EffectKind.JOIN_CASE
    assert effect.data["number"] == REPEAT.number
    assert effect.data["draft"]["fields"]["content"]["value"] == STORY
    assert "{number}" in effect.done.text
    assert "{number}" in effect.failed.text
    assert decision.draft is None


@pytest.mark.parametrize(
    ("intent", "said", "choice"),
    [
        ("", "", "open_anyway"),
        ("deny", "不是", ""),
        ("inform", "不是同一件事", ""),
        ("deny", "不一样，单独登记", ""),
        ("affirm", "仍然新登记", ""),
        ("inform", "2", ""),
    ],
)
def test_who_says_that_it_is_another_gets_a_case_of_their_own(
    talk: Talk, intent: str, said: str, choice: str
) -> None:
    _offered(talk)
    decision = talk(intent, said, choice=choice)
    assert [effect.kind for effect in decision.effects] == [EffectKind.OPEN_CASE]


def test_who_says_neither_is_asked_again(talk: Talk) -> None:
    _offered(talk)
    decision = talk("thank", "谢谢")
    assert decision.effects == ()
    assert options_of(decision) == ["join", "open_anyway", "give_up"]


def test_a_correction_is_read_back_and_looked_up_anew(talk: Talk, repeats: KnownRepeats) -> None:
    _offered(talk)
    decision = talk("inform", "地点改成建设路30号")
    assert decision.status is Status.READ_BACK
    talk("affirm", "没问题")
    assert [asked.place for asked in repeats.asked] == ["六铺炕南小街", "建设路30号"]


def test_their_own_case_is_told_with_its_number(talk: Talk, repeats: KnownRepeats) -> None:
    repeats.repeat = Repeat(
        number="202611200007", accepted_on="2026-11-20", state="办理中", is_own=True
    )
    _offered(talk)
    assert "202611200007" in text_of(talk.said[-1])
    assert "您11月20日已经反映过" in text_of(talk.said[-1])


def test_with_nothing_like_it_the_case_is_opened_at_once(talk: Talk, repeats: KnownRepeats) -> None:
    repeats.repeat = None
    talk("complain", STORY)
    decision = talk("", choice="confirm")
    assert [effect.kind for effect in decision.effects] == [EffectKind.OPEN_CASE]


@pytest.mark.parametrize("intent", ["report", "praise", "suggest"])
def test_confidential_reports_praise_and_advice_are_compared_with_nothing(
    talk: Talk, repeats: KnownRepeats, intent: str
) -> None:
    talk(intent, "楼上六铺炕南小街的事，昨晚十一点")
    talk("affirm", "对")
    assert repeats.asked == []


def test_a_tap_on_join_that_was_never_offered_joins_nothing(talk: Talk) -> None:
    talk("complain", STORY)
    assert talk("", choice="join").effects == ()


def test_giving_up_is_possible_there_too(talk: Talk) -> None:
    _offered(talk)
    assert talk("give_up", "算了不登记了").status is Status.GAVE_UP
