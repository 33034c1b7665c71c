"""Answers out of the knowledge, word for word: the approved text stands unchanged, its department
and source after it. Nothing is made up.
"""

from __future__ import annotations

from actions.dialogue import pending_question
from actions.drafting import in_dialogue, remembered
from actions.further import further_options, still_open
from actions.knowledge import CHOSEN, SAME_QUESTION, CannotSearch, Entry, Found, Question
from actions.library import Library
from actions.options import AGENT, COMPLAIN, ENTRY, NONE, of_entry
from actions.passages import shown
from actions.protocol import Decision, Option, Reply, Status, Turn
from actions.rating import asked_of
from actions.sources import source_line
from actions.wording import tells_a_problem

MENU = "您是想问："
NO_ARTICLE = (
    "没有查到这方面的准确内容，不敢随便回答您。可以换个说法再问，也可以把问题反映上来，或者转人工。"
)
CANNOT_SEARCH = (
    "现在查不了资料，是我们这边的问题，请稍后再问。着急的话可以转人工，或者先把问题反映上来。"
)
WITHDRAWN = "这一条刚刚有变动，先不能给您准话。可以换个说法再问，或者转人工。"


def if_known(
    intent: str, turn: Turn, library: Library, *, only_exact: bool = False
) -> Decision | None:
    """An answer when the index is sure of one; otherwise the caller knows better what to do."""
    try:
        found = _same(turn, library) if only_exact else find(turn, library)
    except CannotSearch:
        return None
    if found.answer is None:
        return None
    return answered(intent, turn, library, found.answer, found)


def texts_of(turn: Turn, library: Library) -> tuple[Reply, ...] | None:
    """The answer alone, for a question in the middle of something else."""
    try:
        found = find(turn, library)
    except CannotSearch:
        return None
    return (reply_of(found.answer),) if found.answer else None


def chosen_entry(choice: str, turn: Turn, library: Library) -> Decision:
    """The entry that the citizen picked from a menu."""
    external_id = choice.removeprefix(ENTRY)
    dialogue = in_dialogue(turn.draft)
    try:
        entry = library.knowledge.get(external_id, hotline=turn.hotline, now=turn.now)
    except CannotSearch:
        reply = Reply(text=CANNOT_SEARCH, options=() if dialogue else (COMPLAIN, AGENT))
        status = Status.ERROR_INDEX
    else:
        reply = (
            reply_of(entry, asked_of(external_id, turn), still_open(choice, turn), turn)
            if entry
            else Reply(text=WITHDRAWN, options=(AGENT,))
        )
        status = Status.ANSWERED if entry else Status.STALE
    after = (pending_question(dialogue),) if dialogue else ()
    return Decision(
        status=status, intent="choose", replies=(reply, *after), draft=turn.draft, reason=CHOSEN
    )


def none_of_them(intent: str, turn: Turn) -> Decision:
    """都不是: said honestly; what was asked stays at hand."""
    return Decision(
        status=Status.NO_ARTICLE,
        intent=intent,
        replies=(Reply(text=NO_ARTICLE, options=(COMPLAIN, AGENT)),),
        draft=turn.draft,
    )


def reply_of(
    entry: Entry,
    options: tuple[Option, ...] = (),
    further: tuple[Question, ...] = (),
    turn: Turn | None = None,
) -> Reply:
    """The answer with its source; `options` before what else may be asked of the matter."""
    found = shown(entry)
    line = source_line(entry)
    text = f"{found.text}\n\n{line}" if line else found.text
    more = further_options(further, text, turn) if turn else ()
    return Reply(
        text=text,
        options=(*found.options, *options, *more),
        entry=entry.external_id,
        quoted=found.quoted,
    )


def menu(entries: tuple[Entry, ...]) -> Reply:
    options = tuple(of_entry(entry.external_id, entry.question) for entry in entries)
    return Reply(text=MENU, options=(*options, NONE))


def find(turn: Turn, library: Library) -> Found:
    return library.knowledge.find(turn.text, hotline=turn.hotline, now=turn.now)


def _same(turn: Turn, library: Library) -> Found:
    entry = library.knowledge.find_same(turn.text, hotline=turn.hotline, now=turn.now)
    return Found(answer=entry, reason=SAME_QUESTION if entry else "")


def answered(intent: str, turn: Turn, library: Library, entry: Entry, found: Found) -> Decision:
    """Who asks about something that is wrong may also want it seen to."""
    options, draft = asked_of(entry.external_id, turn), None
    wrong = library.reader.kind(turn.text) in ("complaint", "report", "help")
    if wrong or tells_a_problem(turn.text):
        options, draft = (*options, COMPLAIN), remembered(turn, library)
    return Decision(
        status=Status.ANSWERED,
        intent=intent,
        replies=(reply_of(entry, options, found.further, turn),),
        draft=draft,
        reason=found.reason,
    )
