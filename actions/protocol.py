"""One turn of the bot: what the router gives, what comes back.

The router sends `Turn` as the metadata of Rasa's message; an action answers with one `Decision`.
Both are plain data: a turn can be decided again by anybody at any time with the same result, which
is why Rasa's own tracker can be thrown away. A body that does not fit raises `NotATurn`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class NotATurn(ValueError):
    """What arrived is not a turn, or what the bot answered is not a decision."""


class Stage(StrEnum):
    """Where the conversation stands; steers Rasa's rules as the slot ``stage``."""

    NONE = "none"
    COLLECTING = "collecting"  # a complaint is being taken
    CONFIRMING = "confirming"  # it has been read back and waits for a yes
    QUEUEING = "queueing"  # a person has been asked for


class Status(StrEnum):
    """How a turn ended; stored with the message and counted."""

    ANSWERED = "answered"
    ASK_BACK = "ask_back"  # for the one thing that tells entries apart
    MENU = "menu"
    NO_ARTICLE = "no_article"
    STALE = "stale"  # the entry was withdrawn between the search and the commit
    ASKED = "asked"  # a complaint's field
    READ_BACK = "read_back"
    CASE_OPENED = "case_opened"
    CASE_JOINED = "case_joined"
    GAVE_UP = "gave_up"
    HANDED_OVER = "handed_over"
    TOLD_STATE = "told_state"
    RATED = "rated"
    CALLED_BACK = "called_back"  # decided by the router: an answer to a call back by message
    SMALL_TALK = "small_talk"
    EMERGENCY = "emergency"  # decided by the router, before the bot
    NOT_UNDERSTOOD = "not_understood"
    ERROR_INDEX = "error_index"
    ERROR_BOT = "error_bot"


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Where a value was said: code points ``[start, end)`` of one of the citizen's messages."""

    message: str
    start: int
    end: int


class Field(msgspec.Struct, frozen=True, kw_only=True):
    value: str
    confidence: float  # 0 to 1; shown to agents in words, never as a figure
    evidence: Words | None = None  # None: set by a rule or by a person


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint that is being taken. It is a column of the conversation, not of the bot.

    At stage ``none`` it is no complaint yet: what the citizen asked last, kept so that a tap on
    反映问题 need not ask for it again.

    Phones and identity numbers are not in here: the router keeps them and says only `has_phone`.
    """

    stage: Stage
    fields: dict[str, Field] = {}  # content, place, time, kind, category, department, about, name
    asked: tuple[str, ...] = ()  # what has been asked for, in this order; twice: asked again
    has_phone: bool = False
    repeat: str | None = None  # number of the open case that was offered to join; "": none is asked
    without_phone: bool = False  # the citizen wants none in this case, though one may be known


class Option(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    label: str


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One bubble. The router fills these in, in the transaction or after it:

    ``{phone}`` the citizen's number, masked; ``{number}`` of the case that was just opened or
    chased; ``{position}`` in the queue, from 1; ``{ahead}`` how many wait before them; ``{cases}``
    the citizen's latest cases, a line each; ``{next_shift}`` when somebody is on shift next, if a
    plan says so; ``{shift}`` nothing, or that nobody is on shift and the same.
    """

    text: str
    options: tuple[Option, ...] = ()
    entry: str = ""  # external id of the knowledge entry that this text is, word for word
    quoted: str = ""  # the part of the entry's answer that stands in the text; empty: all of it


class EffectKind(StrEnum):
    OPEN_CASE = "open_case"
    JOIN_CASE = "join_case"
    REQUEST_AGENT = "request_agent"
    CANCEL_AGENT = "cancel_agent"
    CHASE = "chase"
    RATE = "rate"
    ANSWER_CALL = "answer_call"  # of the router: what is said depends on what was asked


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the desk should do, and what may be said once it has, or has not.

    The sentences travel with the effect so that nothing is claimed that has not happened.
    """

    kind: EffectKind
    done: Reply
    failed: Reply
    data: dict[str, Any] = {}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What had been asked where a citizen says that an answer did not solve it, as the talk has it:
    old bubbles can be judged too."""

    question: str
    message: str  # the id of the message that asked it
    given: tuple[str, ...] = ()  # external ids of what was answered to it
    again: bool = False  # one of them was said not to solve it before


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen said, with personal numbers masked, and where their conversation stands."""

    id: str  # the message's id: evidence points to it
    text: str
    hotline: str
    channel: str
    now: datetime
    choice: str = ""  # id of an option that this conversation was offered
    draft: Draft | None = None
    offered: tuple[Option, ...] = ()
    waiting: bool = False  # a person has been asked for
    citizen: int = 0  # the desk's own key, to find their cases; 0: not known yet
    has_phone: bool = False  # this citizen can be called: told now, or earlier
    judged: Judged | None = None  # with 没解决 alone

    @property
    def stage(self) -> Stage:
        if self.waiting:
            return Stage.QUEUEING
        return self.draft.stage if self.draft else Stage.NONE


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    status: Status
    intent: str
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    draft: Draft | None = None  # the draft from now on; None: there is none
    reason: str = ""  # why the index answered as it did: a `kb_index.decision.Reason`


def turn_from(metadata: Any) -> Turn:
    """A turn out of Rasa's message metadata (plain JSON values)."""
    return _convert(metadata, Turn)


def decision_from(reply: Any) -> Decision:
    """A decision out of Rasa's answer. Rasa's empty list is a failure, not an answer."""
    if not isinstance(reply, list) or len(reply) != 1 or not isinstance(reply[0], dict):
        raise NotATurn("the bot did not answer with one decision")
    return _convert(reply[0].get("custom"), Decision)


def _convert[T](value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise NotATurn(f"not a {kind.__name__}: {error}") from error
