"""The tokens of a text that is indexed: those of `kb_index.words`, at half the cost.

Which of them are generic is asked of queries and candidates only, and what is read once while an
index is built must not push what is searched out of the caches, nor stay in memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb_index.normal import normalise
from kb_index.synonyms import EVERYWHERE
from kb_index.words import UNIT


def tokens_of(text: str) -> Iterator[str]:
    """The same as `words_of(text).every`, in another order."""
    normalised: str = normalise.__wrapped__(text)
    before, end = "", 0
    for unit in UNIT.finditer(normalised):
        token, start = unit.group(), unit.start()
        yield token
        if before and (start == end or normalised[end:start].isspace()):
            yield before + token
        before, end = token, unit.end()
    yield from EVERYWHERE.tokens(normalised)
