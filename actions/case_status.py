"""How a citizen's cases stand, and the citizen's push for one that takes long.

The bot knows no citizen: the router fills in the cases of the one it talks to.
"""

from __future__ import annotations

import re

from actions.complaint import take
from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.library import Library
from actions.options import AGENT, COMPLAIN
from actions.protocol import Decision, Effect, EffectKind, Reply, Status, Turn

CASES = "您最近登记的：\n{cases}"
CHASED = "已替您催办，编号 {number}，承办单位会看到。"
NOTHING_TO_CHASE = "没有查到您还在办理的工单。之前用别的账号或电话登记的，可以转人工查。"

_CHASE = re.compile(r"催")
_NUMBER = re.compile(r"(?<!\d)20\d{10,13}(?!\d)")
_ABOUT_CASES = re.compile(r"工单|进度|进展|编号|催|结果|处理|办[到得理结]|单子|那个?件")
_BRIEF = 25


def tell(intent: str, turn: Turn, library: Library) -> Decision:
    dialogue = in_dialogue(turn.draft)
    if dialogue and len(turn.text) > _BRIEF and not _ABOUT_CASES.search(turn.text):
        return take("inform", turn, library)
    after = (pending_question(dialogue),) if dialogue else ()
    if _CHASE.search(turn.text):
        return _chase(intent, turn, after)
    options = () if dialogue else (COMPLAIN, AGENT)
    return Decision(
        status=Status.TOLD_STATE,
        intent=intent,
        replies=(Reply(text=CASES, options=options), *after),
        draft=turn.draft,
    )


def _chase(intent: str, turn: Turn, after: tuple[Reply, ...]) -> Decision:
    number = _NUMBER.search(turn.text)
    return Decision(
        status=Status.TOLD_STATE,
        intent=intent,
        replies=after,
        effects=(
            Effect(
                kind=EffectKind.CHASE,
                done=Reply(text=CHASED),
                failed=Reply(text=NOTHING_TO_CHASE, options=() if after else (AGENT,)),
                data={"number": number[0]} if number else {},
            ),
        ),
        draft=turn.draft,
    )
