"""Every version that may still become live goes along where it stands: no draft is buried, no
review missed, nothing that waits for its day forgets its line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import pgettext
from wagtail.models import ModelLogEntry

from desk.cases.actors import SYSTEM, Actor
from desk.knowledge.models import Entry, IndexTask
from desk.knowledge.publishing import publish, save_draft
from desk.knowledge.schedule import keep_schedule
from desk.knowledge.versions import newest
from desk.lines.merging import entries
from desk.lines.merging.kinds import Lines
from desk.people.models import Hotline, User
from tests.desk.lines.conftest import a_draft, a_live_entry, an_entry, browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
EDIT = "/admin/knowledge/entries/edit/{}/"
CODES = ["58905890"]


@pytest.fixture
def lines(district: Hotline, city: Hotline) -> Lines:
    return Lines(district, city)


def move(lines: Lines, actor: Actor = SYSTEM) -> None:
    for kind in (entries.TOO, entries.ALONE):
        while kind.move(lines, actor, timezone.now()):
            pass


def form_of(entry: Entry, **more: str) -> dict[str, Any]:
    return {
        "question": entry.question,
        "similar_questions": "",
        "answer": entry.answer,
        "hotline_codes": entry.hotline_codes,
        "department": "",
        "category": "",
        "keywords": "",
        "source": "",
        "document_number": "",
        "effective_from": "",
        "effective_to": "",
    } | more


def send(user: str, entry: Entry, **more: str) -> Any:
    browser = browser_of(User.objects.get(username=user))
    return browser.post(EDIT.format(entry.pk), form_of(entry, **more))


def codes_of(entry: Entry) -> list[str]:
    return list(Entry.objects.get(pk=entry.pk).hotline_codes)


def test_a_live_entry_is_the_other_lines_and_the_index_hears_of_it(lines: Lines) -> None:
    entry = a_live_entry("CP-1", "昌平哪里有家政服务", CODES)
    IndexTask.objects.all().delete()
    before = entry.latest_revision_id
    move(lines)
    entry.refresh_from_db()
    assert (entry.hotline_codes, entry.live) == (["12345"], True)
    assert entry.latest_revision_id == before
    assert entry.latest_revision.content["hotline_codes"] == ["12345"]
    assert set(IndexTask.objects.values_list("external_id", flat=True)) == {"CP-1"}


def test_first_both_lines_have_it(lines: Lines) -> None:
    entry = a_live_entry("CP-1", "昌平哪里有家政服务", CODES)
    while entries.TOO.move(lines, SYSTEM, timezone.now()):
        pass
    assert codes_of(entry) == ["58905890", "12345"]


def test_an_entry_of_several_lines_keeps_the_others(lines: Lines, tiny: Hotline) -> None:
    one = a_live_entry("CP-1", "问题一", [tiny.code, *CODES])
    both = a_live_entry("CP-2", "问题二", ["12345", *CODES])
    other = a_live_entry("CP-3", "问题三", [tiny.code])
    city = a_live_entry("BJ-1", "问题四", [])
    move(lines)
    assert codes_of(one) == [tiny.code, "12345"]
    assert codes_of(both) == ["12345"]
    assert codes_of(other) == [tiny.code]
    assert codes_of(city) == []


def test_a_draft_over_a_live_entry_stays_the_newest_version(lines: Lines) -> None:
    entry = a_live_entry("CP-1", "昌平哪里有家政服务", CODES)
    entry.answer = "还没审的新答案。"
    save_draft(entry, User.objects.get(username="editor"))
    move(lines)
    entry = Entry.objects.select_related("latest_revision").get()
    assert entry.has_unpublished_changes
    assert entry.answer != "还没审的新答案。"
    draft = newest(entry)
    assert (draft.answer, draft.hotline_codes) == ("还没审的新答案。", ["12345"])


def test_a_draft_that_alone_names_the_line_goes_along(lines: Lines) -> None:
    entry = a_live_entry("CP-1", "昌平哪里有家政服务", [])
    entry.hotline_codes = CODES
    save_draft(entry, User.objects.get(username="editor"))
    assert entries.look(lines).count == 1
    move(lines)
    entry = Entry.objects.select_related("latest_revision").get()
    assert entry.hotline_codes == []
    assert newest(entry).hotline_codes == ["12345"]


def test_what_is_under_review_is_approved_as_the_other_lines(lines: Lines) -> None:
    entry = a_draft("CP-1", "昌平哪里有家政服务", CODES)
    send("editor", entry, **{"action-submit": "1"})
    assert dict(entries.look(lines).parts)[pgettext("entries", "under review")] == 1
    move(lines)
    entry.refresh_from_db()
    assert entry.workflow_in_progress
    send(
        "reviewer",
        entry,
        **{"action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    entry.refresh_from_db()
    assert (entry.live, entry.hotline_codes) == (True, ["12345"])


def test_what_is_scheduled_becomes_live_as_the_other_lines(lines: Lines) -> None:
    entry = an_entry("CP-1", "昌平哪里有家政服务", CODES)
    entry.go_live_at = timezone.now() + timedelta(days=1)
    reviewer = User.objects.get(username="reviewer")
    save_draft(entry, reviewer).publish(reviewer, skip_permission_checks=True)
    assert not Entry.objects.get().live
    assert entries.look(lines).count == 1
    move(lines)
    scheduled = Entry.objects.get().scheduled_revision
    assert scheduled is not None
    past = timezone.now() - timedelta(minutes=1)
    scheduled.content["go_live_at"] = past.isoformat()
    scheduled.approved_go_live_at = past
    scheduled.save()
    assert keep_schedule(timezone.now()) == 1
    entry.refresh_from_db()
    assert (entry.live, entry.hotline_codes) == (True, ["12345"])


def test_who_restores_an_older_version_gets_the_line_that_serves(
    lines: Lines, district: Hotline, city: Hotline
) -> None:
    entry = a_live_entry("CP-1", "昌平哪里有家政服务", CODES)
    old = entry.latest_revision
    entry.answer = "新答案。"
    publish(entry, User.objects.get(username="reviewer"))
    Hotline.objects.filter(pk=district.pk).update(merged_into=city)
    move(lines)
    old.refresh_from_db()
    assert old.content["hotline_codes"] == CODES  # history
    publish(old.as_object(), User.objects.get(username="reviewer"))
    assert codes_of(entry) == ["12345"]


def test_a_form_that_was_open_meanwhile_is_kept(
    lines: Lines, district: Hotline, city: Hotline
) -> None:
    entry = a_draft("CP-1", "昌平哪里有家政服务", CODES)
    Hotline.objects.filter(pk=district.pk).update(merged_into=city)
    move(lines)
    send("editor", entry, answer="还在写的答案。")
    entry.refresh_from_db()
    kept = entry.get_latest_revision_as_object()
    assert (kept.answer, kept.hotline_codes) == ("还在写的答案。", ["12345"])


def test_the_history_of_an_entry_says_so_once(lines: Lines) -> None:
    a_live_entry("CP-1", "昌平哪里有家政服务", CODES)
    move(lines, Actor.of(User.objects.get(username="admin")))
    line = ModelLogEntry.objects.get(action=entries.LOGGED)
    assert (line.user.username, line.data) == ("admin", {"from": "58905890", "to": "12345"})
    assert "58905890" in line.formatter.format_message(line)


def test_the_same_question_is_told_when_the_answers_differ(lines: Lines) -> None:
    a_live_entry("CP-1", "居住证在哪里办？", CODES, answer="昌平的答复。")
    a_live_entry("BJ-1", "办居住证", ["12345"], similar_questions=["居住证在哪里办"])
    a_live_entry("CP-2", "暖气不热", CODES, answer="一样的。")
    a_live_entry("BJ-2", "暖气不热", ["12345"], answer="一样的。")
    found = entries.look(lines)
    [conflict] = found.conflicts
    assert "CP-1" in conflict
    assert "BJ-1" in conflict
    assert found.parts[-1][1] == 1
