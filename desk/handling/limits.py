"""How often a link may be used: whoever guesses, or scrapes, is stopped; who works is not."""

from __future__ import annotations

from desk.pages.uses import count_use, uses

USES_A_MINUTE = 60  # of one link
WRONG_A_MINUTE = 20  # from one address


def allows_use(token: str) -> bool:
    return count_use("letter", token) <= USES_A_MINUTE


def allows_wrong(address: str) -> bool:
    """Counts a link that was not ours; False when this address has tried too many."""
    return count_use("wrong-letter", address) <= WRONG_A_MINUTE


def is_guessing(address: str) -> bool:
    return uses("wrong-letter", address) > WRONG_A_MINUTE
