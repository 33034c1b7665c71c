"""What is drawn of a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from desk.cases.models import Case
from desk.conversations.models import Author
from desk.people.models import PRACTICE, Hotline, User
from desk.reviewing.acting import draw
from desk.reviewing.errors import NotDone, Problem
from desk.reviewing.models import (
    EventKind,
    Review,
    ReviewEvent,
    SampleRule,
    Subject,
    Why,
)
from desk.reviewing.rules import drop_rule, keep_rule, rule_for
from desk.reviewing.sampling import Picked, Pressing, first_of
from tests.desk.reviewing.conftest import AFTER, MIDDLE, OCTOBER, Talks, Users, says

pytestmark = pytest.mark.django_db
LONG = timedelta(minutes=4)


def talks_of(agent: User | None) -> list[int]:
    rows = Review.objects.filter(agent=agent)
    if agent is None:
        rows = rows.filter(subject=Subject.BOT)
    return list(rows.order_by("conversation").values_list("conversation_id", flat=True))


def test_five_talks_of_each_agent_and_twenty_of_the_bot(
    ended: Talks, agent: User, user: Users
) -> None:
    other = user("other")
    for _talk in range(8):
        ended(agent)
    for _talk in range(23):
        ended()
    few = [ended(other).pk, ended(other).pk]
    assert draw(OCTOBER, AFTER) == 5 + 2 + 20
    assert len(talks_of(agent)) == 5
    assert talks_of(other) == few, "who has fewer gives what there is"
    assert len(talks_of(None)) == 20


def test_drawing_twice_draws_once(ended: Talks, agent: User) -> None:
    for _talk in range(9):
        ended(agent)
    draw(OCTOBER, AFTER)
    first = talks_of(agent)
    assert draw(OCTOBER, AFTER + timedelta(days=3)) == 0
    assert talks_of(agent) == first
    assert ReviewEvent.objects.filter(kind=EventKind.DRAWN, by="system").count() == 5


def test_chance_falls_the_same_way_each_time(ended: Talks, agent: User) -> None:
    for _talk in range(30):
        ended(agent)
    draw(OCTOBER, AFTER)
    first = talks_of(agent)
    Review.objects.all().delete()
    draw(OCTOBER, AFTER)
    assert talks_of(agent) == first


def test_chance_falls_otherwise_in_another_month() -> None:
    """Or the first talks of the table would be judged for ever."""
    talks = range(1, 200)
    first = {talk.conversation for talk in _by_chance(talks, OCTOBER)}
    assert first != {talk.conversation for talk in _by_chance(talks, OCTOBER.replace(month=11))}
    assert first != {1, 2, 3, 4, 5}


def _by_chance(talks: range, month: date) -> list[Picked]:
    nothing = Pressing(frozenset(), frozenset(), frozenset())
    return first_of(talks, 5, None, SampleRule(), nothing, month)


def test_what_pressed_most_comes_first(ended: Talks, agent: User, hotline: Hotline) -> None:
    for _talk in range(9):
        ended(agent)
    unsolved = ended(agent, unsolved=True)
    waited = ended(agent, waited=LONG)
    with_case = ended(agent)
    Case.objects.create(
        number="202610150001", hotline=hotline, content="灯", conversation=with_case
    )
    draw(OCTOBER, AFTER)
    why = {review.conversation_id: review.why for review in Review.objects.all()}
    assert why[unsolved.pk] == Why.UNSOLVED
    assert why[waited.pk] == Why.WAITED
    assert why[with_case.pk] == Why.CASE
    assert sorted(why.values()).count(Why.CHANCE) == 2


def test_a_short_wait_presses_nothing(ended: Talks, agent: User) -> None:
    ended(agent, waited=timedelta(minutes=2))
    draw(OCTOBER, AFTER)
    assert Review.objects.get().why == Why.CHANCE


def test_what_a_rule_leaves_out_presses_nothing(ended: Talks, agent: User) -> None:
    SampleRule.objects.create(unsolved_first=False)
    ended(agent, unsolved=True)
    draw(OCTOBER, AFTER)
    assert Review.objects.get().why == Why.CHANCE


def test_only_what_ended_in_the_month_by_the_offices_clock(ended: Talks, agent: User) -> None:
    first = ended(agent, datetime(2026, 9, 30, 16, 5, tzinfo=UTC))  # 1 October, 0:05 in Beijing
    ended(agent, datetime(2026, 9, 30, 15, 55, tzinfo=UTC))
    ended(agent, datetime(2026, 10, 31, 16, 5, tzinfo=UTC))
    still_open = ended(agent)
    still_open.closed_at = None
    still_open.save()
    draw(OCTOBER, AFTER)
    assert talks_of(agent) == [first.pk]


def test_practice_is_never_sampled(ended: Talks, agent: User) -> None:
    practice = Hotline.with_practice.get_or_create(code=PRACTICE, defaults={"name": "练习"})[0]
    ended(agent, of=practice)
    ended(of=practice)
    assert draw(OCTOBER, AFTER) == 0


def test_a_talk_of_two_is_judged_as_that_of_who_said_most(
    ended: Talks, agent: User, user: Users
) -> None:
    other = user("other")
    talk = ended(agent, lines=2)
    says(talk, Author.AGENT, "我来接着办", MIDDLE, user=other)
    draw(OCTOBER, AFTER)
    assert Review.objects.get().agent == agent


def test_a_hotline_with_its_own_rule_is_drawn_by_itself(
    ended: Talks, agent: User, boss: User, hotline: Hotline
) -> None:
    district = Hotline.objects.create(code="96105", name="朝阳")
    rule = rule_for(district)
    rule.per_agent, rule.of_bot = 1, 0
    keep_rule(rule, by=boss)
    for _talk in range(7):
        ended(agent)
        ended(agent, of=district)
        ended(of=district)
    draw(OCTOBER, AFTER)
    assert Review.objects.filter(agent=agent, conversation__hotline=hotline).count() == 5
    assert Review.objects.filter(conversation__hotline=district).count() == 1
    drop_rule(district, by=boss)
    assert rule_for(district).per_agent == 5


def test_a_higher_number_is_filled_up_and_a_lower_one_takes_nothing_back(
    ended: Talks, agent: User, boss: User
) -> None:
    for _talk in range(9):
        ended(agent)
    draw(OCTOBER, AFTER)
    first = set(talks_of(agent))
    for number, drawn in ((7, 7), (3, 7)):
        rule = rule_for(None)
        rule.per_agent = number
        keep_rule(rule, by=boss)
        draw(OCTOBER, AFTER)
        assert len(talks_of(agent)) == drawn
    assert first < set(talks_of(agent))


def test_only_a_supervisor_sets_the_rules(agent: User) -> None:
    with pytest.raises(NotDone):
        keep_rule(rule_for(None), by=agent)
    assert not SampleRule.objects.exists()


def test_a_month_that_has_not_begun_is_not_drawn() -> None:
    with pytest.raises(NotDone) as refused:
        draw(OCTOBER, MIDDLE - timedelta(days=40))
    assert refused.value.problem is Problem.FUTURE


def test_who_is_no_supervisor_draws_nothing(ended: Talks, agent: User) -> None:
    ended(agent)
    with pytest.raises(NotDone):
        draw(OCTOBER, AFTER, by=agent)
    assert not Review.objects.exists()


def test_the_command_draws_the_month_it_is_given(
    ended: Talks, agent: User, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(agent)
    call_command("draw_reviews", month="2026-10")
    call_command("draw_reviews", month="2026-10")
    assert capsys.readouterr().out.splitlines() == [
        "1 talks of 2026-10 were drawn",
        "0 talks of 2026-10 were drawn",
    ]


@pytest.mark.parametrize("month", ["2026-13", "October", "2999-01", "2026-1"])
def test_the_command_refuses_what_is_no_month_to_draw(month: str) -> None:
    with pytest.raises(CommandError):
        call_command("draw_reviews", month=month)
