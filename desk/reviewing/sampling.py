"""Which talks of a month are drawn. Reading only, and the same answer each time it is asked.

A talk is judged as that of the person who said most in it; one in which no person spoke is the
bot's. Chance is a hash of month and talk: it does not depend on what else there is.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from desk.cases.models import Case, JoinedCitizen
from desk.conversations.models import Author, Conversation, Message, Rating
from desk.people.models import PRACTICE
from desk.reviewing.models import Review, SampleRule, Why
from desk.reviewing.months import begin_of, month_after
from desk.wall.requests import requests_since

type Agent = int | None  # None: the bot


@dataclass(frozen=True)
class Picked:
    conversation: int
    agent: Agent
    why: Why


@dataclass(frozen=True)
class Pressing:
    """The talks that come first, by reason."""

    unsolved: frozenset[int]
    waited: frozenset[int]
    with_case: frozenset[int]

    def why(self, talk: int, rule: SampleRule) -> Why:
        if rule.unsolved_first and talk in self.unsolved:
            return Why.UNSOLVED
        if rule.waited_first and talk in self.waited:
            return Why.WAITED
        if rule.cases_first and talk in self.with_case:
            return Why.CASE
        return Why.CHANCE


def sample(month: date, at: datetime) -> list[Picked]:
    """What is still to be drawn of a month, beside what was drawn already."""
    talks = ended_in(month)
    rules = rules_now()
    pressing = _pressing(talks, at)
    drawn = list(Review.objects.filter(month=month).select_related("conversation"))
    known = {review.conversation_id for review in drawn}
    had = Counter(
        (_rule_of(review.conversation.hotline_id, rules).hotline_id, review.agent_id)
        for review in drawn
        if review.of_bot or review.agent_id
    )
    pools: dict[tuple[str | None, Agent], list[int]] = defaultdict(list)
    for talk, hotline, agent in _subjects(talks):
        if talk not in known:
            pools[_rule_of(hotline, rules).hotline_id, agent].append(talk)
    picked: list[Picked] = []
    for (scope, agent), pool in pools.items():
        rule = rules[scope]
        wanted = (rule.of_bot if agent is None else rule.per_agent) - had[scope, agent]
        picked += first_of(pool, wanted, agent, rule, pressing, month)
    return picked


def ended_in(month: date) -> QuerySet[Conversation]:
    begin, end = begin_of(month), begin_of(month_after(month))
    return Conversation.objects.filter(closed_at__gte=begin, closed_at__lt=end)


def rules_now() -> dict[str | None, SampleRule]:
    """By hotline; None, which is always there, for all that have none of their own."""
    rules = {rule.hotline_id: rule for rule in SampleRule.objects.exclude(hotline=PRACTICE)}
    return {None: SampleRule()} | rules


def _rule_of(hotline: str, rules: dict[str | None, SampleRule]) -> SampleRule:
    return rules.get(hotline) or rules[None]


def first_of(
    pool: Iterable[int],
    wanted: int,
    agent: Agent,
    rule: SampleRule,
    pressing: Pressing,
    month: date,
) -> list[Picked]:
    """As many as are wanted: the pressing ones, and chance among the equal."""
    order = list(Why)

    def place(talk: int) -> tuple[int, str]:
        chance = sha256(f"{month:%Y-%m}:{talk}".encode()).hexdigest()
        return order.index(pressing.why(talk, rule)), chance

    chosen = heapq.nsmallest(max(0, wanted), pool, key=place)
    return [Picked(talk, agent, pressing.why(talk, rule)) for talk in chosen]


def _subjects(talks: QuerySet[Conversation]) -> Iterable[tuple[int, str, Agent]]:
    """Each talk with its hotline and whose it is."""
    said = (
        Message.objects.filter(conversation__in=talks, author=Author.AGENT, user__isnull=False)
        .values_list("conversation_id", "conversation__hotline_id", "user_id")
        .annotate(lines=Count("pk"), last=Max("pk"))
        .order_by()
    )
    main: dict[int, tuple[tuple[int, int], str, int]] = {}
    for talk, hotline, user, lines, last in said:
        if talk not in main or (lines, last) > main[talk][0]:
            main[talk] = ((lines, last), hotline, user)
    for talk, (_most, hotline, user) in main.items():
        yield talk, hotline, user
    of_talk = Message.objects.filter(conversation=OuterRef("pk"))
    rows = talks.filter(
        Exists(of_talk.filter(author=Author.BOT)), ~Exists(of_talk.filter(author=Author.AGENT))
    )
    for talk, hotline in rows.values_list("pk", "hotline_id").iterator(chunk_size=5000):
        yield talk, hotline, None


def _pressing(talks: QuerySet[Conversation], at: datetime) -> Pressing:
    unsolved = Message.objects.filter(conversation__in=talks, rating=Rating.UNSOLVED)
    cases = Case.objects.filter(conversation__in=talks)
    joined = JoinedCitizen.objects.filter(conversation__in=talks)
    earliest = talks.aggregate(at=Min("opened_at"))["at"]
    requests = requests_since(earliest, at) if earliest else []
    return Pressing(
        frozenset(unsolved.values_list("conversation_id", flat=True)),
        frozenset(one.conversation for one in requests if not one.is_in_time()),
        frozenset(
            number
            for rows in (cases, joined)
            for number in rows.values_list("conversation_id", flat=True)
            if number is not None
        ),
    )


def own_talk(user_id: int) -> Q:
    """Of reviews: whose talk this person spoke in, also when it is judged as another's."""
    spoke = Message.objects.filter(
        conversation=OuterRef("conversation"), author=Author.AGENT, user=user_id
    )
    return Q(agent=user_id) | Q(Exists(spoke))
