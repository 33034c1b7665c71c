"""Whose business it is, out of a directory of departments and what each says that it handles.

Pairs of characters are compared, weighed by how few departments use them, so that a directory
works from the first minute and in any city. A city that has past cases learns a model instead.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from intake.evidence import Found

READ = 300
_LEAST = 0.16
# Trouble in a street is first the district's; a question about the rules is rather the city's.
_FARTHER = 0.9
_ASKING = re.compile(r"[吗？?]|怎么|如何|多少|什么|哪|请问|咨询|申请|办理|条件|能不能|可以")
_WORDS = re.compile(r"[一-龥A-Za-z0-9]+")
# Pairs that every complaint has say nothing about whose business it is.
_COMMON = re.compile(
    r"投诉|举报|反映|希望|部门|处理|相关|有关|解决|我们|他们|没有|问题|什么|怎么|可以|"
    r"尽快|情况|负责|管理|服务|工作|办理|单位"
)


class Department(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the directory."""

    name: str
    purpose: str = ""
    handles: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Directory:
    """The departments of a hotline, made ready for comparing."""

    def __init__(self, departments: Iterable[Department | tuple[str, str, Iterable[str]]]) -> None:
        self.departments = tuple(
            each
            if isinstance(each, Department)
            else Department(name=each[0], purpose=each[1], handles=tuple(each[2]))
            for each in departments
        )
        bags = [_bag(each) for each in self.departments]
        shared: dict[str, int] = defaultdict(int)
        for bag in bags:
            for pair in bag:
                shared[pair] += 1
        total = len(bags)
        self._rarity = {pair: math.log((1 + total) / n) for pair, n in shared.items()}
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, bag in enumerate(bags):
            for pair, weight in bag.items():
                self._holders[pair].append((index, weight))

    def scores(self, text: str) -> Mapping[int, float]:
        """The share of the text's telling pairs that each department's description has."""
        pairs = _pairs(text[:READ])
        known = {pair for pair in pairs if pair in self._rarity}
        norm = sum(self._rarity[pair] for pair in known) + 2.0
        scores: dict[int, float] = defaultdict(float)
        for pair in known:
            for index, weight in self._holders[pair]:
                scores[index] += weight * self._rarity[pair] / norm
        return scores


def department(text: str, directory: Directory, category: str = "") -> Found | None:
    """The department that most likely handles it; a known category helps to choose."""
    scores = dict(directory.scores(text))
    for index, each in enumerate(directory.departments):
        if each.name in text and len(each.name) > 3:
            scores[index] = scores.get(index, 0.0) + 0.1
        if category and category in each.categories:
            # The fewer categories a department has, the more one of them says.
            scores[index] = scores.get(index, 0.0) + 0.3 + 0.4 / math.sqrt(len(each.categories))
    if not scores:
        return None
    for index in scores:
        if not _ASKING.search(text) and directory.departments[index].name.startswith("市"):
            scores[index] *= _FARTHER
    best = max(scores, key=lambda index: scores[index])
    if scores[best] < _LEAST:
        return None
    share = scores[best] / sum(sorted(scores.values())[-3:])
    return Found(
        value=directory.departments[best].name,
        confidence=round(min(0.9, 0.2 + 0.7 * share), 2),
    )


def _bag(each: Department) -> dict[str, float]:
    bag: dict[str, float] = {}
    for weight, text in ((0.6, each.purpose), (0.8, each.name), (1.0, "，".join(each.handles))):
        for pair in _pairs(text):
            bag[pair] = max(weight, bag.get(pair, 0.0))
    return bag


def _pairs(text: str) -> set[str]:
    return {
        word[i : i + 2]
        for word in _WORDS.findall(text)
        for i in range(len(word) - 1)
        if not _COMMON.fullmatch(word, i, i + 2)
    }
