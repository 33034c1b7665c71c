"""Personal numbers are hidden: from the bot wholly, on screens as far as nobody needs them."""

from __future__ import annotations

import re

from intake.numbers_of_people import PersonalNumber, personal_numbers

# Never part of a word, a number or an address, so that no reader and no tokenizer makes anything
# of it; the citizen knows it from every receipt.
PLACEHOLDER = "*"


def mask_for_bot(text: str) -> str:
    """The text with each personal number starred out, as long as it was: offsets hold."""
    pieces = list(text)
    for number in personal_numbers(text):
        pieces[number.start : number.end] = PLACEHOLDER * (number.end - number.start)
    return "".join(pieces)


def mask_phone(value: str) -> str:
    """138****8000: enough for a citizen to know their own, too little to call."""
    digits = re.sub(r"\D", "", value)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 7:
        return PLACEHOLDER * len(digits)
    head = 3 if len(digits) >= 10 else 1
    tail = 4 if len(digits) >= 10 else 2
    return digits[:head] + PLACEHOLDER * 4 + digits[-tail:]


def mask_name(value: str) -> str:
    """王**: the first character stays."""
    return value[:1] + PLACEHOLDER * (len(value) - 1)


def mask_for_screen(text: str) -> str:
    """The text for readers who have no need of the numbers in it."""
    pieces: list[str] = []
    position = 0
    for number in personal_numbers(text):
        pieces += [text[position : number.start], _masked(number)]
        position = number.end
    return "".join(pieces) + text[position:]


def _masked(number: PersonalNumber) -> str:
    if number.kind in ("mobile", "landline"):
        return mask_phone(number.digits)
    keep = 3 if number.kind == "identity" else 0
    hidden = len(number.digits) - keep - 4
    return number.digits[:keep] + PLACEHOLDER * hidden + number.digits[-4:]
