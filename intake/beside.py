"""The stretches of a text that are not about the matter: the place, the names, the numbers."""

from __future__ import annotations

from intake.evidence import Found
from intake.numbers_of_people import personal_numbers

Span = tuple[int, int]


def beside_the_matter(text: str, *fields: Found | None) -> list[Span]:
    """Where the fields that were read stand, and every personal number."""
    spans = [(field.start, field.end) for field in fields if field is not None]
    return spans + [(number.start, number.end) for number in personal_numbers(text)]
