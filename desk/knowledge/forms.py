"""The forms of the knowledge pages: an entry, and the lists it chooses from."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from desk.knowledge.days import DayField
from desk.knowledge.lists import LinesFormField
from desk.knowledge.models import Entry

_NUMBERED = re.compile(r"KB-(\d+)")


class EntryForm(WagtailAdminModelForm):
    """The id is proposed once and stays: imports and the index know the entry by it."""

    effective_from = DayField(
        label=_("in force from"),
        required=False,
        help_text=_("Citizens are told nothing of it before. Empty: as soon as it is published."),
    )
    effective_to = DayField(
        label=_("in force until"),
        required=False,
        ends=True,
        help_text=_("The last day counts to its end. Empty: until somebody withdraws it."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "external_id" not in self.fields:
            return
        if self.instance.pk:
            self.fields["external_id"].disabled = True
        elif not self.initial.get("external_id"):
            self.initial["external_id"] = next_id()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("effective_from"), cleaned.get("effective_to")
        if begins and ends and ends <= begins:
            self.add_error("effective_to", ValidationError(_("It would end before it begins.")))
        return cleaned


def next_id() -> str:
    """The number after the highest of ours."""
    names = Entry.objects.filter(external_id__startswith="KB-").values_list(
        "external_id", flat=True
    )
    taken = [int(found[1]) for name in names.iterator() if (found := _NUMBERED.fullmatch(name))]
    return f"KB-{max(taken, default=0) + 1:04d}"


class DepartmentForm(WagtailAdminModelForm):
    handles = LinesFormField(
        label=_("handles"), required=False, help_text=_("What it deals with, one a line.")
    )
    categories = LinesFormField(label=_("categories"), required=False, help_text=_("One a line."))


class HotlineForm(WagtailAdminModelForm):
    """A hotline's code is its key: talks, cases and entries name it, so it stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["code"].disabled = True
