"""Knowledge entries over the API: drafts for editors, publishing for who has the right."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja import Status as Created

from desk.api.errors import forbidden, invalid, not_found
from desk.api.paging import LIMIT, page
from desk.knowledge.files.exporting import as_row
from desk.knowledge.foresight.guard import reason_against
from desk.knowledge.listing import containing
from desk.knowledge.models import Category, Entry
from desk.knowledge.publishing import publish, save_draft, withdraw
from desk.knowledge.versions import newest, status_of
from desk.people.models import Department, User
from desk.people.rights import Right, may

router = Router(tags=["knowledge"])
_LISTS = {"similar_questions", "keywords"}
_MOMENTS = {"effective_from", "effective_to", "confirmed_on"}


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Change(Schema):
    question: str | None = None
    similar_questions: list[str] | None = None
    answer: str | None = None
    department: str | None = None
    hotlines: list[str] | None = None
    category: str | None = None
    keywords: list[str] | None = None
    source: str | None = None
    document_number: str | None = None
    effective_from: datetime | None = None
    effective_to: datetime | None = None
    status: Status | None = None
    confirmed_on: date | None = None


class NewEntry(Change):
    external_id: str


@router.get("")
def list_entries(
    request: HttpRequest, q: str = "", cursor: str | None = None, limit: int = LIMIT
) -> dict[str, Any]:
    _writer(request)
    found, following = page(containing(_entries(), q), cursor, limit)
    return {"items": [as_json(entry) for entry in found], "next": following}


@router.get("/{external_id}")
def read_entry(request: HttpRequest, external_id: str) -> dict[str, Any]:
    _writer(request)
    return as_json(_find(external_id))


@router.post("", response={201: dict[str, Any]})
def create_entry(request: HttpRequest, body: NewEntry) -> Created[dict[str, Any]]:
    user = _writer(request)
    if Entry.objects.filter(external_id=body.external_id).exists():
        raise invalid(
            _("There is an entry with this id already: %s") % body.external_id, "external_id"
        )
    if not (body.question or "").strip() or not (body.answer or "").strip():
        raise invalid(_("`question` and `answer` are needed."))
    with transaction.atomic():
        entry = Entry(external_id=body.external_id, live=False)
        _apply(entry, body)
        _store(entry, body, user)
    return Created(201, as_json(_find(body.external_id)))


@router.patch("/{external_id}")
def change_entry(request: HttpRequest, external_id: str, body: Change) -> dict[str, Any]:
    user = _writer(request)
    with transaction.atomic():
        stored = Entry.objects.select_for_update().filter(external_id=external_id).first()
        if stored is None:
            raise not_found(external_id)
        entry = stored.get_latest_revision_as_object()
        _apply(entry, body)
        _store(entry, body, user)
    return as_json(_find(external_id))


def _apply(entry: Entry, body: Change) -> None:
    given = body.dict(exclude_unset=True, exclude={"status", "external_id"})
    if "department" in given:
        entry.department = _one(Department, given.pop("department"), _("Unknown department: %s"))
    if "category" in given:
        entry.category = _one(Category, given.pop("category"), _("Unknown category: %s"))
    if "hotlines" in given:
        entry.hotline_codes = given.pop("hotlines") or []
    for name, value in given.items():
        setattr(entry, name, _emptied(name) if value is None else value)


def _emptied(name: str) -> Any:
    """What `null` makes of a field."""
    if name in _LISTS:
        return []
    return None if name in _MOMENTS else ""


def _one(model: type[Any], name: str | None, message: str) -> Any:
    if not name:
        return None
    found = model.objects.filter(name=name).first()
    if found is None:
        raise invalid(message % name)
    return found


def _store(entry: Entry, body: Change, user: User) -> None:
    if body.status in {Status.PUBLISHED, Status.WITHDRAWN} and not may(
        user, Right.PUBLISH_KNOWLEDGE
    ):
        raise forbidden()
    if body.status is Status.PUBLISHED and _waits_for_somebody_else(entry, user):
        raise forbidden()
    try:
        if body.status is Status.PUBLISHED:
            if reason := reason_against(entry.to_article(), timezone.now()):
                raise invalid(reason)
            publish(entry, user)
        elif body.status is Status.WITHDRAWN:
            save_draft(entry, user)
            withdraw(entry, user)
        else:
            save_draft(entry, user)
    except ValidationError as error:
        raise invalid("；".join(error.messages)) from error


def _waits_for_somebody_else(entry: Entry, user: User) -> bool:
    """Under review, and this user submitted it: four eyes hold here as on the page."""
    if entry.pk is None or not entry.workflow_in_progress:
        return False
    submitter = entry.current_workflow_state.requested_by_id
    return bool(submitter == user.pk)


def as_json(entry: Entry) -> dict[str, Any]:
    """The latest version, as an editor sees it; `status` tells whether citizens see one."""
    latest = newest(entry)
    row = as_row(latest)
    return row | {
        "effective_from": row["effective_from"] or None,
        "effective_to": row["effective_to"] or None,
        "confirmed_on": row["confirmed_on"] or None,
        "status": status_of(entry),
        "unpublished_changes": entry.has_unpublished_changes,
        "version": entry.live_revision_id or 0,
    }


def _writer(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    if not may(user, Right.WRITE_KNOWLEDGE):
        raise forbidden()
    return user


def _entries() -> QuerySet[Entry]:
    return Entry.objects.select_related("department", "category", "latest_revision")


def _find(external_id: str) -> Entry:
    entry = _entries().filter(external_id=external_id).first()
    if entry is None:
        raise not_found(external_id)
    return entry
