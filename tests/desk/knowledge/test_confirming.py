"""Citizens are told the month in which an entry was confirmed; it must be true."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from desk.knowledge.confirming import today
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish, save_draft
from desk.people.models import User
from tests.desk.knowledge.conftest import an_entry, browser_of
from tests.desk.knowledge.test_review import send

DAY = date(2026, 3, 2)
APPROVE = {"action-workflow-action": "1", "workflow-action-name": "approve"}


def kept() -> Entry:
    return Entry.objects.get()


def test_a_second_persons_approval_confirms_it(editor: User, reviewer: User) -> None:
    entry = an_entry()
    save_draft(entry, editor)
    send(editor, entry, **{"action-submit": "1"})
    send(reviewer, entry, **APPROVE)
    assert kept().live
    assert kept().confirmed_on == today()
    assert kept().to_article().confirmed_on == today()


def test_a_day_that_was_given_with_it_stays(editor: User, reviewer: User) -> None:
    entry = an_entry()
    save_draft(entry, editor)
    send(editor, entry, confirmed_on=DAY.isoformat(), **{"action-submit": "1"})
    send(reviewer, entry, confirmed_on=DAY.isoformat(), **APPROVE)
    assert kept().confirmed_on == DAY


def test_who_publishes_their_own_confirms_nothing(reviewer: User) -> None:
    publish(an_entry(), reviewer)
    assert kept().confirmed_on is None


def test_another_answer_is_confirmed_by_nobody(reviewer: User) -> None:
    publish(an_entry(confirmed_on=DAY), reviewer)
    changed = kept()
    changed.answer = "另一个答案"
    publish(changed, reviewer)
    assert kept().confirmed_on is None


def test_another_keyword_leaves_it_confirmed(reviewer: User) -> None:
    publish(an_entry(confirmed_on=DAY), reviewer)
    changed = kept()
    changed.keywords = "供暖"
    publish(changed, reviewer)
    assert kept().confirmed_on == DAY


def test_several_published_at_once_by_another_are_confirmed(editor: User, reviewer: User) -> None:
    entry = an_entry()
    save_draft(entry, editor)
    page = browser_of(reviewer)
    page.post(f"/admin/bulk/knowledge/entry/publish/?id={entry.pk}&next=/admin/")
    assert kept().live
    assert kept().confirmed_on == today()


def test_a_day_to_come_is_refused(reviewer: User) -> None:
    with pytest.raises(ValidationError, match="confirmed_on"):
        publish(an_entry(confirmed_on=date(2999, 1, 1)), reviewer)
