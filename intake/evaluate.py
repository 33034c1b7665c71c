"""How well this package reads, measured on a file of messages with what they say.

Prefill lines: ``{"text", "now", "fields": {"place", "time", "name", "phone", "kind"}}``; triage
lines: ``{"text", "kind"?, "category"?, "department"?}``. The results are what the commands print.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from intake.beside import beside_the_matter
from intake.category import category
from intake.department import Directory, department
from intake.evidence import Found
from intake.kind import kind
from intake.learned import FIELDS, Learned
from intake.occurred import CITY, occurred
from intake.person import name, phone
from intake.place import place

PREFILL_FIELDS = ("place", "time", "name", "phone", "kind")
_MOST_MORE = 4  # characters that a place may have beyond the expected one


def evaluate_prefill(
    lines: Iterable[Mapping[str, Any]], learned: Learned | None = None
) -> dict[str, Any]:
    """Precision, recall and F1 of each field; a value that should not be there is wrong."""
    tallies = {field: Counter[str]() for field in PREFILL_FIELDS}
    n = 0
    for line in lines:
        n += 1
        read = prefill(line["text"], line["now"], learned)
        for field, tally in tallies.items():
            wanted = str(line.get("fields", {}).get(field) or "")
            given = read[field]
            tally["wanted"] += bool(wanted)
            tally["given"] += given is not None
            tally["right"] += bool(wanted and given and matches(field, wanted, given.value))
    return {"n": n} | {field: _rates(tally) for field, tally in tallies.items()}


def prefill(text: str, now: str, learned: Learned | None = None) -> dict[str, Found | None]:
    """What is read of a message that came at `now`."""
    return {
        "place": place(text),
        "time": occurred(text, _moment(now)),
        "name": name(text),
        "phone": phone(text),
        "kind": (learned and learned.read("kind", text)) or kind(text),
    }


def matches(field: str, wanted: str, given: str) -> bool:
    """Whether a value counts as the expected one."""
    if field == "place":
        # The words must hold the expected place; blanks are nobody's place.
        wanted, given = _bare(wanted), _bare(given)
        return wanted in given and len(given) <= len(wanted) + _MOST_MORE
    if field == "time":
        return given.startswith(wanted)
    if field == "phone":
        return _digits(given) == _digits(wanted)
    return _bare(given) == _bare(wanted)


def evaluate_triage(
    lines: Iterable[Mapping[str, Any]],
    learned: Learned | None = None,
    directory: Directory | None = None,
) -> dict[str, Any]:
    """Accuracy and macro-F1 of each field that the lines have; nothing read is wrong."""
    n = 0
    pairs: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        n += 1
        for field in FIELDS:
            if line.get(field):
                found = _triage(field, line["text"], learned, directory)
                given = found.value if found else ""
                pairs.setdefault(field, []).append((line[field], _as_coarse(given, line[field])))
    return {"n": n} | {field: _scores(pairs[field]) for field in FIELDS if field in pairs}


def _triage(
    field: str, text: str, learned: Learned | None, directory: Directory | None
) -> Found | None:
    known = learned.read(field, text) if learned else None
    if known:
        return known
    if field == "kind":
        return kind(text)
    topic = category(text, beside_the_matter(text, place(text), name(text)))
    if field == "category":
        return topic
    return department(text, directory, topic.value if topic else "") if directory else None


def _moment(value: str) -> datetime:
    now = datetime.fromisoformat(value)
    return now if now.tzinfo else now.replace(tzinfo=CITY)


def _as_coarse(given: str, wanted: str) -> str:
    """A city that names only the first level is asked only for that."""
    return given if "/" in wanted else given.split("/")[0]


def _bare(value: str) -> str:
    return "".join(value.split())


def _digits(value: str) -> str:
    digits = "".join(c for c in value if c.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _rates(tally: Counter[str]) -> dict[str, float]:
    """With nothing to find and nothing given, all is right."""
    right, given, wanted = tally["right"], tally["given"], tally["wanted"]
    precision = right / given if given else float(not wanted)
    recall = right / wanted if wanted else float(not given)
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
    }


def _scores(pairs: list[tuple[str, str]]) -> dict[str, float]:
    right = sum(wanted == given for wanted, given in pairs)
    labels = {wanted for wanted, _ in pairs}
    shares = []
    for label in labels:
        hits = sum(wanted == given == label for wanted, given in pairs)
        named = sum((wanted == label) + (given == label) for wanted, given in pairs)
        shares.append(2 * hits / named)
    return {
        "accuracy": round(right / len(pairs), 4),
        "macro_f1": round(sum(shares) / len(shares), 4),
    }
