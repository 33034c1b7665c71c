"""Talk that wants nothing done: greeting, thanks, chat; and saying that nothing was understood."""

from __future__ import annotations

import re

from actions import answer
from actions.consultation import NOT_UNDERSTOOD
from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.library import Library
from actions.options import AGENT, COMPLAIN, NONE, STATUS
from actions.protocol import Decision, Reply, Status, Turn

GREETING = (
    "您好，我是政务热线的智能助手。办事政策可以直接问我；"
    "有问题要反映、查办理进度，或者想找人工，点下面就行。"
)
THANKED = "不客气，能帮上您就好。"
GOODBYE = "好的，再见。有事随时找我。"
WHO_I_AM = (
    "我是智能助手，不是真人。能回答办事政策、登记您反映的问题、查办理进度；要找真人随时说“转人工”。"
)
CHAT = "这个我不太会聊。我能回答办事政策、登记您反映的问题、查办理进度，您看需要哪样？"
YES = "好的。您还想问什么，或者要反映什么，直接说就行。"
NO = "好的。那您是想问什么，或者要反映什么？也可以转人工。"
NOTHING_TO_DROP = "好的，没有登记任何内容。需要的时候随时再找我。"

_WHO = re.compile(r"你(?:们)?(?:是|叫|会|能|有什么|多大|几岁)|机器人|真人|什么功能")
_WAYS = (COMPLAIN, STATUS, AGENT)


def talk(intent: str, turn: Turn, _library: Library) -> Decision:
    if intent == "deny" and NONE in turn.offered:
        return answer.none_of_them(intent, turn)
    return Decision(
        status=Status.SMALL_TALK, intent=intent, replies=(_reply(intent, turn),), draft=turn.draft
    )


def greeting(intent: str, turn: Turn) -> Decision:
    """A first visit; in the middle of a complaint it goes on with that."""
    dialogue = in_dialogue(turn.draft)
    reply = pending_question(dialogue) if dialogue else Reply(text=GREETING, options=_WAYS)
    return Decision(status=Status.SMALL_TALK, intent=intent, replies=(reply,), draft=dialogue)


def not_understood(intent: str, turn: Turn, _library: Library) -> Decision:
    """Honest, with what can be done; options that were offered are offered again."""
    reply = Reply(text=NOT_UNDERSTOOD, options=turn.offered or (COMPLAIN, AGENT))
    return Decision(status=Status.NOT_UNDERSTOOD, intent=intent, replies=(reply,), draft=turn.draft)


def _reply(intent: str, turn: Turn) -> Reply:
    if intent == "small_talk":
        return Reply(text=WHO_I_AM if _WHO.search(turn.text) else CHAT, options=_WAYS)
    texts = {
        "thank": THANKED,
        "goodbye": GOODBYE,
        "affirm": YES,
        "deny": NO,
        "give_up": NOTHING_TO_DROP,
    }
    if intent in texts:
        return Reply(text=texts[intent], options=(AGENT,) if intent == "deny" else ())
    return Reply(text=GREETING, options=_WAYS)
