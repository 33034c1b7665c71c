"""Names of districts and counties, as they stand in the entries of any city."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from kb_index.normal import normalise

LONGEST = 8  # characters of a name
SHORT = 2  # characters that are left of one without its ending: 朝阳, and never 东 of 东区


class Rules(msgspec.Struct, frozen=True):
    ends: tuple[str, ...]
    never: tuple[str, ...]
    after: str  # what may stand before a name within a sentence
    begins_none: str


def districts_in(questions: Iterable[str], departments: Iterable[str]) -> frozenset[str]:
    """Where a name can begin in a question, and at the start of a department's name."""
    return frozenset().union(*map(_in_question, questions), *map(_ahead_of, departments))


def said_in(text: str, districts: frozenset[str]) -> tuple[set[str], str]:
    """Which of these are named, 朝阳 for 朝阳区 too, and the text without them."""
    said: set[str] = set()
    for form, name in _forms(districts):
        if form in text:
            said.add(name)
            text = text.replace(form, "")
    return said, text


def may_be_name(text: str) -> bool:
    rules = _rules()
    return len(text) <= LONGEST and text.endswith(rules.ends) and not text.endswith(rules.never)


@lru_cache(maxsize=256)
def _forms(districts: frozenset[str]) -> list[tuple[str, str]]:
    """The longest first, each with the name that it means."""
    forms = {(form, name) for name in districts for form in (name, _without_end(name))}
    return sorted(forms, key=lambda pair: (-len(pair[0]), pair))


def _without_end(name: str) -> str:
    for end in _rules().ends:
        if name.endswith(end) and len(name) - len(end) >= SHORT:
            return name.removesuffix(end)
    return name


@lru_cache(maxsize=20_000)
def _in_question(text: str) -> frozenset[str]:
    never = _rules().never
    found = _patterns()[0].findall(normalise(text))
    return frozenset(name for name in found if not name.endswith(never))


@lru_cache(maxsize=2_000)
def _ahead_of(department: str) -> frozenset[str]:
    found = _patterns()[1].match(normalise(department))
    return frozenset({found[1]} if found and not found[1].endswith(_rules().never) else ())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rules = _rules()
    begin = f"(?![{re.escape(normalise(rules.begins_none))}])"
    name = rf"({begin}[㐀-鿿]{{2,3}}(?:{'|'.join(rules.ends)}))(?![分别间域块号])"
    return (
        re.compile(rf"(?:^|(?<=[{re.escape(normalise(rules.after))}])){name}"),
        re.compile(rf"(?:[㐀-鿿]{{2,4}}[市省])?{name}(?=[㐀-鿿])"),
    )


@cache
def _rules() -> Rules:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Rules)
