"""How exact a place is, and whether it is one: a house beats a road, a road beats a district."""

from __future__ import annotations

from dataclasses import dataclass

from intake import place_shapes as shapes


@dataclass(slots=True)
class Candidate:
    """A stretch of the text, and of how many parts of a place it is made."""

    start: int
    end: int
    parts: int
    is_office: bool = False
    is_crossing: bool = False
    is_of_nouns: bool = False


def is_division(words: str) -> bool:
    """A city, a district or a county and nothing more."""
    if shapes.LETTER_DIVISION.fullmatch(words):
        return True
    return bool(shapes.DIVISION.fullmatch(words)) and not shapes.NOT_A_DIVISION.search(words)


def score_of(text: str, candidate: Candidate) -> float:
    """How much a stretch tells of where it is; nothing for what is no place."""
    words = text[candidate.start : candidate.end]
    before = text[max(0, candidate.start - 8) : candidate.start]
    is_said_to_be_there = bool(shapes.HOME.search(before))
    if candidate.is_office and not candidate.is_crossing:
        return 0
    if is_division(words):
        return 0.5 if is_said_to_be_there and not shapes.ASKING.search(text) else 0
    if shapes.STREET_OFFICE.fullmatch(words) and shapes.ASKING.search(text):
        return 0  # where somebody lives who asks a question
    score = float(candidate.parts)
    if candidate.is_of_nouns:
        score += 0.2
    if shapes.HOUSE.search(words):
        score += 1.5
    if shapes.NAMED_SPOT.search(words) or shapes.SPOT.search(words):
        score += 1
    elif (
        not shapes.SMALL_DIVISION.search(words)
        and not is_said_to_be_there
        and not candidate.is_of_nouns
    ):
        # A bare name counts where a sentence would start with it, not in passing.
        starts_clause = not before or bool(shapes.CLAUSE_START.search(before))
        if not starts_clause or len(words) < 3:
            return 0
        score -= 0.5
    if is_said_to_be_there:
        score += 1
    if candidate.is_crossing:
        score += 1
    return score + min(len(words), 20) * 0.04
