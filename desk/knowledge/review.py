"""Four eyes: an entry that somebody submitted is approved by somebody else, and then live."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import (
    AbstractGroupApprovalTask,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from desk.knowledge.confirming import confirm, today
from desk.people.models import Role, User

WORKFLOW = "审核"


class ReviewTask(AbstractGroupApprovalTask):
    """Reviewers approve or send back; never what they submitted themselves."""

    class Meta:
        verbose_name = gettext_lazy("review by a second person")
        verbose_name_plural = gettext_lazy("reviews by a second person")

    @classmethod
    def get_description(cls) -> str:
        return _("A reviewer other than whoever submitted it approves; then it is published.")

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """Under review, the submitter can only read and take it back."""
        return self._is_own(obj, user) or super().locked_for_user(obj, user)

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, str, bool]]:
        if self._is_own(obj, user) or not super().get_actions(obj, user):
            return []
        return [
            ("reject", _("Send back"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Comment and approve"), True),
        ]

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> Any:
        """The last door: whatever page or command asks, it is refused here."""
        if task_state.workflow_state.requested_by_id == user.pk:
            raise PermissionDenied(_("You submitted it; somebody else has to review it."))
        if action_name == "approve":
            # Later: it reads the models that this module is part of.
            from desk.knowledge.foresight.guard import newest_article, reason_against

            entry = task_state.workflow_state.content_object
            if reason := reason_against(newest_article(entry), timezone.now()):
                raise PermissionDenied(reason)
            confirm(task_state.workflow_state.content_object, today())
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    def _is_own(self, obj: Any, user: User) -> bool:
        state = obj.current_workflow_state
        return state is not None and state.requested_by_id == user.pk


def prepare_review(entry_model: type[Any]) -> None:
    """Make the review of entries, or mend it; safe to repeat."""
    group, _created = Group.objects.get_or_create(name=Role.REVIEWER.value)
    task = ReviewTask.objects.first() or ReviewTask.objects.create(name=WORKFLOW)
    task.groups.set([group])
    content_type = ContentType.objects.get_for_model(entry_model)
    if WorkflowContentType.objects.filter(content_type=content_type).exists():
        return
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(content_type=content_type, workflow=workflow)
