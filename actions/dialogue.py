"""The steps of taking a case: what is asked next, in which words, and how it ends."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from actions.correction import HOW_TO
from actions.drafting import Name, asked_for, lacking, pending, value, with_field
from actions.options import AGENT, COMPLAIN, CONFIRM, GIVE_UP, SKIP
from actions.protocol import (
    Decision,
    Draft,
    Effect,
    EffectKind,
    Field,
    Option,
    Reply,
    Stage,
    Status,
)
from actions.reading_back import read_back

QUESTIONS: dict[Name, str] = {
    "content": "您说，我来记：是什么事，在哪里，什么时候？想到什么就说什么。",
    "place": "记下了。这件事在哪里？说个大概的路名、小区或者附近的地方就行。",
    "time": "好的。大概是什么时候的事？",
}
FIRST_WORDS: dict[str, str] = {
    "praise": "太好了，我来转达：想表扬谁，为了什么事？",
    "suggestion": "您请说，是关于什么的建议？",
    "report": "您说，我来记，举报的内容会保密：是什么事，在哪里，什么时候？",
    "help": "您说，我来记：遇到了什么困难，在哪里？",
}
PLACE_OF: dict[str, str] = {
    "praise": "记下了。是哪个单位，或者在哪里的事？",
    "suggestion": "记下了。这条建议是说哪个地方的？",
}
WHAT = "记下了。那是什么事呢？说一下经过就行。"
STILL_TO_CONFIRM = "刚才的内容还等您看一下，没问题就点“没问题，提交”，要改就直接说。"
AGAIN = "接着刚才的："
GAVE_UP = "好的，不登记了，刚才说的不会保留。需要的时候随时再找我。"
OPENED = "已登记，编号 {number}。\n我们会交给承办单位处理；想知道办到哪一步，随时在这里发“查进度”。"
NOT_OPENED = "抱歉，刚才没有登记上。请再说一遍要反映的事，或者转人工。"


def next_step(intent: str, draft: Draft) -> Decision:
    """Ask for what is missing, or read back."""
    name = lacking(draft)
    if name is None:
        draft = replace(draft, stage=Stage.CONFIRMING)
        return Decision(
            status=Status.READ_BACK, intent=intent, replies=(read_back(draft),), draft=draft
        )
    draft = asked_for(replace(draft, stage=Stage.COLLECTING), name)
    return Decision(
        status=Status.ASKED, intent=intent, replies=(_question(draft, name),), draft=draft
    )


def pending_question(draft: Draft) -> Reply:
    """What the dialogue waits for, said again after something else."""
    if draft.stage is Stage.CONFIRMING:
        return Reply(text=STILL_TO_CONFIRM, options=(CONFIRM, GIVE_UP))
    question = _question(draft, pending(draft) or lacking(draft) or "content")
    text = question.text.removeprefix("记下了。").removeprefix("好的。")
    return Reply(text=f"{AGAIN}{text}", options=question.options)


def start_remembered(draft: Draft | None, *, has_phone: bool) -> Decision:
    """The citizen taps 反映问题: with what they asked before, when that says anything."""
    if draft is None or not value(draft, "content"):
        return next_step("complain", Draft(stage=Stage.COLLECTING, has_phone=has_phone))
    if value(draft, "kind") in ("", "consultation"):
        draft = with_field(draft, "kind", Field(value="complaint", confidence=0.5))
    return next_step("complain", replace(draft, stage=Stage.COLLECTING, asked=()))


def confirm(intent: str, draft: Draft) -> Decision:
    """Opens the case; only the router knows its number, and only after the commit."""
    return Decision(
        status=Status.CASE_OPENED,
        intent=intent,
        effects=(
            Effect(
                kind=EffectKind.OPEN_CASE,
                done=Reply(text=OPENED),
                failed=Reply(text=NOT_OPENED, options=(COMPLAIN, AGENT)),
                data={"draft": msgspec.to_builtins(draft)},
            ),
        ),
    )


def amend(intent: str, draft: Draft) -> Decision:
    reply = Reply(text=HOW_TO, options=(GIVE_UP,))
    return Decision(status=Status.ASKED, intent=intent, replies=(reply,), draft=draft)


def give_up(intent: str) -> Decision:
    return Decision(status=Status.GAVE_UP, intent=intent, replies=(Reply(text=GAVE_UP),))


def asked_again(intent: str, draft: Draft) -> Decision:
    """The message brought nothing; what is waited for is said once more."""
    status = Status.READ_BACK if draft.stage is Stage.CONFIRMING else Status.ASKED
    return Decision(status=status, intent=intent, replies=(pending_question(draft),), draft=draft)


def _question(draft: Draft, name: Name) -> Reply:
    kind = value(draft, "kind")
    text = QUESTIONS[name]
    if name == "content":
        told = value(draft, "place") or value(draft, "time")
        text = WHAT if told else FIRST_WORDS.get(kind, text)
    elif name == "place":
        text = PLACE_OF.get(kind, text)
    options: tuple[Option, ...] = (GIVE_UP,) if name == "content" else (SKIP, GIVE_UP)
    return Reply(text=text, options=options)
