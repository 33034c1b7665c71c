"""When an entry counts, written as a day; a time is possible. The last day counts to its end."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from desk.cases.moments import SHANGHAI


class DayField(forms.CharField):
    """A day (or a day and a time) of Shanghai; `ends` makes a bare day last to its end."""

    def __init__(self, *, ends: bool = False, **options: Any) -> None:
        self.edge = time.max if ends else time.min
        super().__init__(**options)
        self.widget.attrs |= {"placeholder": "2026-01-31", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        local = localtime(value, SHANGHAI)
        if local.time() == self.edge:
            return local.date().isoformat()
        return local.replace(tzinfo=None).isoformat(" ", timespec="minutes")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value
        text = (value or "").strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text.replace("/", "-"))
        except ValueError as error:
            raise forms.ValidationError(_("Please write a day: 2026-01-31")) from error
        if len(text) == len("2026-01-31"):
            moment = datetime.combine(moment.date(), self.edge)
        return moment.replace(tzinfo=SHANGHAI)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            given = self.to_python(data)
        except forms.ValidationError:
            return True
        return bool(given != self.to_python(initial))
