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

import msgspec

from kb_index.districts import may_be_name, said_in
from kb_index.normal import normalise
from kb_index.synonyms import any_of

DISTRICT = "district"
_FACETS = Path(__file__).with_name("facets.toml")
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


def read(text: str, districts: frozenset[str] = frozenset()) -> Reading:
    """`districts`: names that may be said here."""
    reading = _read(text)
    named, rest = said_in(reading.rest, districts)
    if not named:
        return reading
    if len(named) == 1:
        return Reading({**reading.values, DISTRICT: next(iter(named))}, reading.unclear, rest)
    return Reading(reading.values, reading.unclear | {DISTRICT}, rest)


def is_value(label: str) -> bool:
    """A value that somebody can be asked for, or what looks like the name of a district."""
    return label in _labels() or may_be_name(label)


def label_said(text: str, labels: Collection[str], *, is_all: bool = True) -> str | None:
    """Which of these values a reply names: 外地的, 我是外地户口. `is_all`: and nothing more."""
    districts = frozenset(label for label in labels if label not in _labels())
    reading = read(text, districts)
    named = [label for label in reading.values.values() if label in labels]
    if len(named) != 1 or reading.unclear:
        return None
    said_more = len(_REPLY.sub("", reading.rest)) > _LONGEST_ADDITION
    return None if is_all and said_more else named[0]


@lru_cache(maxsize=20_000)
def _read(text: str) -> Reading:
    """Without districts: the same text is read for many sets of them."""
    normalised = normalise(text)
    said: dict[str, set[str]] = defaultdict(set)
    rest: list[str] = []
    end = 0
    for found in _any_word().finditer(normalised):
        facet, label = _meanings()[found.group()]
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


@cache
def _any_word() -> re.Pattern[str]:
    return any_of(set(_meanings()))


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
        for raw in tomllib.loads(_FACETS.read_text(encoding="utf-8"))["facet"]
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
