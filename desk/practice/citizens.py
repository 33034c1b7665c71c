"""The simulated citizens as `content/citizens.json` holds them: what they say, and to what."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

CITIZENS = Path(__file__).parent / "content" / "citizens.json"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    who: str  # citizen | bot
    text: str


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field of the case as the bot would have filled it in."""

    value: str
    words: str = ""  # of the citizen's, that it rests on
    confidence: float = 0.95


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the citizen says when the agent's words hold one of `when`. Each is given once."""

    when: tuple[str, ...]
    say: str
    is_content: bool = False  # they have heard what they wanted


class Simulated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: str
    name: str
    lesson: str  # what is practised
    said: tuple[Line, ...]  # before they ask for a person
    case: dict[str, Value] = {}
    answers: tuple[Answer, ...]
    shrugs: tuple[str, ...]  # to words that fit no answer, in turn
    nags: tuple[str, ...]  # when nobody answers
    farewell: str
    steps: tuple[str, ...]  # of `judging.STEPS`, what belongs to this talk
    should_say: tuple[str, ...] = ()  # one of them
    never_say: tuple[str, ...] = ()


@cache
def all_citizens() -> dict[str, Simulated]:
    found = msgspec.json.decode(CITIZENS.read_bytes(), type=tuple[Simulated, ...])
    return {citizen.id: citizen for citizen in found}
