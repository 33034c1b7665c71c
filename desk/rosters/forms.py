"""What a supervisor sets: a hotline's rules, and what each agent can do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.people.models import HotlineRule, Skill, SkillNeed, User


class RuleForm(forms.ModelForm[HotlineRule]):
    class Meta:
        model = HotlineRule
        fields = [
            "handout",
            "shift_hours",
            "silent_minutes",
            "overflows",
            "overflow_minutes",
            "skill",
        ]
        help_texts = {
            "handout": gettext_lazy("A large line is one with eight agents or more."),
            "shift_hours": gettext_lazy("The first shift begins at 8:00."),
            "silent_minutes": gettext_lazy("The talk goes back to the queue, to its old place."),
            "overflow_minutes": gettext_lazy("Also when nobody is on shift here."),
            "skill": gettext_lazy("For talks of which it is not known what they are about."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, one in self.fields.items():
            one.widget.attrs["class"] = "check" if name == "overflows" else "in"


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["talk_limit", "skills"]


class SkillForm(forms.Form):
    """A skill with the categories whose talks need it; without a category the name alone."""

    name = forms.CharField(max_length=20)
    category = forms.CharField(max_length=60, required=False)

    def clean_category(self) -> str:
        category = str(self.cleaned_data["category"]).strip()
        taken = SkillNeed.objects.filter(category=category).select_related("skill").first()
        if taken is not None:
            raise ValidationError(
                _("Talks about %(what)s already need %(skill)s.")
                % {
                    "what": category,
                    "skill": taken.skill,
                }
            )
        return category

    def keep(self) -> Skill:
        skill, _is_new = Skill.objects.get_or_create(name=self.cleaned_data["name"].strip())
        if category := self.cleaned_data["category"]:
            SkillNeed.objects.create(category=category, skill=skill)
        return skill
