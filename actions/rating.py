"""Was the answer of use? Asked under a real answer, with one tap.

Never in the middle of a complaint, and not again when the answer just before was the same.
"""

from __future__ import annotations

from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.library import Library
from actions.options import CANCEL_AGENT, UNSOLVED, USEFUL, of_rating
from actions.protocol import Decision, Effect, EffectKind, Option, Reply, Status, Turn
from actions.unsolved import kept, way_on

THANKS = "谢谢您的反馈。"
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


def is_unsolved(choice: str) -> bool:
    return choice.startswith(UNSOLVED)


def rate(choice: str, turn: Turn, library: Library) -> Decision:
    """Stored with the answer that was judged; what was under way goes on."""
    draft = turn.draft
    if not is_unsolved(choice):
        done = _going_on(THANKS, turn)
    elif turn.waiting or in_dialogue(turn.draft):
        done = _going_on(SORRY_IN_PASSING, turn)
    else:
        done, draft = way_on(choice, turn, library), kept(turn, library)
    effect = Effect(
        kind=EffectKind.RATE,
        done=done,
        failed=_going_on(GONE, turn),
        data={"entry": choice.partition(":")[2], "useful": not is_unsolved(choice)},
    )
    return Decision(status=Status.RATED, intent="choose", effects=(effect,), draft=draft)


def _going_on(text: str, turn: Turn) -> Reply:
    """The words, and then what the citizen was in the middle of."""
    if turn.waiting:
        return Reply(text=text, options=(CANCEL_AGENT,))
    dialogue = in_dialogue(turn.draft)
    if dialogue is None:
        return Reply(text=text)
    pending = pending_question(dialogue)
    return Reply(text=f"{text}\n{pending.text}", options=pending.options)
