"""What can tell entries apart that are otherwise alike: household registration, district, first
time or renewal. `facets.toml` holds their words; here they are read out of a sentence.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from kb_index.normal import normalise
from kb_index.synonyms import any_of

DISTRICT = "district"
LONGEST_NAME = 8  # characters of a district's name
_LONGEST_ADDITION = 2  # characters beside a value in a reply that is nothing but the value
_REPLY = re.compile(
    r"就是|应该|大概|可能|好像|我们|我|俺|咱|们|选|是|属于|属|算|这个|那个|这种|那种|情况|的话|的|了|呀|啊|哦|嗯|呢|吧|哈"
    r"|来|办理|办|户口|户籍|这|那|就|要|想|用|在|去|走|按|人|对|[\s\W_]+"
)


class Value(msgspec.Struct, frozen=True):
    label: str  # what a citizen taps
    words: tuple[str, ...]


class Facet(msgspec.Struct, frozen=True):
    name: str
    ask: str  # with {values}
    values: tuple[Value, ...] = ()

    def in_order(self, labels: Iterable[str]) -> list[str]:
        """As people name them; names of places stay as they come."""
        order = {value.label: position for position, value in enumerate(self.values)}
        return sorted(labels, key=lambda label: order.get(label, 0))

    def question(self, labels: Iterable[str]) -> str:
        """Asks for one of these: 您是本市户籍还是外地户籍？"""
        *others, last = labels
        return self.ask.replace("{values}", f"{'、'.join(others)}还是{last}")


class Reading(msgspec.Struct, frozen=True):
    """What a sentence says of each facet, and what it says without that."""

    values: Mapping[str, str]  # facet → label; of facets of which one value is said
    unclear: frozenset[str]  # facets of which several are said
    rest: str


def facet_of(name: str) -> Facet:
    return _facets()[name]


def facet_names() -> tuple[str, ...]:
    return tuple(_facets())


def read(text: str, districts: Collection[str] = ()) -> Reading:
    """`districts`: names that may be said here, as `districts_in` found them."""
    normalised = normalise(text)
    said: dict[str, set[str]] = defaultdict(set)
    rest: list[str] = []
    end = 0
    for found in _words(frozenset(districts)).finditer(normalised):
        facet, label = _meaning_of(found.group(), districts)
        said[facet].add(label)
        rest.append(normalised[end : found.start()])
        end = found.end()
    rest.append(normalised[end:])
    return Reading(
        {facet: next(iter(labels)) for facet, labels in said.items() if len(labels) == 1},
        frozenset(facet for facet, labels in said.items() if len(labels) > 1),
        # A word that is gone is no gap: what stood on both sides of it touches, as in the twin.
        "".join(rest),
    )


def districts_in(questions: Iterable[str], departments: Iterable[str]) -> frozenset[str]:
    """Names of districts and counties: where a name can begin in a question, and at the start of
    a department's name."""
    inside, ahead = _districts()
    found = {name for text in questions for name in inside.findall(normalise(text))}
    found |= {match[1] for name in departments if (match := ahead.match(normalise(name)))}
    never = _never()
    return frozenset(name for name in found if not name.endswith(never))


def is_value(label: str) -> bool:
    """A value that somebody can be asked for, or what looks like the name of a district."""
    return label in _labels() or (
        len(label) <= LONGEST_NAME and label.endswith(_ends()) and not label.endswith(_never())
    )


def label_said(text: str, labels: Collection[str], *, is_all: bool = True) -> str | None:
    """Which of these values a reply names: 外地的, 我是外地户口. `is_all`: and nothing more."""
    districts = frozenset(label for label in labels if label not in _labels())
    reading = read(text, districts)
    named = [label for label in reading.values.values() if label in labels]
    if len(named) != 1 or reading.unclear:
        return None
    said_more = len(_REPLY.sub("", reading.rest)) > _LONGEST_ADDITION
    return None if is_all and said_more else named[0]


def _meaning_of(word: str, districts: Collection[str]) -> tuple[str, str]:
    known = _meanings().get(word)
    if known is not None:
        return known
    return DISTRICT, next(name for name in districts if word in (name, _short(name)))


def _short(district: str) -> str:
    """朝阳 of 朝阳区; a name of one character needs its ending."""
    for end in _ends():
        if district.endswith(end) and len(district) - len(end) >= 2:
            return district.removesuffix(end)
    return district


@lru_cache(maxsize=64)
def _words(districts: frozenset[str]) -> re.Pattern[str]:
    names = {form for name in districts for form in (name, _short(name))}
    return any_of({*_meanings(), *names})


@cache
def _read() -> list[dict[str, Any]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    facets: list[dict[str, Any]] = tomllib.loads(text)["facet"]
    return facets


@cache
def _facets() -> Mapping[str, Facet]:
    return {
        raw["name"]: Facet(
            raw["name"],
            raw["ask"],
            tuple(
                Value(value["label"], tuple(map(normalise, value["words"])))
                for value in raw.get("value", [])
            ),
        )
        for raw in _read()
    }


@cache
def _meanings() -> Mapping[str, tuple[str, str]]:
    """Facet and label of each word."""
    return {
        word: (facet.name, value.label)
        for facet in _facets().values()
        for value in facet.values
        for word in value.words
    }


@cache
def _labels() -> frozenset[str]:
    return frozenset(value.label for facet in _facets().values() for value in facet.values)


@cache
def _of_districts() -> dict[str, Any]:
    return next(raw for raw in _read() if raw["name"] == DISTRICT)


@cache
def _ends() -> tuple[str, ...]:
    return tuple(_of_districts()["ends"])


@cache
def _never() -> tuple[str, ...]:
    return tuple(_of_districts()["never"])


@cache
def _districts() -> tuple[re.Pattern[str], re.Pattern[str]]:
    ahead = re.escape(normalise(_of_districts()["begins_none"]))
    name = rf"((?![{ahead}])[㐀-鿿]{{2,3}}(?:{'|'.join(_ends())}))(?![分别间域块号])"
    before = re.escape(normalise(_of_districts()["after"]))
    return (
        re.compile(rf"(?:^|(?<=[{before}])){name}"),
        re.compile(rf"(?:[㐀-鿿]{{2,4}}[市省])?{name}(?=[㐀-鿿])"),
    )
