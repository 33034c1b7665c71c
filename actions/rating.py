"""Was the answer of use? Asked under a real answer, with one tap.

Never in the middle of a complaint, and not again when the answer just before was the same.
"""

from __future__ import annotations

from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.options import AGENT, CANCEL_AGENT, COMPLAIN, UNSOLVED, USEFUL, of_rating
from actions.protocol import Decision, Effect, EffectKind, Option, Reply, Status, Turn

THANKS = "谢谢您的反馈。"
SORRY = "抱歉没帮上您，已经记下了。可以转人工，或者把问题反映上来。"
SORRY_IN_PASSING = "抱歉没帮上您，已经记下了。"
GONE = "这条回答已经找不到了，没能记下您的评价。"


def asked_of(entry: str, turn: Turn) -> tuple[Option, ...]:
    """有用 / 没解决 under this entry's answer, or nothing where it would be in the way."""
    if turn.waiting or in_dialogue(turn.draft):
        return ()
    useful, unsolved = of_rating(entry)
    return () if useful in turn.offered else (useful, unsolved)


def is_rating(choice: str) -> bool:
    return choice.startswith((USEFUL, UNSOLVED))


def rate(choice: str, turn: Turn) -> Decision:
    """Stored with the answer that was judged; what was under way goes on."""
    is_useful = choice.startswith(USEFUL)
    effect = Effect(
        kind=EffectKind.RATE,
        done=_said(is_useful, turn),
        failed=_going_on(GONE, turn),
        data={"entry": choice.partition(":")[2], "useful": is_useful},
    )
    return Decision(status=Status.RATED, intent="choose", effects=(effect,), draft=turn.draft)


def _said(is_useful: bool, turn: Turn) -> Reply:
    if is_useful:
        return _going_on(THANKS, turn)
    if turn.waiting or in_dialogue(turn.draft):
        return _going_on(SORRY_IN_PASSING, turn)
    return Reply(text=SORRY, options=(AGENT, COMPLAIN))


def _going_on(text: str, turn: Turn) -> Reply:
    """The words, and then what the citizen was in the middle of."""
    if turn.waiting:
        return Reply(text=text, options=(CANCEL_AGENT,))
    dialogue = in_dialogue(turn.draft)
    if dialogue is None:
        return Reply(text=text)
    pending = pending_question(dialogue)
    return Reply(text=f"{text}\n{pending.text}", options=pending.options)
