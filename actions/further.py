"""Further questions of the same matter, to tap under an answer beside 有用 and 没解决."""

from __future__ import annotations

from actions.drafting import in_dialogue
from actions.knowledge import Question
from actions.options import ENTRY, NONE, USEFUL, of_entry
from actions.protocol import Option, Turn

MOST = 2
SHORT = 420  # characters of an answer that leave room for them in one message of WeChat


def further_options(questions: tuple[Question, ...], text: str, turn: Turn) -> tuple[Option, ...]:
    """Nothing under a long answer, nor where it would be in the way."""
    if len(text) > SHORT or turn.waiting or in_dialogue(turn.draft):
        return ()
    return tuple(of_entry(one.external_id, one.question) for one in questions[:MOST])


def still_open(choice: str, turn: Turn) -> tuple[Question, ...]:
    """Those that stood beside the one that was tapped. What was on a menu is not: whoever picked
    one of it did not mean the others."""
    if NONE in turn.offered:
        return ()
    judged = {
        option.id.removeprefix(USEFUL) for option in turn.offered if option.id.startswith(USEFUL)
    }
    return tuple(
        Question(option.id.removeprefix(ENTRY), option.label)
        for option in turn.offered
        if judged
        and option.id.startswith(ENTRY)
        and option.id != choice
        and option.id.removeprefix(ENTRY) not in judged  # 看全文
    )
