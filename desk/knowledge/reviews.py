"""Reviews that are going on: those that wait for somebody, and those that somebody started."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState, WorkflowState

from desk.knowledge.models import Entry
from desk.knowledge.review import ReviewTask
from desk.people.models import User

MOST = 10


@dataclass(frozen=True)
class Review:
    entry: Entry
    by: User | None
    at: datetime
    revision: int
    sent_back: bool = False
    comment: str = ""


def to_review(user: User) -> list[Review]:
    """The oldest first; what somebody submitted themselves is not theirs to review."""
    task = ReviewTask.objects.first()
    if task is None:
        return []
    states = (
        task.get_task_states_user_can_moderate(user)
        .select_related("workflow_state__requested_by")
        .order_by("started_at")[:MOST]
    )
    return _with_entries(states)


def submitted_by(user: User) -> list[Review]:
    """Still under review, or sent back; the newest first."""
    states = (
        TaskState.objects.filter(
            workflow_state__requested_by=user,
            workflow_state__base_content_type=ContentType.objects.get_for_model(Entry),
            workflow_state__status__in=[
                WorkflowState.STATUS_IN_PROGRESS,
                WorkflowState.STATUS_NEEDS_CHANGES,
            ],
            workflowstate__isnull=False,
        )
        .select_related("workflow_state__requested_by")
        .order_by("-started_at")[:MOST]
    )
    return _with_entries(states)


def _with_entries(states: Iterable[TaskState]) -> list[Review]:
    states = list(states)
    entries = Entry.objects.in_bulk([int(state.workflow_state.object_id) for state in states])
    return [
        Review(
            entry=entry,
            by=state.workflow_state.requested_by,
            at=state.started_at,
            revision=state.revision_id,
            sent_back=state.status == TaskState.STATUS_REJECTED,
            comment=state.comment,
        )
        for state in states
        if (entry := entries.get(int(state.workflow_state.object_id))) is not None
    ]
