"""What can be done to many entries of the list at once: send to review, publish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from desk.knowledge.confirming import confirm, today
from desk.knowledge.foresight.guard import breaking
from desk.knowledge.listing import entries_of
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish
from desk.people.models import User
from desk.people.rights import Right, may

MOST = 200  # of one go: all of it is one transaction


class _EntriesAction(SnippetBulkAction):
    models = [Entry]
    template_name = "knowledge/bulk.html"
    sentence: Any = ""
    button: Any = ""

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Iterable[int]:
        """What the list showed, filter and search included, not every entry there is."""
        query = dict(parse_qsl(urlsplit(self.next_url).query))
        return entries_of(query, Entry.objects.all()).values_list("pk", flat=True)[:MOST]

    @classmethod
    def get_queryset(cls, model: type[Entry], object_ids: Any) -> QuerySet[Entry]:
        return model.objects.filter(pk__in=list(object_ids)[:MOST])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"sentence": self.sentence, "button": self.button, "most": MOST}


class SubmitEntries(_EntriesAction):
    display_name = gettext_lazy("Submit for review")
    aria_label = gettext_lazy("Submit the selected entries for review")
    action_type = "submit"
    action_priority = 10
    sentence = gettext_lazy("A reviewer then looks at each of them.")
    button = gettext_lazy("Submit for review")

    def check_perm(self, entry: Entry) -> bool:
        """A draft that nobody has before them yet."""
        return (
            may(self.request.user, Right.WRITE_KNOWLEDGE)
            and (not entry.live or entry.has_unpublished_changes)
            and not entry.workflow_in_progress
        )

    @classmethod
    def execute_action(cls, objects: list[Entry], **context: Any) -> tuple[int, int]:
        user = context["self"].request.user
        for entry in objects:
            state = entry.current_workflow_state
            if state is None:
                entry.get_workflow().start(entry, user)
            else:
                state.resume(user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return _("%d entries wait for review.") % num_parent_objects


class PublishEntries(_EntriesAction):
    display_name = gettext_lazy("Publish")
    aria_label = gettext_lazy("Publish the selected entries")
    action_type = "publish"
    action_priority = 20
    sentence = gettext_lazy("Citizens are told their newest version within a second.")
    button = gettext_lazy("Publish")

    def prepare_action(self, objects: list[Entry], objects_without_access: Any) -> None:
        """Before the transaction, since it asks the index: what has to stay a draft is said."""
        breaking_ones = breaking(objects, timezone.now())
        for entry in breaking_ones:
            words = _("“%s” stays a draft: a guarded question would go wrong.")
            messages.error(self.request, words % entry)
        objects[:] = [entry for entry in objects if entry not in breaking_ones]

    def check_perm(self, entry: Entry) -> bool:
        """What is under review is published by its approval, not past it."""
        return (
            may(self.request.user, Right.PUBLISH_KNOWLEDGE)
            and (not entry.live or entry.has_unpublished_changes)
            and not entry.workflow_in_progress
        )

    @classmethod
    def execute_action(cls, objects: list[Entry], **context: Any) -> tuple[int, int]:
        user: User = context["self"].request.user
        done = 0
        for entry in objects:
            if entry.latest_revision and entry.latest_revision.user_id not in (None, user.pk):
                confirm(entry, today())  # a second person stands for what another wrote
            try:
                publish(entry.get_latest_revision_as_object(), user)
            except ValidationError:
                continue  # an unfinished draft stays one
            done += 1
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return _("%d entries are live now.") % num_parent_objects
