"""How the line shares its talks out, and how many are drawn for review. The other line goes on by
its own rules; the merged line's end, and are kept word for word in the report.
"""

from __future__ import annotations

from datetime import datetime

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.lines.merging.kinds import Findings, Kind, Lines
from desk.people.models import HotlineRule
from desk.reviewing.models import SampleRule


def look(lines: Lines) -> Findings:
    rules: list[HotlineRule | SampleRule] = [
        *HotlineRule.objects.select_related("skill").filter(hotline=lines.source),
        *SampleRule.objects.filter(hotline=lines.source),
    ]
    found = Findings(count=len(rules), kept=[_in_words(rule) for rule in rules])
    skill = next((rule.skill for rule in rules if isinstance(rule, HotlineRule)), None)
    if skill is not None:
        found.conflicts.append(
            _("Talks of %(line)s need the skill “%(skill)s”; those of %(into)s go by its own rule.")
            % {"line": lines.source, "skill": skill, "into": lines.into}
        )
    return found


def move(lines: Lines, _actor: Actor, _at: datetime) -> int:
    of_talks, _each = HotlineRule.objects.filter(hotline=lines.source).delete()
    of_samples, _each = SampleRule.objects.filter(hotline=lines.source).delete()
    return of_talks + of_samples


def _in_words(rule: HotlineRule | SampleRule) -> str:
    values = model_to_dict(rule, exclude=["id", "hotline"])
    return f"{rule._meta.model_name}: " + ", ".join(f"{key}={values[key]}" for key in values)


KIND = Kind("rules", gettext_lazy("Rules of talks and samples"), look, move)
