"""Intent and stage decide the action, the action decides the turn.

`act` is what Rasa's rules call by name; `decide` is the same for a turn without Rasa. The table is
also bot/data/rules.yml's, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from actions.case_status import asks_after_own, tell
from actions.choose import choose, chosen
from actions.complaint import take
from actions.consultation import consult
from actions.handover import hand_over, wait
from actions.library import Library
from actions.protocol import Decision, Stage, Turn
from actions.talk import not_understood, talk

Job = Callable[[str, Turn, Library], Decision]

ACTIONS: Mapping[str, Job] = {
    "action_answer": consult,
    "action_take_case": take,
    "action_hand_over": hand_over,
    "action_wait": wait,
    "action_case_status": tell,
    "action_talk": talk,
    "action_choose": choose,
    "action_not_understood": not_understood,
}

# Where 我反映的事怎么样了 lands when its words are taken for a question or a complaint.
_MAY_BE_OWN = frozenset({"action_answer", "action_take_case", "action_not_understood"})

INTENTS = (
    *("ask", "complain", "seek_help", "report", "suggest", "praise"),
    *("request_agent", "cancel_agent", "case_status"),
    *("greet", "thank", "goodbye", "small_talk"),
    *("affirm", "deny", "give_up", "inform", "choose", "nlu_fallback"),
)

_IDLE = {
    **dict.fromkeys(("ask", "inform", "nlu_fallback"), "action_answer"),
    **dict.fromkeys(("complain", "seek_help", "report", "suggest", "praise"), "action_take_case"),
    **dict.fromkeys(("request_agent", "cancel_agent"), "action_hand_over"),
    **dict.fromkeys(
        ("greet", "thank", "goodbye", "small_talk", "affirm", "deny", "give_up"), "action_talk"
    ),
    "case_status": "action_case_status",
    "choose": "action_choose",
}
_DIALOGUE = {
    **dict.fromkeys(INTENTS, "action_take_case"),
    "request_agent": "action_hand_over",
    "case_status": "action_case_status",
    "choose": "action_choose",
}
_QUEUE = {
    **dict.fromkeys(INTENTS, "action_wait"),
    **dict.fromkeys(("cancel_agent", "give_up"), "action_hand_over"),
    "choose": "action_choose",
}
RULES: Mapping[Stage, Mapping[str, str]] = {
    Stage.NONE: _IDLE,
    Stage.COLLECTING: _DIALOGUE,
    Stage.CONFIRMING: _DIALOGUE,
    Stage.QUEUEING: _QUEUE,
}


def act(action: str, intent: str, turn: Turn, library: Library) -> Decision:
    """One action's decision. An option that was taken beats whatever the words look like.

    Raises `KeyError` for an action that there is not.
    """
    job = ACTIONS[action]
    if chosen(turn):
        return choose(intent, turn, library)
    if action in _MAY_BE_OWN and turn.stage is Stage.NONE and asks_after_own(turn.text):
        return tell("case_status", turn, library)
    return job(intent, turn, library)


def decide(intent: str, turn: Turn, library: Library) -> Decision:
    """What the rules decide for this intent at this turn's stage."""
    return act(RULES[turn.stage].get(intent, "action_not_understood"), intent, turn, library)


def open_library(
    home: Path, elasticsearch_url: str = "", encoder: str = "", desk: str = ""
) -> Library:
    """The library of this process: see `actions.opening`."""
    from actions.opening import open_library as opened

    return opened(home, elasticsearch_url, encoder, desk)


__all__ = ["ACTIONS", "INTENTS", "RULES", "Library", "act", "decide", "open_library"]
