"""The columns that an editor needs in the list of entries."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column

from desk.knowledge.models import Entry


def tag(words: str, kind: str = "") -> SafeString:
    return format_html('<span class="q-tag {}">{}</span>', kind, words)


def state_of(entry: Any) -> SafeString:
    """Where it has come to; two tags when a draft waits over what is live."""
    tags = []
    if entry.live:
        tags.append(tag(_("Live"), "ok"))
    elif entry.was_live:
        tags.append(tag(_("Withdrawn")))
    if getattr(entry, "is_under_review", False):
        tags.append(tag(_("Waiting for review"), "soon"))
    elif not entry.was_live or (entry.live and entry.has_unpublished_changes):
        tags.append(tag(_("Draft")))
    return format_html("{}" * len(tags), *tags)


def end_of(entry: Entry) -> str | SafeString:
    if entry.effective_to is None:
        return "—"
    day = localtime(entry.effective_to).date().isoformat()
    return tag(day, "late") if entry.effective_to <= timezone.now() else day


def hotlines_of(entry: Entry) -> str:
    return "、".join(entry.hotline_codes) or _("The whole city")


def last_change_of(entry: Entry) -> SafeString:
    revision = entry.latest_revision
    at = revision.created_at if revision else entry.created_at
    return format_html(
        '{} <span class="q-when">{}</span>',
        (revision and revision.user) or "",
        f"{localtime(at):%Y-%m-%d %H:%M}",
    )


def number_of(entry: Entry) -> str | SafeString:
    if not entry.is_demo:
        return entry.external_id
    return format_html("{} {}", entry.external_id, tag(_("Demo"), "soon"))


def _column(name: str, label: Any, accessor: Any, sort_key: str = "", wide: bool = False) -> Column:
    """On a phone a row is a card, and what is `wide` is left out."""
    return Column(
        name,
        label=label,
        accessor=accessor,
        sort_key=sort_key or None,
        classname="q-col q-col-wide" if wide else "q-col",
    )


ENTRY_COLUMNS = [
    _column("external_id", gettext_lazy("Id"), number_of, "external_id"),
    _column("department", gettext_lazy("Department"), "department", "department__name"),
    _column("hotlines", gettext_lazy("Hotlines"), hotlines_of, wide=True),
    _column("state", gettext_lazy("Status"), state_of),
    _column("effective_to", gettext_lazy("In force until"), end_of, "effective_to", wide=True),
    _column(
        "changed",
        gettext_lazy("Last change"),
        last_change_of,
        "latest_revision__created_at",
        wide=True,
    ),
]
