"""How often pages of cases may be opened and used: by link, and by address for links that are
none."""

from __future__ import annotations

from desk.pages.uses import count_use

OPENED = 60  # a minute and link
CHANGED = 10  # a minute and link
WRONG = 30  # a minute and address


def is_too_often(what: str, who: str, most: int) -> bool:
    """Count one more; whether it is too many in this minute."""
    return count_use(f"case-page-{what}", who) > most
