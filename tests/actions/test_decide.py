"""Every intent at every stage: something is said, and nothing is claimed that has not happened."""

import re
from pathlib import Path

import pytest

from actions.decide import ACTIONS, INTENTS, RULES, act, decide
from actions.library import Library
from actions.protocol import Decision, Draft, EffectKind, Field, Stage, Turn
from intake.intent import INTENTS as INTENTS_WITHOUT_RASA
from tests.actions.a_talk import NOON, text_of

ROOT = Path(__file__).resolve().parents[2]
DRAFT = Draft(
    stage=Stage.COLLECTING,
    fields={"content": Field(value="楼下路灯坏了", confidence=1.0)},
    asked=("place",),
)
DRAFTS = {
    Stage.NONE: None,
    Stage.COLLECTING: DRAFT,
    Stage.CONFIRMING: Draft(stage=Stage.CONFIRMING, fields=DRAFT.fields, asked=("place", "time")),
    Stage.QUEUEING: DRAFT,
}
TEXTS = (
    "",
    "你好",
    "社保卡丢了怎么补？",
    "楼下路灯坏了三天了，一到晚上什么都看不见",
    "/restart",
    "😀",
)
# What only an effect may say, once it has happened.
CLAIMS = re.compile(r"已登记|已为您转接|已替您催办|不排队了")


def a_turn(stage: Stage, text: str = "", choice: str = "") -> Turn:
    return Turn(
        id="m1",
        text=text,
        hotline="12341",
        channel="webchat",
        now=NOON,
        choice=choice,
        draft=DRAFTS[stage],
        waiting=stage is Stage.QUEUEING,
    )


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("intent", INTENTS)
def test_something_is_said_to_every_intent_at_every_stage(
    stage: Stage, intent: str, library: Library
) -> None:
    for text in TEXTS:
        decision = decide(intent, a_turn(stage, text), library)
        assert text_of(decision).strip()
        _claims_nothing(decision)
        if decision.draft is None and stage in (Stage.COLLECTING, Stage.CONFIRMING):
            ended = {effect.kind for effect in decision.effects} == {EffectKind.OPEN_CASE}
            assert ended or intent == "give_up", "the draft was lost"


def _claims_nothing(decision: Decision) -> None:
    for reply in (*decision.replies, *(effect.failed for effect in decision.effects)):
        assert not CLAIMS.search(reply.text)
        assert "{number}" not in reply.text


@pytest.mark.parametrize("stage", list(Stage))
def test_an_unknown_intent_is_not_understood(stage: Stage, library: Library) -> None:
    assert text_of(decide("invented", a_turn(stage, "嗯"), library))


def test_the_rules_without_rasa_cover_what_intake_reads() -> None:
    assert set(INTENTS_WITHOUT_RASA) <= set(INTENTS)


def test_each_rule_names_an_action_that_there_is() -> None:
    for rules in RULES.values():
        assert set(rules) == set(INTENTS)
        assert set(rules.values()) <= set(ACTIONS)


def test_rasa_calls_an_action_by_name_with_the_same_result(library: Library) -> None:
    turn = a_turn(Stage.NONE, "社保卡丢了怎么补？")
    assert act("action_answer", "ask", turn, library) == decide("ask", turn, library)


def test_a_tap_beats_what_the_words_look_like(library: Library) -> None:
    turn = a_turn(Stage.NONE, "我要投诉", choice="entry:card")
    assert decide("complain", turn, library).replies[0].entry == "card"


def test_rasas_rules_say_the_same_as_these() -> None:
    assert _rasas_rules() == {stage: dict(rules) for stage, rules in RULES.items()}


def test_rasas_domain_has_these_actions_and_intents() -> None:
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    actions = re.findall(r"^  - (action_\w+)$", domain, re.MULTILINE)
    intents = re.findall(r"^  - (\w+): \{use_entities", domain, re.MULTILINE)
    assert set(actions) == set(ACTIONS)
    assert set(intents) == set(INTENTS)


def _rasas_rules() -> dict[Stage, dict[str, str]]:
    """bot/data/rules.yml, read as far as these rules go."""
    text = (ROOT / "bot" / "data" / "rules.yml").read_text(encoding="utf-8")
    shared = re.search(r"or: &belongs_to_the_case\n(.*?)      - action", text, re.DOTALL)
    assert shared
    text = text.replace("*belongs_to_the_case", shared[1])
    rules: dict[Stage, dict[str, str]] = {stage: {} for stage in Stage}
    for rule in text.split("  - rule: ")[1:]:
        stage = re.search(r"stage: (\w+)\]", rule)
        actions = re.findall(r"- action: (\w+)", rule)
        assert stage
        assert len(actions) == 1, "a turn ends in exactly one action"
        for intent in re.findall(r"intent: (\w+)", rule):
            assert intent not in rules[Stage(stage[1])], "two rules for one intent and stage"
            rules[Stage(stage[1])][intent] = actions[0]
    return rules
