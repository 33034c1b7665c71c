"""How Wagtail's admin becomes the knowledge pages: what it shows, in which order, how it looks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from desk.knowledge.bulk import PublishEntries, SubmitEntries
from desk.knowledge.counts import counts, questions
from desk.knowledge.reviews import MOST, submitted_by, to_review
from desk.knowledge.viewsets import EntryViewSet, ListsGroup
from desk.people.rights import Right, may

register_snippet(EntryViewSet)
register_snippet(ListsGroup)
hooks.register("register_bulk_action", SubmitEntries)
hooks.register("register_bulk_action", PublishEntries)

# Pages, pictures and documents are not what this desk keeps; Wagtail's addresses need the apps.
_MENU = {"entries", "lists", "settings", "import", "desk"}
_SETTINGS = {"users", "groups"}
STYLES = ("desk/tokens.css", "knowledge/admin.css")


class _ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, Right.WRITE_KNOWLEDGE)


@hooks.register("register_admin_menu_item")
def import_item() -> MenuItem:
    return _ImportItem(
        _("Import"), reverse("knowledge:import"), name="import", icon_name="upload", order=200
    )


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    return MenuItem(
        _("Back to the desk"),
        f"{reverse('home')}?",  # the mark keeps it from looking chosen on every page below "/"
        name="desk",
        icon_name="arrow-left",
        order=20000,
    )


@hooks.register("construct_main_menu", order=10000)
def only_knowledge(request: HttpRequest, items: list[Any]) -> None:
    lands_here = not (may(request.user, Right.TALK) or may(request.user, Right.READ_CASES))
    items[:] = [
        item for item in items if item.name in _MENU and not (item.name == "desk" and lands_here)
    ]


@hooks.register("construct_settings_menu", order=10000)
def only_people(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name in _SETTINGS]


@hooks.register("construct_help_menu", order=10000)
def no_help_of_wagtail(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


class CountsPanel(Component):
    """The figures; what waits for this person follows, then what citizens asked in vain."""

    name = "counts"
    order = 10
    template_name = "knowledge/home/counts.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"counts": counts(timezone.now())}


class ReviewsPanel(Component):
    """What waits for this person's review, and what they submitted themselves."""

    name = "reviews"
    order = 20
    template_name = "knowledge/home/reviews.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"to_review": to_review(user), "submitted": submitted_by(user), "most": MOST}


class QuestionsPanel(Component):
    name = "questions"
    order = 500
    template_name = "knowledge/home/questions.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            "questions": questions(timezone.now()),
            "may_write": may(request.user, Right.WRITE_KNOWLEDGE),
        }


@hooks.register("construct_homepage_panels", order=10000)
def only_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    # Wagtail's own lists have no limit, and a query a row.
    panels[:] = [CountsPanel(), ReviewsPanel(), QuestionsPanel()]


@hooks.register("construct_search", order=10000)
def no_search_for_pages(request: HttpRequest, areas: list[Any]) -> None:
    areas.clear()


@hooks.register("construct_homepage_summary_items", order=10000)
def no_page_counts(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("construct_snippet_action_menu", order=10000)
def commonest_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """One primary button: approve, publish or submit, whichever this person does here."""
    entry = context.get("instance")
    if entry is not None and getattr(entry, "workflow_in_progress", False):
        items[:] = [item for item in items if item.name != "action-publish"]
    wanted = ["approve", "action-publish", "action-submit", "action-save"]

    def place(item: Any) -> int:
        if item.name not in wanted or getattr(item, "launch_modal", False):
            return len(wanted)
        return wanted.index(item.name)

    items.sort(key=place)


@hooks.register("insert_global_admin_css")
def styles() -> SafeString:
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(name),) for name in STYLES)
    )


@hooks.register("insert_global_admin_js")
def scripts() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("knowledge/entry.js"))
