"""What else is asked of the same matter: out of the candidates that were found anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from kb_index.article import Article
from kb_index.twins import ALIKE, are_twins, likeness

MOST = 2
NEAR = 0.22  # of what two questions say, both say: the same matter, of one department or category
LONGEST = 26  # characters of a question: it has to fit on a button


def further_of(answer: Article, candidates: Sequence[Article]) -> tuple[Article, ...]:
    """The nearest of the same matter, but no twin of the answer or of each other: which of those
    is theirs the citizen has said, or has been asked."""
    near = sorted(
        (one for one in candidates if _of_the_same_matter(answer, one)),
        key=lambda one: -likeness(answer.question, one.question),
    )
    return tuple(islice(_different([answer], near), MOST))


def _of_the_same_matter(answer: Article, other: Article) -> bool:
    if len(other.question) > LONGEST or other.external_id == answer.external_id:
        return False
    if answer.category and other.category:
        is_near = answer.category == other.category
    else:
        is_near = bool(answer.department) and answer.department == other.department
    return is_near and likeness(answer.question, other.question) >= NEAR


def _different(shown: list[Article], others: Sequence[Article]) -> Iterator[Article]:
    for other in others:
        if not any(_says_the_same(one, other) for one in shown):
            shown.append(other)
            yield other


def _says_the_same(one: Article, other: Article) -> bool:
    return likeness(one.question, other.question) >= ALIKE or are_twins(one, other)
