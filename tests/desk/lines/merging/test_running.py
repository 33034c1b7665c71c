"""A whole line merges: nothing is lost, it can be cut off anywhere, and its citizens are served."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Revision

from desk.cases.actors import SYSTEM, Actor
from desk.cases.models import Case, CaseEvent, State
from desk.cases.reading import readable
from desk.cases.steps import take
from desk.conversations.models import Conversation, Owner, OwnerChange
from desk.conversations.router import Router
from desk.knowledge.models import Entry
from desk.lines.merging import running
from desk.lines.merging.kinds import CannotMerge, Kind, Lines
from desk.lines.merging.references import left
from desk.lines.merging.report import found
from desk.lines.merging.running import KINDS, begin, dry_run, go_on, lines_of, move_next
from desk.lines.models import Merge
from desk.people.models import Department, Duty, Hotline, HotlineRule, ShiftPlan, User
from desk.people.rights import hotlines_of
from desk.people.serving import serving
from desk.quality.models import Question
from kb_index.finding import Finder, Outcome
from tests.desk.lines.conftest import (
    a_case,
    a_closed_case,
    a_draft,
    a_live_entry,
    a_talk,
    browser_of,
    index_all,
)

pytestmark = pytest.mark.django_db

LIFE = {
    "CP-1": "昌平哪里有家政服务",
    "CP-2": "回龙观的社区食堂几点开饭",
    "CP-3": "去十三陵水库坐几路车",
}


class District:
    """All that a district has."""

    def __init__(self, people: dict[str, User], city: Hotline, district: Hotline) -> None:
        self.people, self.city, self.district = people, city, district
        codes = [district.code]
        for external_id, question in LIFE.items():
            a_live_entry(external_id, question, codes)
        a_live_entry("CP-4", "居住证在哪里办", codes, answer="昌平的答复。")
        a_live_entry("BJ-4", "居住证在哪里办", [city.code], answer="市里的答复。")
        a_live_entry("CP-5", "暖气不热找谁", codes, answer="一样的答复。")
        a_live_entry("BJ-5", "暖气不热找谁", [city.code], answer="一样的答复。")
        a_live_entry("BJ-6", "全市都一样的问题", [])
        a_draft("CP-7", "还没审的问题", codes)
        self.waiting = a_talk(district, Owner.QUEUE)
        self.going_on = a_talk(district, Owner.AGENT, agent=people["of_district"])
        self.with_bot = a_talk(district)
        self.elsewhere = a_talk(city, Owner.QUEUE, home=district)
        self.ended = a_talk(district, closed_at=timezone.now())
        self.open = a_case(people["of_district"], district, self.going_on)
        self.closed = a_closed_case(people["of_district"], district)
        Question.objects.create(
            text="回龙观食堂", hotline=district, expected="CP-2", changed_at=timezone.now()
        )
        HotlineRule.objects.create(hotline=district, silent_minutes=9)
        ShiftPlan.objects.create(hotline=city)
        plan = ShiftPlan.objects.create(hotline=district)
        Duty.objects.create(plan=plan, shift=0, user=people["of_district"])
        index_all()

    @property
    def lines(self) -> Lines:
        return lines_of(self.district.code, self.city.code)

    def begin(self) -> Merge:
        return begin(self.lines, by="admin", at=timezone.now())

    def merge(self, actor: Actor = SYSTEM) -> Merge:
        return go_on(self.begin(), actor, at=timezone.now(), settle=index_all)


@pytest.fixture
def all_of_it(people: dict[str, User], city: Hotline, district: Hotline) -> District:
    return District(people, city, district)


def answered(finder: Finder, question: str, hotline: str) -> list[str]:
    found = finder.find(question, hotline=hotline, now=timezone.now())
    assert found.outcome is not Outcome.NO_ARTICLE, question
    return [hit.external_id for hit in found.hits[:1]]


def test_what_the_district_answered_the_city_answers_with_the_same_entry(
    all_of_it: District, finder: Finder
) -> None:
    before = {q: answered(finder, q, all_of_it.district.code) for q in LIFE.values()}
    for question in LIFE.values():
        missing = finder.find(question, hotline=all_of_it.city.code, now=timezone.now())
        assert missing.outcome is not Outcome.ANSWERED
    all_of_it.merge()
    index_all()
    after = {q: answered(finder, q, serving(all_of_it.district.code)) for q in LIFE.values()}
    assert after == before == {question: [name] for name, question in LIFE.items()}


def test_a_dry_run_changes_nothing_and_tells_all(all_of_it: District) -> None:
    before = left(all_of_it.district)
    report = dry_run(all_of_it.lines, by="admin", at=timezone.now()).report
    assert left(all_of_it.district) == before
    assert serving(all_of_it.district.code) == all_of_it.district.code
    counts = {row["key"]: row["found"] for row in report["kinds"]}
    assert counts == {
        "entries": 6,
        "line": 1,
        "people": 1,
        "shifts": 1,
        "talks": 4,
        "cases": 1,
        "questions": 1,
        "rules": 1,
        "entries_alone": 6,
        "late": 0,
        "words": 0,
        "accounts": 0,
    }
    [conflict] = found(report, "entries")["conflicts"]
    assert "CP-4" in conflict
    assert "BJ-4" in conflict
    assert Merge.objects.get().is_dry_run


def test_afterwards_nothing_but_history_names_the_line(all_of_it: District) -> None:
    merge = all_of_it.merge()
    assert left(all_of_it.district) == {} == merge.report["left"]
    assert merge.finished_at is not None
    assert not Entry.objects.filter(hotline_codes__icontains=all_of_it.district.code).exists()
    done = {row["key"]: row["done"] for row in merge.report["kinds"]}
    assert (done["entries"], done["entries_alone"], done["talks"], done["cases"]) == (6, 6, 4, 1)


def test_a_conflict_is_listed_and_neither_answer_is_touched(all_of_it: District) -> None:
    all_of_it.merge()
    answers = dict(Entry.objects.values_list("external_id", "answer"))
    assert (answers["CP-4"], answers["BJ-4"]) == ("昌平的答复。", "市里的答复。")


def test_an_open_case_goes_with_its_clock_and_a_line_in_its_history(
    all_of_it: District, department: Department
) -> None:
    number = all_of_it.open.number
    take(
        number,
        "dispatch",
        all_of_it.people["of_district"],
        {"department": department.name},
        at=timezone.now(),
    )
    before = Case.objects.get(number=number)
    all_of_it.merge(Actor.of(all_of_it.people["admin"]))
    after = Case.objects.get(number=number)
    assert (after.state, after.due_at, after.due_basis) == (
        State.DISPATCHED,
        before.due_at,
        before.due_basis,
    )
    event = CaseEvent.objects.get(case=after, kind="transfer")
    assert (event.data, event.by) == ({"from": "58905890", "to": "12345"}, "admin")


def test_a_closed_case_keeps_its_line_and_is_found_by_the_other_lines_people(
    all_of_it: District,
) -> None:
    all_of_it.merge()
    closed = Case.objects.get(pk=all_of_it.closed.pk)
    assert closed.hotline == all_of_it.district
    for name in ("of_city", "of_district"):
        reader = User.objects.get(username=name)
        assert closed in readable(reader)
        page = browser_of(reader).get("/cases/", {"hotline": "12345"}).content.decode()
        assert closed.number in page


def test_a_closed_case_that_is_done_again_is_the_other_lines(
    all_of_it: District, department: Department
) -> None:
    all_of_it.merge()
    body = {"reason": "又坏了", "department": department.name}
    supervisor = all_of_it.people["supervisor"]
    again = take(all_of_it.closed.number, "redo", supervisor, body, at=timezone.now())
    assert again.hotline_id == all_of_it.city.code


def test_who_waits_keeps_their_time_and_an_agent_their_talk(all_of_it: District) -> None:
    epoch = all_of_it.going_on.epoch
    all_of_it.merge()
    talks = Conversation.objects.in_bulk()
    waiting, going_on = talks[all_of_it.waiting.pk], talks[all_of_it.going_on.pk]
    assert (waiting.hotline, waiting.owner) == (all_of_it.city, Owner.QUEUE)
    assert waiting.queued_at == all_of_it.waiting.queued_at
    assert (going_on.agent, going_on.epoch) == (all_of_it.people["of_district"], epoch)
    assert talks[all_of_it.with_bot.pk].hotline == all_of_it.city
    assert talks[all_of_it.elsewhere.pk].home is None
    assert talks[all_of_it.ended.pk].hotline == all_of_it.district
    assert OwnerChange.objects.filter(conversation=waiting).count() == 1
    page = browser_of(all_of_it.people["of_city"]).get(f"/conversations/{waiting.pk}/")
    assert page.status_code == 200
    assert str(all_of_it.city) in page.content.decode()


def test_the_people_serve_the_other_line(all_of_it: District) -> None:
    all_of_it.merge()
    moved = User.objects.get(username="of_district")
    assert list(moved.hotlines.all()) == [all_of_it.city]
    assert hotlines_of(moved) == {"12345", "58905890"}
    duties = Duty.objects.filter(plan__hotline=all_of_it.city, user=moved)
    assert duties.get().shift == 0
    assert not ShiftPlan.objects.filter(hotline=all_of_it.district).exists()


def test_who_writes_to_the_merged_lines_account_is_served_by_the_other(
    all_of_it: District, bot: Any, said: Callable[..., Any]
) -> None:
    all_of_it.merge()
    account = {"account": "58905890-wechat", "hotline": "58905890"}
    Router(bot).route(said("回龙观的社区食堂几点开饭", citizen="new", **account))
    talk = Conversation.objects.get(citizen__external_id="new")
    assert talk.hotline == all_of_it.city
    assert bot.turns[-1].hotline == "12345"


class Cut(Exception):
    """The machine stops here."""


def _cut(*_args: Any, **_more: Any) -> Any:
    raise Cut


@pytest.mark.parametrize("key", [kind.key for kind in KINDS])
def test_a_run_that_is_cut_off_goes_on(
    all_of_it: District, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of each kind: what was committed stays, the rest follows, nothing twice."""
    merge = all_of_it.begin()
    planned = KINDS

    broken = tuple(Kind(k.key, k.label, k.look, _cut) if k.key == key else k for k in planned)
    monkeypatch.setattr(running, "KINDS", broken)
    with pytest.raises(Cut):
        go_on(merge, SYSTEM, at=timezone.now(), settle=index_all)
    monkeypatch.setattr(running, "KINDS", planned)
    again = all_of_it.merge()
    assert again.pk == merge.pk
    assert left(all_of_it.district) == {}
    assert CaseEvent.objects.filter(kind="transfer").count() == 1
    done = {row["key"]: row["done"] for row in again.report["kinds"]}
    assert (done["entries"], done["entries_alone"], done["cases"]) == (6, 6, 1)
    assert OwnerChange.objects.filter(conversation=all_of_it.waiting).count() == 1


def test_between_two_batches_both_lines_answer(
    all_of_it: District, finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut after the first batch of entries: the district still serves, and loses no answer."""
    monkeypatch.setattr("desk.lines.merging.entries.BATCH", 2)
    merge = move_next(all_of_it.begin(), KINDS[0], SYSTEM, timezone.now())
    index_all()
    assert found(merge.report, "entries")["done"] == 2
    for name, question in LIFE.items():
        assert answered(finder, question, all_of_it.district.code) == [name]
    all_of_it.merge()
    index_all()
    for name, question in LIFE.items():
        assert answered(finder, question, all_of_it.city.code) == [name]


def test_a_batch_is_moved_whole_or_not_at_all(
    all_of_it: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut in the middle of a batch, after some of its entries were written."""
    merge = all_of_it.begin()
    before = dict(Entry.objects.values_list("external_id", "hotline_codes"))
    with monkeypatch.context() as patched:
        patched.setattr(Entry.objects, "bulk_update", _cut)
        with pytest.raises(Cut):
            move_next(merge, KINDS[0], SYSTEM, timezone.now())
    assert dict(Entry.objects.values_list("external_id", "hotline_codes")) == before
    versions = Revision.objects.filter(content__hotline_codes__icontains='"12345"')
    assert {one.content["external_id"] for one in versions} == {"BJ-4", "BJ-5"}
    all_of_it.merge()
    assert left(all_of_it.district) == {}


def test_what_came_in_while_its_kind_was_done_goes_along(all_of_it: District) -> None:
    merge = all_of_it.begin()
    for kind in KINDS[:6]:
        while kind.key not in merge.finished_kinds:
            merge = move_next(merge, kind, SYSTEM, timezone.now())
    a_talk(all_of_it.district, Owner.QUEUE)
    merge = go_on(merge, SYSTEM, at=timezone.now(), settle=index_all)
    assert left(all_of_it.district) == {}
    assert found(merge.report, "late")["done"] == 1


def test_a_line_that_was_merged_into_it_follows(all_of_it: District, tiny: Hotline) -> None:
    Hotline.objects.filter(pk=tiny.pk).update(merged_into=all_of_it.district)
    old = a_closed_case(all_of_it.people["admin"], all_of_it.city)
    Case.objects.filter(pk=old.pk).update(hotline=tiny)
    all_of_it.merge()
    assert serving(tiny.code) == all_of_it.city.code
    assert Case.objects.get(pk=old.pk) in readable(all_of_it.people["of_city"])


@pytest.mark.parametrize(
    ("source", "into"), [("12345", "58905890"), ("58905890", "58905890"), ("1", "12345")]
)
def test_what_cannot_merge_is_refused(all_of_it: District, source: str, into: str) -> None:
    with pytest.raises(CannotMerge):
        lines_of(source, into)
    assert not Merge.objects.exists()


def test_a_merged_line_merges_nowhere_else(all_of_it: District, tiny: Hotline) -> None:
    all_of_it.merge()
    with pytest.raises(CannotMerge):
        lines_of(all_of_it.district.code, tiny.code)
    with pytest.raises(CannotMerge):
        lines_of(tiny.code, all_of_it.district.code)


def test_the_command_reports_then_does_it_then_finds_nothing_left(all_of_it: District) -> None:
    out = StringIO()
    call_command("merge_hotline", "58905890", "12345", stdout=out, stderr=StringIO())
    assert "CP-4" in out.getvalue()
    assert serving("58905890") == "58905890"
    out = StringIO()
    names = ("merge_hotline", "58905890", "12345", "--yes", "--by", "admin")
    call_command(*names, stdout=out, stderr=StringIO())
    assert "CP-4" in out.getvalue()
    assert serving("58905890") == "12345"
    assert left(all_of_it.district) == {}
    call_command(*names, stdout=StringIO(), stderr=StringIO())
    assert Merge.objects.filter(is_dry_run=False).count() == 2
    assert found(Merge.objects.first().report, "entries")["found"] == 0  # type: ignore[union-attr]


def test_the_command_refuses_in_words(all_of_it: District) -> None:
    with pytest.raises(CommandError):
        call_command("merge_hotline", "12345", "58905890", "--yes", stdout=StringIO())
