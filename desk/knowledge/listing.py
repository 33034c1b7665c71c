"""Which entries a list shows: the same words and filters for the page, the export and the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import WorkflowState

from desk.knowledge.models import Category, Entry
from desk.people.models import Department
from desk.people.serving import serving_lines

LIVE, CHANGED, REVIEW, DRAFT, WITHDRAWN = "live", "changed", "review", "draft", "withdrawn"
STATUSES = (
    (LIVE, _("Live")),
    (CHANGED, _("Live, with a newer draft")),
    (REVIEW, _("Waiting for review")),
    (DRAFT, _("Draft, never live")),
    (WITHDRAWN, _("Withdrawn")),
)
IN_FORCE, SOON, EXPIRED, NOT_YET = "now", "soon", "expired", "not_yet"
FORCE = (
    (IN_FORCE, _("In force")),
    (SOON, _("Ends within 14 days")),
    (EXPIRED, _("Ended")),
    (NOT_YET, _("Not yet in force")),
)
CITY = "-"
SOON_DAYS = 14


def containing(rows: QuerySet[Entry], words: str) -> QuerySet[Entry]:
    """Entries that hold every one of the words, wherever: Chinese has no words to index here."""
    for word in words.split():
        rows = rows.filter(
            Q(question__icontains=word)
            | Q(similar_questions__icontains=word)
            | Q(answer__icontains=word)
            | Q(keywords__icontains=word)
            | Q(external_id__icontains=word)
        )
    return rows


def under_review() -> Exists:
    """A reviewer has it before them."""
    return Exists(
        WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Entry),
            object_id=Cast(OuterRef("pk"), CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
    )


def with_status(rows: QuerySet[Entry], status: str) -> QuerySet[Entry]:
    if status == LIVE:
        return rows.filter(live=True)
    if status == CHANGED:
        return rows.filter(live=True, has_unpublished_changes=True)
    if status == REVIEW:
        return rows.filter(under_review())
    if status == DRAFT:
        return rows.filter(live=False, first_published_at=None)
    if status == WITHDRAWN:
        return rows.filter(live=False, first_published_at__isnull=False)
    return rows


def by_force(rows: QuerySet[Entry], force: str) -> QuerySet[Entry]:
    now = timezone.now()
    begun = Q(effective_from=None) | Q(effective_from__lte=now)
    if force == IN_FORCE:
        return rows.filter(begun, Q(effective_to=None) | Q(effective_to__gt=now))
    if force == SOON:
        soon = now + timedelta(days=SOON_DAYS)
        return rows.filter(begun, effective_to__gt=now, effective_to__lte=soon)
    if force == EXPIRED:
        return rows.filter(effective_to__lte=now)
    if force == NOT_YET:
        return rows.filter(effective_from__gt=now)
    return rows


def _hotlines() -> list[tuple[str, Any]]:
    return [(CITY, _("The whole city")), *((h.code, str(h)) for h in serving_lines())]


def entries_of(query: Mapping[str, Any], rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The rows that a list with this query string shows."""
    filters = EntryFilters(data=query)
    rows = filters.filter_queryset(rows) if filters.is_valid() else rows
    return containing(rows, query.get("q") or "")


class EntryFilters(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=STATUSES,
        method="filter_status",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    force = django_filters.ChoiceFilter(
        label=_("In force"),
        choices=FORCE,
        method="filter_force",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    hotline = django_filters.ChoiceFilter(
        label=_("Hotline"), choices=_hotlines, method="filter_hotline", empty_label=_("All")
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department"), queryset=Department.objects.all(), empty_label=_("All")
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.all(), empty_label=_("All")
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def filter_status(self, rows: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        return with_status(rows, value)

    def filter_force(self, rows: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        return by_force(rows, value)

    def filter_hotline(self, rows: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        if value == CITY:
            return rows.filter(hotline_codes__icontains="[]")
        return rows.filter(hotline_codes__icontains=f'"{value}"')
