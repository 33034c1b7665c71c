"""Takes a complaint: everything the first message says, one question for what is missing, a
read-back, and the case only after a yes.

Praise, suggestions, reports and calls for help go the same way with their own kind.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from actions import answer, correction, repeats
from actions.dialogue import amend, asked_again, confirm, give_up, next_step, pending_question
from actions.drafting import (
    Name,
    all_of_it,
    asked_once_more,
    beside_the_fields,
    filled,
    has_phone,
    in_dialogue,
    pending,
    remembered,
    said_in,
    told_more,
    value,
    with_field,
    with_kind,
    with_phone,
    without_contact,
)
from actions.library import Library
from actions.protocol import Decision, Draft, Field, Reply, Stage, Status, Turn
from actions.reading_back import is_moment
from actions.wording import (
    asks,
    bare_kind,
    declines_name,
    declines_phone,
    demands,
    is_bare,
    is_phone,
    is_rude,
    is_shrug,
    may_be_a_place,
    tells_a_time,
    tells_nothing,
    wishes,
)

NOT_KNOWN = "这个我这里没有查到，不敢乱说。登记好以后可以再问我，也可以转人工。"

KIND_OF_INTENT = {
    "complain": "complaint",
    "seek_help": "help",
    "report": "report",
    "suggest": "suggestion",
    "praise": "praise",
}
_TALK = frozenset({"greet", "thank", "goodbye", "small_talk", "affirm", "deny", "cancel_agent"})
_UNSURE = frozenset({"inform", "nlu_fallback", "small_talk", "complain", "case_status"})
_OF_THE_STORY = ("kind", "category", "department")  # what a short answer must not change
_BRIEF = 12
_FILLER = 3  # 在, 是, 我姓
_HALF_SENTENCE = 20  # as entries are asked by: 路灯不亮
_QUESTION = 60  # what is longer tells something, whatever it ends with


def take(intent: str, turn: Turn, library: Library) -> Decision:
    """One turn of the dialogue, from any stage."""
    draft = in_dialogue(turn.draft)
    if draft is None:
        return _start(intent, turn, library)
    if intent == "give_up" and len(turn.text) <= 2 * _BRIEF:
        return give_up(intent)
    if _may_ask(intent, turn, draft) and (
        answered := _answered_between(intent, turn, draft, library)
    ):
        return answered
    if draft.stage is Stage.CONFIRMING:
        return _confirming(intent, turn, draft, library)
    return _collecting(intent, turn, draft, library)


def _may_ask(intent: str, turn: Turn, draft: Draft) -> bool:
    """A question is one whatever the classifier says, unless a correction may be worded as one."""
    return intent == "ask" or (
        draft.stage is Stage.COLLECTING
        and pending(draft) != "content"
        and intent in _UNSURE
        and asks(turn.text)
    )


def _start(intent: str, turn: Turn, library: Library) -> Decision:
    if is_bare(turn.text):
        return _start_empty(intent, turn)
    answered = _answered_first(intent, turn, library)
    if answered is not None:
        return answered
    draft = replace(remembered(turn, library), stage=Stage.COLLECTING)
    kind = KIND_OF_INTENT.get(intent, "complaint")
    return next_step(intent, with_kind(_without_consultation(draft), kind))


def _answered_first(intent: str, turn: Turn, library: Library) -> Decision | None:
    """A demand that is worded as a question, or as an entry is: an answer may be all they want."""
    if len(turn.text) <= _QUESTION and (asks(turn.text) or wishes(turn.text)):
        return answer.if_known(intent, turn, library)
    if len(turn.text) <= _HALF_SENTENCE and not demands(turn.text):
        return answer.if_known(intent, turn, library, only_exact=True)
    return None


def _start_empty(intent: str, turn: Turn) -> Decision:
    """Nothing is told yet, but perhaps what kind of thing it will be."""
    kind = bare_kind(turn.text) or KIND_OF_INTENT.get(intent, "")
    draft = Draft(stage=Stage.COLLECTING, has_phone=has_phone(turn))
    named = kind and (kind != "complaint" or demands(turn.text))
    return next_step(intent, with_kind(draft, kind) if named else draft)


def _without_consultation(draft: Draft) -> Draft:
    """A demand is no consultation, whatever question stands in it."""
    if value(draft, "kind") != "consultation":
        return draft
    return replace(draft, fields={k: v for k, v in draft.fields.items() if k != "kind"})


def _answered_between(intent: str, turn: Turn, draft: Draft, library: Library) -> Decision | None:
    """A question in the middle is answered, and the dialogue goes on where it was."""
    if len(turn.text) > _QUESTION or not asks(turn.text):
        return None
    said = said_in(turn, library)
    asked = pending(draft)
    kind = said.get("kind")
    if asked == "content" and kind is not None and kind.value != "consultation":
        return None  # the problem itself, told as a question
    if asked is not None and asked in said:
        return None
    known = answer.texts_of(turn, library)
    if known is None and asked == "content":
        return None
    return Decision(
        status=Status.ANSWERED if known else Status.NO_ARTICLE,
        intent=intent,
        replies=(*(known or (Reply(text=NOT_KNOWN),)), pending_question(draft)),
        draft=draft,
    )


def _collecting(intent: str, turn: Turn, draft: Draft, library: Library) -> Decision:
    asked = pending(draft)
    if is_shrug(turn.text) or (intent == "deny" and asked != "content" and len(turn.text) <= 4):
        return next_step(intent, draft)
    if is_phone(turn.text):
        return asked_again(intent, with_phone(draft))
    if declines_phone(turn.text) or declines_name(turn.text):
        return asked_again(intent, without_contact(draft, name=declines_name(turn.text)))
    said = said_in(turn, library)
    only_talk = intent in _TALK and len(turn.text) <= _BRIEF and not set(said) - {"kind"}
    if only_talk or is_bare(turn.text):
        return asked_again(intent, draft)
    if asked and asked not in said and _is_only_an_answer(turn, said):
        return _asked_on(intent, filled(draft, said), asked)  # an answer to something else
    if asked == "content":
        return next_step(intent, _with_content(turn, draft, said))
    answered = _with_an_answer(turn, draft, asked, said)
    if asked and answered == draft and (again := asked_once_more(draft, asked)):
        return asked_again(intent, again)  # neither an answer nor anything else
    return next_step(intent, answered)


def _asked_on(intent: str, draft: Draft, asked: Name) -> Decision:
    """What was asked is still open."""
    return next_step(intent, draft) if asked == "content" else asked_again(intent, draft)


def _is_only_an_answer(turn: Turn, said: Mapping[Name, Field]) -> bool:
    told = {name for name in said if name in ("place", "time", "name")}
    return bool(told) and told == set(said) and beside_the_fields(turn, said) <= _FILLER


def _with_content(turn: Turn, draft: Draft, said: Mapping[Name, Field]) -> Draft:
    """What happened, with all else that the same message says."""
    draft = with_field(draft, "content", all_of_it(turn, turn.text.strip()))
    draft = _without_consultation(filled(draft, said))
    return with_kind(draft, "complaint")


def _with_an_answer(
    turn: Turn, draft: Draft, asked: Name | None, said: Mapping[Name, Field]
) -> Draft:
    """The answer to what was asked, or whatever else the message tells."""
    text = turn.text.strip()
    told = {name: field for name, field in said.items() if name not in _OF_THE_STORY}
    draft = filled(draft, told)
    if asked == "time" and _may_be(asked, text) and not is_moment(value(draft, "time")):
        return with_field(draft, "time", all_of_it(turn, text, confidence=0.6))  # 每天早上六点多
    if asked and not value(draft, asked) and _may_be(asked, text):
        return with_field(draft, asked, all_of_it(turn, text, confidence=0.5))
    if beside_the_fields(turn, told) > _BRIEF and not tells_nothing(text):
        return filled(told_more(draft, turn), said)
    return draft


def _may_be(asked: Name, text: str) -> bool:
    """Whether words that were not read can stand as the answer to what was asked."""
    if asked == "time":
        return len(text) <= 25 and tells_a_time(text) and not asks(text) and not is_rude(text)
    return may_be_a_place(text)


def submit(intent: str, turn: Turn, draft: Draft, library: Library) -> Decision:
    """Open the case; when the same is reported already, ask first."""
    found = repeats.look_up(turn, draft, library.repeats)
    return repeats.offer(intent, draft, found) if found else confirm(intent, draft)


def _about_the_repeat(intent: str, turn: Turn, draft: Draft) -> Decision | None:
    """The answer to "is it the same?"; None when the message is about something else."""
    if len(turn.text) > _HALF_SENTENCE:
        return None
    if repeats.says_other(intent, turn.text):
        return confirm(intent, replace(draft, repeat=""))
    if repeats.says_same(intent, turn.text):
        return repeats.join(intent, draft)
    if intent in _TALK or tells_nothing(turn.text) or is_shrug(turn.text):
        return repeats.ask_again(intent, draft)
    return None


def _confirming(intent: str, turn: Turn, draft: Draft, library: Library) -> Decision:
    if repeats.is_offered(draft) and (answered := _about_the_repeat(intent, turn, draft)):
        return answered
    if intent == "affirm" and len(turn.text) <= _BRIEF:
        return submit(intent, turn, draft, library)
    if is_phone(turn.text):
        return next_step(intent, with_phone(draft))
    if declines_phone(turn.text) or declines_name(turn.text):
        return next_step(intent, without_contact(draft, name=declines_name(turn.text)))
    corrected = correction.corrected(draft, turn, library)
    if corrected is not None:
        return next_step(intent, replace(corrected, repeat=None))
    if intent == "deny" or correction.announces(turn.text):
        return amend(intent, draft)
    is_talk = intent in _TALK and len(turn.text) <= _BRIEF
    if is_talk or is_shrug(turn.text) or tells_nothing(turn.text):
        return asked_again(intent, draft)
    return next_step(
        intent, replace(filled(told_more(draft, turn), said_in(turn, library)), repeat=None)
    )
