"""What stands around the form of an entry: where it has come to, and what citizens hear now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
)

from desk.knowledge.forms import EntryForm
from desk.people.serving import serving_lines

VERSIONS_SHOWN = 5


class StandPanel(Panel):
    """The line above the form: id, demo mark, state, and what citizens see meanwhile."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "knowledge/panels/stand.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            entry = self.instance
            if entry.pk:
                state = entry.current_workflow_state
                context |= {
                    "entry": entry,
                    "review": state,
                    "under_review": state is not None and entry.workflow_in_progress,
                    "sent_back": state is not None and not entry.workflow_in_progress,
                    "comment": state.current_task_state.comment
                    if state and state.current_task_state
                    else "",
                }
            return context


class SimilarPanel(Panel):
    """What citizens said that belongs to this entry, to be added by one click."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "knowledge/panels/similar.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"entry": self.instance}


class TryPanel(Panel):
    """What publishing would change, the answer on a phone, a question to try, the last versions."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "knowledge/panels/try.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["hotlines"] = serving_lines()
            context["entry"] = entry = self.instance
            if entry.pk:
                context["versions"] = entry.revisions.select_related("user").order_by("-id")[
                    :VERSIONS_SHOWN
                ]
            return context


def entry_panels() -> ObjectList:
    return ObjectList(
        [
            StandPanel(classname="q-stand"),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "question",
                        help_text=_(
                            "One matter, as a citizen asks it: “How do I …”. It is shown on menus, "
                            "so up to 26 characters are best."
                        ),
                    ),
                    FieldPanel("answer", help_text=_("Citizens read it word for word.")),
                    FieldPanel(
                        "similar_questions",
                        help_text=_(
                            "As people really say it, one a line; four or more. Whole sentences, "
                            "no keywords; what another entry answers does not belong here."
                        ),
                    ),
                    SimilarPanel(),
                ],
                heading=_("What citizens ask and read"),
                classname="q-words",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("department", widget=forms.Select),
                            FieldPanel("category", widget=forms.Select),
                        ]
                    ),
                    FieldPanel(
                        "hotline_codes",
                        help_text=_(
                            "None ticked: the whole city. Tick one where the answer holds for its "
                            "citizens only."
                        ),
                    ),
                    FieldRowPanel([FieldPanel("source"), FieldPanel("document_number")]),
                    FieldRowPanel([FieldPanel("effective_from"), FieldPanel("effective_to")]),
                    FieldRowPanel([FieldPanel("confirmed_on"), FieldPanel("external_id")]),
                    FieldPanel("keywords"),
                ],
                heading=_("Whose it is, and how long it counts"),
                classname="q-facts",
            ),
            PublishingPanel(),  # drawn beside the form, in Wagtail's own dialog
            TryPanel(heading=_("Before it goes out"), classname="q-try"),
        ],
        base_form_class=EntryForm,
    )
