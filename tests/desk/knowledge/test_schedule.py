"""What was approved for later, and what has an end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.knowledge.live import all_live
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish, save_draft, withdraw
from desk.knowledge.schedule import keep_schedule
from desk.people.models import User
from tests.desk.knowledge.conftest import an_entry

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def told(entry: Entry) -> str | None:
    return all_live([entry.external_id], "12345", timezone.now()).get(entry.external_id)


@pytest.fixture
def live(reviewer: User) -> Entry:
    entry = an_entry(answer="旧的答案")
    publish(entry, reviewer)
    return Entry.objects.get(pk=entry.pk)


def plan(entry: Entry, by: User, answer: str) -> None:
    """A version that is approved to go live an hour from now."""
    newest: Entry = entry.get_latest_revision_as_object()
    newest.answer, newest.go_live_at, newest.expire_at = answer, timezone.now() + HOUR, None
    save_draft(newest, by).publish(by, skip_permission_checks=True)


def later(entry: Entry, hours: float) -> None:
    """Time passes: all that is planned is that much nearer."""
    by = timedelta(hours=hours)
    for revision in entry.revisions.filter(approved_go_live_at__isnull=False):
        revision.approved_go_live_at -= by
        begins = timezone.datetime.fromisoformat(revision.content["go_live_at"]) - by
        revision.content["go_live_at"] = begins.isoformat()
        revision.save()
    entry.refresh_from_db()
    if entry.expire_at:
        Entry.objects.filter(pk=entry.pk).update(expire_at=entry.expire_at - by)


def test_a_planned_version_replaces_the_live_one_at_its_moment(live: Entry, reviewer: User) -> None:
    plan(live, reviewer, "新的答案")
    assert keep_schedule(timezone.now()) == 0
    assert told(live) == "旧的答案"
    later(live, 1.1)
    assert keep_schedule(timezone.now()) == 1
    assert told(live) == "新的答案"
    assert keep_schedule(timezone.now()) == 0


def test_past_its_end_nothing_is_said_even_before_anybody_looks(
    live: Entry, reviewer: User
) -> None:
    live.expire_at = timezone.now() + HOUR
    publish(live, reviewer)
    assert told(live) == "旧的答案"
    later(live, 1.1)
    assert told(live) is None
    assert keep_schedule(timezone.now()) == 1
    live.refresh_from_db()
    assert (live.live, live.expired) == (False, True)


def test_what_follows_an_end_goes_live_all_the_same(live: Entry, reviewer: User) -> None:
    live.expire_at = timezone.now() + HOUR / 2
    publish(live, reviewer)
    plan(live, reviewer, "新一年的答案")
    later(live, 0.6)
    assert keep_schedule(timezone.now()) == 1
    assert told(live) is None
    later(live, 0.6)
    assert keep_schedule(timezone.now()) == 1
    assert told(live) == "新一年的答案"


def test_withdrawing_drops_the_plan(live: Entry, reviewer: User) -> None:
    plan(live, reviewer, "新的答案")
    withdraw(live, reviewer)
    later(live, 1.1)
    assert keep_schedule(timezone.now()) == 0
    assert told(live) is None


def test_publishing_at_once_drops_the_plan(live: Entry, reviewer: User) -> None:
    plan(live, reviewer, "新的答案")
    entry = live.get_latest_revision_as_object()
    entry.answer = "现在就要说的"
    publish(entry, reviewer)
    assert told(live) == "现在就要说的"
    later(live, 1.1)
    assert keep_schedule(timezone.now()) == 0
    assert told(live) == "现在就要说的"
