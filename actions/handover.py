"""A person instead of the bot: asked for, waited for, not wanted any more.

Whether somebody is on shift only the desk knows, so what is said hangs on what the desk did.
"""

from __future__ import annotations

import re

from actions.complaint import take
from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.library import Library
from actions.options import AGENT, CANCEL_AGENT, COMPLAIN, STATUS
from actions.protocol import Decision, Effect, EffectKind, Reply, Status, Turn

HANDED_OVER = "已为您转接人工，您排在第 {position} 位。轮到时坐席会在这里回复您，请留意。"
# The talk waits in the queue all the same, where the bot tells no more than the place.
NOBODY = (
    "现在没有坐席值班。{next_shift}您已排上队，坐席上班后会看到您说的话。想接着问我，点“不等了”。"
)
NOBODY_DRAFT = (
    "现在没有坐席值班。{next_shift}您已排上队，刚才说的都在，坐席上班后会看到。"
    "想现在就接着登记，点“不等了”。"
)
WAITING = (
    "{shift}您排在第 {position} 位，坐席接入后会在这里和您说。等待时我先不回答别的，以免打断。"
)
CANCELLED = "好的，不排队了。有什么可以接着问我。"
CANCELLED_DRAFT = "好的，不排队了。"
NOT_CANCELLED = "坐席已经接入，请直接和坐席说。"
NOT_WAITING = "现在没有在排队。有什么可以帮您？"

_PERSON = re.compile(
    r"转人工|人工(?:客服|服务|坐席)|(?:要|找|接|换)(?:个|一个|下)?(?:人工|真人|客服|人$)|真人|接线员|坐席"
)
_BRIEF = 20


def hand_over(intent: str, turn: Turn, library: Library) -> Decision:
    """Ask for a person, or take that back."""
    if turn.waiting:
        return (
            cancel(intent, turn)
            if intent in ("cancel_agent", "give_up")
            else wait(intent, turn, library)
        )
    dialogue = in_dialogue(turn.draft)
    if intent == "cancel_agent":
        return not_waiting(intent, turn)
    if dialogue and len(turn.text) > _BRIEF and not _PERSON.search(turn.text):
        return take("inform", turn, library)  # a story that only mentions a person
    return request(intent, turn)


def request(intent: str, turn: Turn) -> Decision:
    """The draft stays: a complaint can go on, and the agent sees it."""
    dialogue = in_dialogue(turn.draft)
    failed = Reply(text=NOBODY_DRAFT if dialogue else NOBODY, options=(CANCEL_AGENT,))
    return Decision(
        status=Status.HANDED_OVER,
        intent=intent,
        effects=(
            Effect(
                kind=EffectKind.REQUEST_AGENT,
                done=Reply(text=HANDED_OVER, options=(CANCEL_AGENT,)),
                failed=failed,
            ),
        ),
        draft=dialogue,
    )


def wait(intent: str, turn: Turn, _library: Library) -> Decision:
    """While a citizen waits, only their place is told."""
    return Decision(
        status=Status.HANDED_OVER,
        intent=intent,
        replies=(Reply(text=WAITING, options=(CANCEL_AGENT,)),),
        draft=turn.draft,
    )


def cancel(intent: str, turn: Turn) -> Decision:
    dialogue = in_dialogue(turn.draft)
    done = Reply(text=CANCELLED, options=(COMPLAIN, STATUS))
    if dialogue:
        pending = pending_question(dialogue)
        done = Reply(text=f"{CANCELLED_DRAFT}\n{pending.text}", options=pending.options)
    return Decision(
        status=Status.SMALL_TALK,
        intent=intent,
        effects=(
            Effect(kind=EffectKind.CANCEL_AGENT, done=done, failed=Reply(text=NOT_CANCELLED)),
        ),
        draft=dialogue,
    )


def not_waiting(intent: str, turn: Turn) -> Decision:
    dialogue = in_dialogue(turn.draft)
    replies: tuple[Reply, ...] = (Reply(text=NOT_WAITING, options=(COMPLAIN, STATUS, AGENT)),)
    if dialogue:
        replies = (pending_question(dialogue),)
    return Decision(status=Status.SMALL_TALK, intent=intent, replies=replies, draft=dialogue)
