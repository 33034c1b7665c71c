"""A citizen's words with the parts marked that a field of the case rests on.

Offsets count code points of the words as they were said; personal numbers are masked on the way to
the screen, so both are worked out together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from intake.numbers_of_people import PersonalNumber, personal_numbers
from intake.privacy import mask_for_screen, mask_phone

WHOLE = "content"  # usually rests on all of the words: numbered, not underlined


@dataclass(frozen=True)
class Span:
    """Where a field's value was said: code points ``[start, end)`` of one message."""

    field: str
    number: int
    start: int
    end: int
    is_to_check: bool = False  # the machine was not sure


@dataclass(frozen=True)
class Piece:
    """A run of words under the same marks. `ends` are the numbers whose words end here."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    is_underlined: bool = False
    is_to_check: bool = False


@dataclass(frozen=True)
class _Token:
    """One character, or one personal number, masked."""

    text: str
    start: int
    end: int


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The words cut where marks begin and end."""
    marks = [span for span in spans if span.start < span.end <= len(text)]
    cut: list[Piece] = []
    for token in _tokens(text):
        over = [mark for mark in marks if mark.start < token.end and token.start < mark.end]
        piece = Piece(
            text=token.text,
            numbers=tuple(mark.number for mark in over),
            ends=tuple(mark.number for mark in over if mark.end <= token.end),
            is_underlined=any(mark.field != WHOLE for mark in over),
            is_to_check=any(mark.is_to_check and mark.field != WHOLE for mark in over),
        )
        if cut and not cut[-1].ends and cut[-1].numbers == piece.numbers:
            cut[-1] = replace(piece, text=cut[-1].text + piece.text)
        else:
            cut.append(piece)
    return cut


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    for number in personal_numbers(text):
        tokens += [_Token(text[i], i, i + 1) for i in range(position, number.start)]
        tokens.append(_Token(_masked(text, number), number.start, number.end))
        position = number.end
    tokens += [_Token(text[i], i, i + 1) for i in range(position, len(text))]
    return tokens


def _masked(text: str, number: PersonalNumber) -> str:
    if number.kind in ("mobile", "landline"):
        return mask_phone(number.digits)
    return mask_for_screen(text[number.start : number.end])
