"""The knowledge pages at /admin/: entries with draft, review and history; the lists they use."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from desk.knowledge.columns import ENTRY_COLUMNS
from desk.knowledge.foresight.guard import reason_against
from desk.knowledge.forms import DepartmentForm, HotlineForm
from desk.knowledge.listing import EntryFilters, containing, under_review
from desk.knowledge.models import Category, Entry
from desk.knowledge.panels import entry_panels
from desk.people.models import Department, Hotline

FORMATS = ("xlsx", "csv", "jsonl")


class EntryIndexView(IndexView):
    default_ordering = "-latest_revision__created_at"

    def get_base_queryset(self) -> QuerySet[Entry]:
        return (
            Entry.objects.select_related("department", "latest_revision__user")
            .defer("latest_revision__content")
            .annotate(is_under_review=under_review())
        )

    def search_queryset(self, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return containing(queryset, self.search_query)

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = super().header_buttons
        if self.user_has_permission("add"):
            buttons.append(
                HeaderButton(_("Import"), url=reverse("knowledge:import"), icon_name="upload")
            )
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        query = {key: value for key, value in self.request.GET.items() if key[0] != "_"}
        return [
            Button(
                _("Export this list as %s") % ending.upper(),
                url=reverse("knowledge:export", args=[ending]) + f"?{urlencode(query)}",
                icon_name="download",
                priority=number,
            )
            for number, ending in enumerate(FORMATS)
        ]


class _Guarded:
    """Neither a page nor a plan publishes what would make a guarded question go wrong."""

    def is_valid(self: Any, form: Any) -> bool:
        publishes = self.action == "publish" or (
            self.action == "workflow-action" and self.workflow_action == "approve"
        )
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if publishes and (reason := reason_against(form.instance.to_article(), timezone.now())):
            form.add_error(None, reason)
            self.produced_error_code = "validation_error"
            self.produced_error_message = _("It was not published.")
            return False
        return True


class _WithQuestion(_Guarded, CreateView):
    """A new entry may begin with what a citizen asked."""

    def get_initial_form_instance(self) -> Entry:
        instance: Entry = super().get_initial_form_instance() or Entry()
        instance.question = self.request.GET.get("question", "")[:200]
        return instance


class EntryEditView(_Guarded, EditView):
    def get_success_message(self, instance: Entry | None = None) -> str:
        if self.action != "workflow-action":
            return super().get_success_message(instance)
        entry = instance or self.object
        if self.workflow_action == "approve":
            return _("“%s” is approved and live.") % entry
        return _("“%s” is sent back, with your comment.") % entry

    def get_available_actions(self) -> list[str]:
        """What is under review is published by its approval, not past it."""
        actions = super().get_available_actions()
        if self.object.workflow_in_progress:
            actions = [action for action in actions if action != "publish"]
        return actions


class _WithoutUsage(SnippetViewSet):
    """What names a department is found by the lists' filters; Wagtail's page of it is none."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        given: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return given | {"usage_url_name": None}


class EntryViewSet(_WithoutUsage):
    model = Entry
    icon = "doc-full"
    menu_label = gettext_lazy("Entries")
    menu_name = "entries"
    menu_order = 100
    add_to_admin_menu = True
    admin_url_namespace = "knowledge_entries"
    base_url_path = "knowledge/entries"
    index_view_class = EntryIndexView
    add_view_class = _WithQuestion
    edit_view_class = EntryEditView
    filterset_class = EntryFilters
    search_fields = ["question", "similar_questions", "answer"]
    list_display = ["question", *ENTRY_COLUMNS]
    list_per_page = 50
    copy_view_enabled = False

    def get_edit_handler(self) -> ObjectList:
        return entry_panels().bind_to_model(self.model)


class InUse(DeleteView):
    """Cases, entries and people hold on to what they name; then nothing is deleted."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError as error:
            said = _("“%(name)s” stays: %(count)d entries, cases or others name it.")
            messages.error(
                self.request, said % {"name": self.object, "count": len(error.protected_objects)}
            )
            return redirect(self.get_success_url())  # the list
        return response


class DepartmentViewSet(_WithoutUsage):
    model = Department
    icon = "group"
    menu_label = gettext_lazy("Departments")
    list_display = ["name", "purpose"]
    search_fields = ["name", "purpose"]
    delete_view_class = InUse
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("purpose"),
            FieldPanel("handles"),
            FieldPanel("categories"),
        ],
        base_form_class=DepartmentForm,
    )


class HotlineViewSet(_WithoutUsage):
    model = Hotline
    icon = "comment"
    menu_label = gettext_lazy("Hotlines")
    list_display = ["code", "name", "district", "hours"]
    search_fields = ["code", "name", "district"]
    delete_view_class = InUse
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("code", "name", "district", "scope", "hours", "staffing")],
        base_form_class=HotlineForm,
    )


class CategoryViewSet(_WithoutUsage):
    model = Category
    icon = "tag"
    menu_label = gettext_lazy("Categories")
    list_display = ["name"]
    search_fields = ["name"]
    delete_view_class = InUse
    copy_view_enabled = False
    edit_handler = ObjectList([FieldPanel("name")])


class ListsGroup(SnippetViewSetGroup):
    """Seen by administrators: nobody else holds a right on these models."""

    items = (DepartmentViewSet, HotlineViewSet, CategoryViewSet)
    menu_label = gettext_lazy("Lists")
    menu_name = "lists"
    menu_icon = "list-ul"
    menu_order = 300
