"""What colleagues reported stands on the editors' first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component

from desk.knowledge.models import Entry
from desk.lessons.models import WrongAnswer
from desk.lessons.wrong_answers import unsettled
from desk.people.rights import Right, may

SHOWN = 10


@dataclass(frozen=True)
class _Line:
    report: WrongAnswer
    told: str
    right: str
    edit: str  # address of the right entry's form, empty when there is none

    @classmethod
    def of(cls, report: WrongAnswer, entries: dict[str, Entry]) -> _Line:
        right = entries.get(report.right_entry)
        told = entries.get(report.entry)
        return cls(
            report,
            told.question if told else report.entry,
            right.question if right else "",
            reverse("knowledge_entries:edit", args=[right.pk]) if right else "",
        )


class WrongAnswersPanel(Component):
    """Answers of the bot that colleagues called wrong."""

    name = "wrong-answers"
    order = 40
    template_name = "lessons/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        reported = list(unsettled()[: SHOWN + 1])
        names = {name for one in reported for name in (one.entry, one.right_entry) if name}
        entries = {one.external_id: one for one in Entry.objects.filter(external_id__in=names)}
        return {
            "lines": [_Line.of(one, entries) for one in reported[:SHOWN]],
            "has_more": len(reported) > SHOWN,
        }


@hooks.register("construct_homepage_panels", order=10010)
def with_wrong_answers(request: HttpRequest, panels: list[Any]) -> None:
    if may(request.user, Right.WRITE_KNOWLEDGE) and unsettled().exists():
        panels.append(WrongAnswersPanel())
