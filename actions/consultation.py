"""The turn of a citizen who wants to know something, or whom the classifier did not get.

An answer, one thing asked back, a few to choose from, or honestly nothing. A story that fits no
entry is a demand.
"""

from __future__ import annotations

from actions import answer, asking_back
from actions.complaint import take
from actions.drafting import remembered, value
from actions.knowledge import CannotSearch
from actions.library import Library
from actions.options import AGENT, COMPLAIN
from actions.protocol import Decision, Draft, Reply, Status, Turn

NOT_UNDERSTOOD = (
    "我没太明白您的意思。可以说具体一点，比如“社保卡丢了怎么补办”；也可以反映问题或者转人工。"
)

_STORY = 60  # from here on a message tells something, whatever else it does
_DEMANDS = frozenset({"complaint", "report", "help", "suggestion", "praise"})


def consult(intent: str, turn: Turn, library: Library) -> Decision:
    try:
        found = answer.find(turn, library)
    except CannotSearch:
        found = None
    if found and found.answer:
        return answer.answered(intent, turn, library, found.answer, found)
    said = remembered(turn, library) if turn.text.strip() else None
    if found is None:
        return _with_a_way_on(Status.ERROR_INDEX, intent, answer.CANNOT_SEARCH, said)
    if said and _is_a_demand(intent, turn, said):
        return take("complain" if intent == "ask" else intent, turn, library)
    if found.asked_back:
        return Decision(
            status=Status.ASK_BACK,
            intent=intent,
            replies=(asking_back.asked(found.asked_back),),
            draft=said,
            reason=found.reason,
        )
    if found.menu:
        return Decision(
            status=Status.MENU,
            intent=intent,
            replies=(answer.menu(found.menu),),
            draft=said,
            reason=found.reason,
        )
    if way := asking_back.value_named(turn):
        return answer.chosen_entry(way, turn, library)
    if intent == "ask":
        return _with_a_way_on(Status.NO_ARTICLE, intent, answer.NO_ARTICLE, said, found.reason)
    return _with_a_way_on(Status.NOT_UNDERSTOOD, intent, NOT_UNDERSTOOD, said, found.reason)


def _is_a_demand(intent: str, turn: Turn, said: Draft) -> bool:
    demands = value(said, "kind") in _DEMANDS
    if intent == "ask":
        return demands and len(turn.text) > _STORY
    return demands or len(turn.text) > _STORY


def _with_a_way_on(
    status: Status, intent: str, text: str, said: Draft | None, reason: str = ""
) -> Decision:
    reply = Reply(text=text, options=(COMPLAIN, AGENT))
    return Decision(status=status, intent=intent, replies=(reply,), draft=said, reason=reason)
