"""Lists that editors write as people do: one a line, or ticked; stored as JSON."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


class PlainEncoder(json.JSONEncoder):
    """Chinese as it is written, so that a search for it finds it on SQLite too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))


class LinesFormField(forms.CharField):
    """A text area whose lines are the items of a list."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        lines = (line.strip() for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class LinesField(models.JSONField):
    """A list of short texts."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"encoder": PlainEncoder}))

    def formfield(self, **kwargs: Any) -> Any:
        return LinesFormField(
            label=self.verbose_name,
            required=not self.blank,
            help_text=self.help_text or _("One a line."),
        )


class HotlinesFormField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        """A page that was opened before a merge may tick a line that is none any more."""
        from desk.people.serving import all_serving

        return all_serving(super().to_python(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(data or [])


class HotlinesField(models.JSONField):
    """Codes of hotlines; none of them means the whole city."""

    def formfield(self, **kwargs: Any) -> Any:
        return HotlinesFormField(
            label=self.verbose_name,
            required=False,
            choices=_hotline_choices,
            help_text=self.help_text,
        )


def _hotline_choices() -> list[tuple[str, str]]:
    from desk.people.serving import serving_lines

    return [(hotline.code, str(hotline)) for hotline in serving_lines()]
