"""What an entry is now: its newest words, and whether citizens are told any of them."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.db.models import Field

from desk.knowledge.models import Category, Entry
from desk.people.models import Department

_WORDS = (
    "question",
    "similar_questions",
    "answer",
    "hotline_codes",
    "keywords",
    "source",
    "document_number",
    "effective_from",
    "effective_to",
    "confirmed_on",
)


def newest(entry: Entry) -> Entry:
    """A copy with the words of the newest version, for reading.

    Where `latest_revision` was selected with the row it asks the database only for a department
    or category that the draft changed, so that a list costs no query a row.
    """
    if not entry.has_unpublished_changes or entry.latest_revision is None:
        return entry
    content: dict[str, Any] = entry.latest_revision.content
    draft = copy(entry)
    draft._state = copy(entry._state)
    draft._state.fields_cache = dict(entry._state.fields_cache)
    for name in _WORDS:
        if name in content:
            field = Entry._meta.get_field(name)
            assert isinstance(field, Field)
            setattr(draft, name, field.to_python(content[name]))
    # They may be gone since: a draft holds its department by number only.
    if (key := content.get("department")) != entry.department_id:
        draft.department = Department.objects.filter(pk=key or 0).first()
    if (key := content.get("category")) != entry.category_id:
        draft.category = Category.objects.filter(pk=key or 0).first()
    return draft


def status_of(entry: Entry) -> str:
    if entry.live:
        return "published"
    return "withdrawn" if entry.was_live else "draft"
