"""What a supervisor fills in: points and remarks, a ruling, the rules of sampling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from desk.reviewing.acting import LONGEST
from desk.reviewing.criteria import Card, Criterion, Given, criteria, red_lines
from desk.reviewing.models import Review, SampleRule
from desk.reviewing.rules import KEPT


@dataclass(frozen=True)
class Line:
    """One criterion of the form."""

    criterion: Criterion
    points: BoundField
    remark: BoundField
    line: BoundField


class ScoreForm(forms.Form):
    """`numbers`: ids of the talk's messages by the number that stands beside them."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    red_lines = forms.MultipleChoiceField(required=False)
    comment = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"class": "in short", "rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        review: Review,
        numbers: Mapping[int, int],
        is_given: bool = True,  # points are needed
    ) -> None:
        super().__init__(data, initial=_initial(review, numbers))
        self.criteria = criteria(of_bot=review.of_bot)
        self.numbers, self.is_given = numbers, is_given
        self.crossable = red_lines(of_bot=review.of_bot)
        crossable = [(one.key, one.label) for one in self.crossable]
        self.fields["red_lines"] = forms.MultipleChoiceField(required=False, choices=crossable)
        for one in self.criteria:
            attrs = {"class": "in s num", "inputmode": "numeric", "data-points": ""}
            self.fields[f"points_{one.key}"] = forms.IntegerField(
                min_value=0,
                max_value=one.most,
                required=is_given,
                widget=forms.NumberInput(attrs),
            )
            self.fields[f"remark_{one.key}"] = forms.CharField(
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea({"class": "in short", "rows": 2}),
            )
            self.fields[f"line_{one.key}"] = forms.IntegerField(
                required=False,
                widget=forms.NumberInput({"class": "in s num", "min": 1, "inputmode": "numeric"}),
            )

    def clean(self) -> dict[str, Any]:
        for one in self.criteria:
            number = self.cleaned_data.get(f"line_{one.key}")
            if number is not None and number not in self.numbers:
                self.add_error(f"line_{one.key}", _("There is no line %s.") % number)
        return self.cleaned_data

    def lines(self) -> Iterator[Line]:
        for one in self.criteria:
            key = one.key
            yield Line(one, self[f"points_{key}"], self[f"remark_{key}"], self[f"line_{key}"])

    def crossed(self) -> list[str]:
        """Which red lines are ticked as the form stands."""
        return [str(key) for key in self["red_lines"].value() or []]

    def card(self) -> Card:
        """Of a valid form."""
        had = self.cleaned_data
        return Card(
            given={
                one.key: Given(
                    points=had[f"points_{one.key}"],
                    remark=had[f"remark_{one.key}"],
                    message=self.numbers.get(had[f"line_{one.key}"] or 0),
                )
                for one in self.criteria
            },
            red_lines=tuple(had["red_lines"]),
            comment=had["comment"],
        )


class RulingForm(ScoreForm):
    """The same, with the reason of what is decided. Its emptiness is the action's to refuse."""

    reason = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"class": "in short", "rows": 3}),
    )


class SampleRuleForm(forms.ModelForm[SampleRule]):
    class Meta:
        model = SampleRule
        fields = list(KEPT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, one in self.fields.items():
            one.widget.attrs["class"] = "check" if name.endswith("_first") else "in"


def _initial(review: Review, numbers: Mapping[int, int]) -> dict[str, Any]:
    """As the score stands."""
    number_of = {pk: number for number, pk in numbers.items()}
    initial: dict[str, Any] = {
        "revision": review.revision,
        "red_lines": review.red_lines,
        "comment": review.comment,
    }
    for mark in review.marks.all():
        initial[f"points_{mark.criterion}"] = mark.points
        initial[f"remark_{mark.criterion}"] = mark.remark
        initial[f"line_{mark.criterion}"] = number_of.get(mark.message_id or 0)
    return initial
