"""What a tapped or typed option does. A label or its number, typed, equals a tap."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from actions import answer, asking_back, case_status, dialogue, handover, rating, repeats, talk
from actions.complaint import submit, take
from actions.drafting import has_phone, in_dialogue
from actions.library import Library
from actions.options import (
    AGENT,
    AMEND,
    CANCEL_AGENT,
    CHASE,
    COMPLAIN,
    CONFIRM,
    ENTRY,
    GIVE_UP,
    GREET,
    JOIN,
    NONE,
    OPEN_ANYWAY,
    STATUS,
)
from actions.protocol import Decision, Draft, Stage, Turn
from actions.wording import plain

_ORDINAL = re.compile(
    r"(?:我?(?:就|要|想)?(?:选择?|问的是|是)?|上面的?|选项)?(?:第)?([1-9一二两三四五])(?:个|条|项|种|号)?(?:吧|啊|呀|的)?"
)
_LAST = re.compile(r"(?:选)?最后(?:那|一)?(?:个|条|项)")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_SIGNS = re.compile(r"[\s\W_]+")
_SKIPPED_LABELS = frozenset({"以上都不是", "没有我要的", "没有我想问的", "没有"})


def chosen(turn: Turn) -> str | None:
    """The option that this turn takes, tapped or typed; None when it takes none."""
    if turn.choice:
        return turn.choice
    if not turn.offered:
        return None
    said = _SIGNS.sub("", plain(turn.text))
    if not said:
        return None
    for option in turn.offered:
        if said == _SIGNS.sub("", plain(option.label)):
            return option.id
    if NONE in turn.offered and said in _SKIPPED_LABELS:
        return NONE.id
    return _by_number(plain(turn.text), turn) or asking_back.value_said(turn)


def choose(intent: str, turn: Turn, library: Library) -> Decision:
    """Carry out the option; without one, the words count as what they are."""
    choice = chosen(turn)
    draft = in_dialogue(turn.draft)
    if choice and rating.is_rating(choice):
        return rating.rate(choice, turn, library)
    if choice and choice.startswith(CHASE):
        return case_status.chase(choice.removeprefix(CHASE), turn)
    if turn.waiting:
        return _while_waiting(choice, turn, library)
    if choice is None:
        if draft:
            return take("inform", turn, library)
        return talk.not_understood(intent, turn, library)
    if choice.startswith(ENTRY):
        return answer.chosen_entry(choice, turn, library)
    if choice in _ANYTIME:
        return _ANYTIME[choice](turn, library)
    if draft is None:
        # An old bubble: there is no complaint to confirm or to amend any more.
        return talk.not_understood(intent, turn, library)
    return _in_dialogue(choice, turn, draft, library)


def _in_dialogue(choice: str, turn: Turn, draft: Draft, library: Library) -> Decision:
    if choice == GIVE_UP.id:
        return dialogue.give_up(choice)
    if choice == CONFIRM.id and draft.stage is Stage.CONFIRMING:
        return submit("choose", turn, draft, library)
    if choice == JOIN.id and repeats.is_offered(draft):
        return repeats.join("choose", draft)
    if choice == OPEN_ANYWAY.id and draft.stage is Stage.CONFIRMING:
        return dialogue.confirm("choose", replace(draft, repeat=""))
    if choice == AMEND.id and draft.stage is Stage.CONFIRMING:
        return dialogue.amend("choose", draft)
    return dialogue.next_step("choose", draft)  # skipped, or tapped too early or too late


def _while_waiting(choice: str | None, turn: Turn, library: Library) -> Decision:
    if choice in (CANCEL_AGENT.id, GIVE_UP.id):
        return handover.cancel("cancel_agent", turn)
    return handover.wait("choose", turn, library)


def _complain(turn: Turn, _library: Library) -> Decision:
    draft = in_dialogue(turn.draft)
    if draft:
        return dialogue.next_step("complain", draft)
    return dialogue.start_remembered(turn.draft, has_phone=has_phone(turn))


_ANYTIME: dict[str, Callable[[Turn, Library], Decision]] = {
    AGENT.id: lambda turn, _library: handover.request("request_agent", turn),
    COMPLAIN.id: _complain,
    STATUS.id: lambda turn, library: case_status.tell("case_status", turn, library),
    NONE.id: lambda turn, _library: answer.none_of_them("choose", turn),
    GREET: lambda turn, _library: talk.greeting("greet", turn),
    CANCEL_AGENT.id: lambda turn, _library: handover.not_waiting("cancel_agent", turn),
}


def _by_number(said: str, turn: Turn) -> str | None:
    if _LAST.fullmatch(said):
        return turn.offered[-1].id
    found = _ORDINAL.fullmatch(said)
    if found is None:
        return None
    number = _DIGITS.get(found[1]) or int(found[1])
    return turn.offered[number - 1].id if number <= len(turn.offered) else None
