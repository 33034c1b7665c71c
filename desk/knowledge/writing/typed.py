"""An entry as it stands in the form at this moment, finished or not: nothing is checked or kept."""

from __future__ import annotations

from django.http import QueryDict

from desk.knowledge.foresight.guard import newest_article
from desk.knowledge.lists import LinesFormField
from desk.knowledge.models import Category, Entry
from desk.pages.typed import storable, whole_number
from desk.people.models import Department
from kb_index.article import Article

LONGEST_ANSWER = 20_000  # characters
MOST_LINES = 200
NEW = "new-entry"  # where the form holds no id yet


def typed_article(post: QueryDict) -> Article:
    """As the index would hold it, in force: what is asked is what it says, not since when.

    `entry` is its row's number; a new one has none.
    """
    entry = Entry.objects.filter(pk=whole_number(post.get("entry")) or 0).first()
    if entry and "question" not in post:  # whoever submitted it cannot change it: nothing is sent
        return newest_article(entry)
    department = Department.objects.filter(pk=whole_number(post.get("department")) or 0).first()
    category = Category.objects.filter(pk=whole_number(post.get("category")) or 0).first()
    lines = LinesFormField()
    return Article(
        external_id=entry.external_id if entry else _text(post, "external_id", 120) or NEW,
        question=_text(post, "question", 200),
        similar_questions=tuple(lines.to_python(_text(post, "similar_questions"))[:MOST_LINES]),
        answer=_text(post, "answer", LONGEST_ANSWER),
        department=department.name if department else "",
        hotlines=tuple(post.getlist("hotline_codes")),
        category=category.name if category else "",
        keywords=tuple(lines.to_python(_text(post, "keywords"))[:MOST_LINES]),
        source=_text(post, "source", 200),
        document_number=_text(post, "document_number", 100),
        confirmed_on=entry.confirmed_on if entry else None,
    )


def _text(post: QueryDict, name: str, longest: int = LONGEST_ANSWER) -> str:
    return storable(post.get(name, "")).strip()[:longest]
