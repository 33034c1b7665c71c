"""Scores, what is held against them, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.conversations.models import Author
from desk.knowledge.models import Entry
from desk.lessons.drafts import decline
from desk.people.models import Role, User
from desk.replies.models import CannedReply
from desk.reviewing import acting
from desk.reviewing.criteria import Card
from desk.reviewing.errors import NotDone, Problem
from desk.reviewing.models import ANSWER_WITHIN, EventKind, Finding, Review, ReviewEvent, State
from desk.reviewing.months import begin_of, month_after
from desk.reviewing.queue import waiting_for
from tests.desk.reviewing.conftest import AFTER, OCTOBER, Talks, Users, a_bots_card, a_card, says

pytestmark = pytest.mark.django_db
type Drawn = Callable[..., Review]
HOUR = timedelta(hours=1)


@pytest.fixture
def review(drawn: Drawn, agent: User) -> Review:
    return drawn(agent)


@pytest.fixture
def scored(review: Review, boss: User) -> Review:
    return acting.score(review.pk, a_card(), revision=0, by=boss, at=AFTER)


@pytest.fixture
def answered(scored: Review, agent: User) -> Review:
    return acting.answer_back(scored.pk, "市民没有说地址", by=agent, at=AFTER + HOUR)


def refusal(do: Callable[[], object]) -> Problem:
    with pytest.raises(NotDone) as refused:
        do()
    return refused.value.problem


def test_a_month_is_drawn_by_itself_when_it_is_over(ended: Talks, agent: User, boss: User) -> None:
    end = begin_of(month_after(OCTOBER))
    ended(agent, at=end - 3 * HOUR)
    assert acting.draw(OCTOBER, end - 2 * HOUR, by=boss) == 1
    ended(None, at=end - HOUR)
    assert acting.draw_due(end + HOUR) == 1  # what ended after somebody drew
    assert acting.draw_due(end + 2 * HOUR) == 0
    assert Review.objects.filter(month=OCTOBER).count() == 2


def test_a_score_is_the_sum_of_its_points(scored: Review, boss: User) -> None:
    scored.refresh_from_db()
    assert (scored.total, scored.state, scored.scored_by) == (90, State.SCORED, boss)
    assert scored.marks.count() == 5
    event = scored.events.get()
    assert (event.kind, event.by, event.user, event.data["total"]) == ("scored", "boss", boss, 90)


def test_a_red_line_makes_the_score_nothing(review: Review, boss: User) -> None:
    kept = acting.score(review.pk, a_card(red=["leak"]), revision=0, by=boss, at=AFTER)
    assert (kept.total, kept.is_red, kept.red_lines) == (0, True, ["leak"])
    assert sum(kept.marks.values_list("points", flat=True)) == 90


@pytest.mark.parametrize(
    "card",
    [a_card(21), a_card(-1), a_bots_card(), Card({}), a_card(red=["no-such-line"])],
    ids=["too many", "too few", "the bot's", "empty", "unknown line"],
)
def test_what_is_no_whole_card_changes_nothing(review: Review, boss: User, card: Card) -> None:
    problem = refusal(lambda: acting.score(review.pk, card, revision=0, by=boss, at=AFTER))
    assert problem is Problem.INCOMPLETE
    review.refresh_from_db()
    assert (review.state, review.total, review.marks.count()) == (State.OPEN, None, 0)


def test_nobody_scores_a_talk_that_they_spoke_in(drawn: Drawn, boss: User, agent: User) -> None:
    own = drawn(boss)
    helped = drawn(agent)
    says(helped.conversation, Author.AGENT, "我来帮一下", AFTER, user=boss)
    for review in (own, helped):
        problem = refusal(
            lambda number=review.pk: acting.score(number, a_card(), revision=0, by=boss, at=AFTER)
        )
        assert problem is Problem.OWN_TALK


def test_who_is_no_supervisor_scores_nothing(review: Review, user: Users) -> None:
    for role in (Role.AGENT, Role.EDITOR, Role.REVIEWER, Role.HANDLER):
        by = user(f"a-{role}", role)
        problem = refusal(
            lambda by=by: acting.score(review.pk, a_card(), revision=0, by=by, at=AFTER)
        )
        assert problem is Problem.NOT_YOURS


def test_the_bots_talk_is_scored_by_its_own_criteria_and_settled(drawn: Drawn, boss: User) -> None:
    review = drawn(None)
    kept = acting.score(review.pk, a_bots_card(), revision=0, by=boss, at=AFTER)
    assert (kept.total, kept.state) == (80, State.SETTLED)
    later = AFTER + timedelta(days=30)
    again = acting.score(review.pk, a_bots_card(10), revision=1, by=boss, at=later)
    assert again.total == 40, "a mistake about the bot is corrected whenever it is seen"


def test_a_correction_gives_seven_days_anew_and_stays_in_the_history(
    scored: Review, boss: User
) -> None:
    later = AFTER + timedelta(days=5)
    kept = acting.score(scored.pk, a_card(10), revision=1, by=boss, at=later)
    assert kept.answer_until == later + ANSWER_WITHIN
    kinds = [(one.kind, one.data["before"], one.data["total"]) for one in kept.events.all()]
    assert kinds == [("scored", None, 90), ("corrected", 90, 50)]


def test_of_two_supervisors_at_once_the_second_is_told(scored: Review, user: Users) -> None:
    second = user("second", Role.SUPERVISOR)
    problem = refusal(lambda: acting.score(scored.pk, a_card(5), revision=0, by=second, at=AFTER))
    assert problem is Problem.CHANGED
    scored.refresh_from_db()
    assert scored.total == 90


def test_an_agent_answers_back_once(answered: Review, agent: User) -> None:
    assert (answered.state, answered.answer) == (State.ANSWERED, "市民没有说地址")
    problem = refusal(
        lambda: acting.answer_back(answered.pk, "还有", by=agent, at=AFTER + 2 * HOUR)
    )
    assert problem is Problem.ANSWERED


def test_not_even_after_the_ruling(answered: Review, agent: User, boss: User) -> None:
    acting.rule(answered.pk, None, "录音里说了", revision=1, by=boss, at=AFTER + 2 * HOUR)
    problem = refusal(
        lambda: acting.answer_back(answered.pk, "还有", by=agent, at=AFTER + 3 * HOUR)
    )
    assert problem is Problem.ANSWERED


def test_after_seven_days_a_score_is_settled(scored: Review, agent: User, boss: User) -> None:
    last = AFTER + ANSWER_WITHIN
    assert scored.standing(last) is State.SCORED
    late = last + timedelta(seconds=1)
    assert scored.standing(late) is State.SETTLED
    problem = refusal(lambda: acting.answer_back(scored.pk, "不对", by=agent, at=late))
    assert problem is Problem.TOO_LATE
    problem = refusal(lambda: acting.score(scored.pk, a_card(1), revision=1, by=boss, at=late))
    assert problem is Problem.NOT_NOW
    acting.answer_back(scored.pk, "不对", by=agent, at=last)


def test_only_the_agent_answers_and_only_a_score(review: Review, agent: User, user: Users) -> None:
    other = user("other")
    assert refusal(lambda: acting.answer_back(review.pk, "不对", by=other, at=AFTER)) is (
        Problem.NOT_YOURS
    )
    assert refusal(lambda: acting.answer_back(review.pk, "不对", by=agent, at=AFTER)) is (
        Problem.NOT_NOW
    )


@pytest.mark.parametrize(
    ("reason", "problem"), [(" ", Problem.NO_REASON), ("字" * 2001, Problem.TOO_LONG)]
)
def test_an_answer_and_a_ruling_have_a_reason(
    scored: Review, agent: User, boss: User, reason: str, problem: Problem
) -> None:
    at = AFTER + HOUR
    assert refusal(lambda: acting.answer_back(scored.pk, reason, by=agent, at=at)) is problem
    acting.answer_back(scored.pk, "不对", by=agent, at=at)
    for card in (None, a_card(1)):
        assert (
            refusal(
                lambda card=card: acting.rule(scored.pk, card, reason, revision=1, by=boss, at=at)
            )
            is problem
        )
    scored.refresh_from_db()
    assert (scored.state, scored.total) == (State.ANSWERED, 90)


def test_a_ruling_keeps_the_score(answered: Review, boss: User) -> None:
    kept = acting.rule(answered.pk, None, "录音里说了", revision=1, by=boss, at=AFTER + HOUR)
    assert (kept.state, kept.total, kept.ruling) == (State.SETTLED, 90, "录音里说了")
    assert [one.kind for one in kept.events.all()] == ["scored", "answered", "kept"]


def test_a_ruling_changes_the_score(answered: Review, boss: User) -> None:
    kept = acting.rule(answered.pk, a_card(20), "说得对", revision=1, by=boss, at=AFTER + HOUR)
    assert (kept.state, kept.total) == (State.SETTLED, 100)
    last = kept.events.last()
    assert last is not None
    assert (last.kind, last.data["before"], last.data["total"]) == (EventKind.CHANGED, 90, 100)
    assert last.note == "说得对"


def test_what_nobody_answered_is_not_ruled_on(scored: Review, boss: User) -> None:
    problem = refusal(lambda: acting.rule(scored.pk, None, "好", revision=1, by=boss, at=AFTER))
    assert problem is Problem.NOT_NOW


def test_what_is_answered_back_is_ruled_on_and_not_scored_again(
    answered: Review, boss: User
) -> None:
    problem = refusal(lambda: acting.score(answered.pk, a_card(1), revision=1, by=boss, at=AFTER))
    assert problem is Problem.NOT_NOW


def test_the_agent_does_not_rule_on_it(drawn: Drawn, boss: User, user: Users) -> None:
    other = user("other", Role.SUPERVISOR)
    review = drawn(boss)
    acting.score(review.pk, a_card(), revision=0, by=other, at=AFTER)
    acting.answer_back(review.pk, "不对", by=boss, at=AFTER)
    problem = refusal(
        lambda: acting.rule(review.pk, a_card(20), "我说的", revision=1, by=boss, at=AFTER)
    )
    assert problem is Problem.OWN_TALK
    assert waiting_for(other) == 1
    assert waiting_for(boss) == 0


def test_a_line_of_the_history_is_never_changed(scored: Review) -> None:
    event = scored.events.get()
    event.note = "改过"
    with pytest.raises(TypeError):
        event.save()
    assert ReviewEvent.objects.get(pk=event.pk).note == a_card().comment


def test_the_rail_counts_scores_until_they_are_seen(
    scored: Review, agent: User, boss: User
) -> None:
    assert (waiting_for(agent), waiting_for(boss)) == (1, 0)
    acting.see(scored, by=boss, at=AFTER)
    assert waiting_for(agent) == 1
    acting.see(scored, by=agent, at=AFTER)
    assert waiting_for(agent) == 0
    acting.answer_back(scored.pk, "不对", by=agent, at=AFTER)
    assert (waiting_for(agent), waiting_for(boss)) == (0, 1)
    acting.rule(scored.pk, None, "录音里说了", revision=1, by=boss, at=AFTER)
    assert (waiting_for(agent), waiting_for(boss)) == (1, 0)


def test_a_reply_out_of_a_review_is_linked_to_it(review: Review, boss: User) -> None:
    reply = acting.keep_reply(
        review.pk, title="路灯", text="我替您登记", is_teams=True, by=boss, at=AFTER
    )
    assert CannedReply.objects.get() == reply
    assert review.findings.get().reply == reply
    assert review.events.get().note == "路灯"


def test_a_draft_out_of_a_review_is_linked_to_it(review: Review, boss: User, agent: User) -> None:
    decline(review.conversation, agent)  # who answered did not want one
    name = acting.keep_draft(
        review.pk, question="路灯不亮找谁", answer="请拨打抢修电话", by=boss, at=AFTER
    )
    entry = Entry.objects.get(external_id=name)
    assert not entry.live
    assert review.findings.get().entry == name


def test_who_is_no_supervisor_makes_nothing_of_it(review: Review, agent: User) -> None:
    problem = refusal(
        lambda: acting.keep_reply(
            review.pk, title="路灯", text="我替您登记", is_teams=False, by=agent, at=AFTER
        )
    )
    assert problem is Problem.NOT_YOURS
    assert not Finding.objects.exists()
    assert not CannedReply.objects.exists()


def test_a_remark_that_is_too_long_is_refused(review: Review, boss: User) -> None:
    card = replace(a_card(), comment="字" * 2001)
    problem = refusal(lambda: acting.score(review.pk, card, revision=0, by=boss, at=AFTER))
    assert problem is Problem.TOO_LONG
