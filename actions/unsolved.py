"""没解决 under an answer: first the next best entries for what was asked, then a person."""

from __future__ import annotations

from msgspec.structs import replace

from actions.drafting import remembered, value
from actions.knowledge import CannotSearch, Entry
from actions.library import Library
from actions.options import AGENT, COMPLAIN, NONE, UNSOLVED, of_entry
from actions.protocol import Draft, Reply, Turn

OTHERS = "抱歉没帮上您，已经记下了。您问的是不是："
SORRY = "抱歉没帮上您，已经记下了。可以转人工，或者把问题反映上来。"
STILL_SORRY = "抱歉，还是没帮上您。可以转人工，或者把问题留下来，登记后由承办单位答复您。"


def way_on(choice: str, turn: Turn, library: Library) -> Reply:
    """What may help now. The second time for one question it is a person."""
    judged = turn.judged
    if judged is None:
        return Reply(text=SORRY, options=(AGENT, COMPLAIN))
    if judged.again:
        return Reply(text=STILL_SORRY, options=(AGENT, COMPLAIN))
    others = _others(judged.question, {choice.removeprefix(UNSOLVED), *judged.given}, turn, library)
    if not others:
        return Reply(text=SORRY, options=(AGENT, COMPLAIN))
    options = tuple(of_entry(entry.external_id, entry.question) for entry in others)
    return Reply(text=OTHERS, options=(*options, NONE, AGENT))


def kept(turn: Turn, library: Library) -> Draft | None:
    """What was asked, at hand for who would rather have it taken down."""
    if turn.judged is None or (turn.draft and value(turn.draft, "content")):
        return turn.draft
    asked = replace(turn, id=turn.judged.message, text=turn.judged.question)
    return remembered(asked, library)


def _others(question: str, without: set[str], turn: Turn, library: Library) -> tuple[Entry, ...]:
    try:
        return library.knowledge.others(
            question, without=without, hotline=turn.hotline, now=turn.now
        )
    except CannotSearch:
        return ()
