"""The queue of a month: rows, counts and the table of figures. Never a query a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)

from desk.people.models import User
from desk.people.rights import Right, may
from desk.reviewing.models import ANSWER_WITHIN, Review, State, Subject
from desk.reviewing.months import month_before, month_of
from desk.reviewing.sampling import own_talk

STEP = 100  # rows at first, and more with each wish for more
MOST = 1000
MONTHS = 24
BOT = "bot"
GIVEN = "given"  # instead of a state: whatever has a score


@dataclass(frozen=True)
class Wish:
    """What a supervisor wants to see of a month."""

    month: date
    who: str = ""  # an agent's id, or BOT; empty: all
    state: str = ""  # a `State` or GIVEN; empty: all
    is_red: bool = False
    limit: int = STEP

    @property
    def is_narrow(self) -> bool:
        return bool(self.who or self.state or self.is_red)

    @property
    def more(self) -> int:
        return min(self.limit + STEP, MOST)


@dataclass(frozen=True)
class Row:
    review: Review
    standing: State
    is_own: bool  # the reader's own talk


@dataclass(frozen=True)
class Counts:
    open: int
    scored: int
    answered: int
    settled: int

    @property
    def all(self) -> int:
        return self.open + self.scored + self.answered + self.settled


@dataclass(frozen=True)
class Figures:
    """One person's month, or the bot's. `mean` None: nothing is scored yet."""

    who: str
    agent: User | None
    drawn: int
    scored: int
    mean: float | None
    red: int


def rows_for(wish: Wish, user: User, at: datetime) -> tuple[list[Row], bool]:
    """What waits for a ruling first, then what is to score; and whether there are more."""
    order = Case(
        When(state=State.ANSWERED, then=Value(0)),
        When(state=State.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = list(
        _wished(wish, at)
        .annotate(place=order, is_own=ExpressionWrapper(own_talk(user.pk), BooleanField()))
        .select_related("agent", "conversation__citizen", "conversation__hotline")
        .order_by("place", F("agent").asc(nulls_last=True), "pk")[: wish.limit + 1]
    )
    rows = [Row(review, review.standing(at), bool(review.is_own)) for review in found]
    return rows[: wish.limit], len(rows) > wish.limit and wish.limit < MOST


def counts_for(wish: Wish, at: datetime) -> Counts:
    """By state, of what is left when the state is not asked for."""
    rows = _wished(Wish(wish.month, wish.who, "", wish.is_red), at)
    found = rows.aggregate(
        **{state.value: Count("pk", filter=in_state(state, at)) for state in State}
    )
    return Counts(**found)


def figures_of(month: date) -> list[Figures]:
    """Of each agent, in the order of names, and of the bot at the end."""
    found = list(
        Review.objects.filter(month=month)
        .values("subject", "agent")
        .annotate(
            drawn=Count("pk"),
            scored=Count("total"),
            mean=Avg("total"),
            red=Count("pk", filter=Q(is_red=True)),
        )
        .order_by()
    )
    people = User.objects.in_bulk([row["agent"] for row in found if row["agent"]])
    table = [
        Figures(
            who=BOT if row["subject"] == Subject.BOT else str(row["agent"] or ""),
            agent=people.get(row["agent"]),
            drawn=row["drawn"],
            scored=row["scored"],
            mean=row["mean"],
            red=row["red"],
        )
        for row in found
    ]
    return sorted(table, key=lambda one: (one.who == BOT, str(one.agent)))


def next_to_score(after: Review, user: User) -> Review | None:
    """The next of the same month that this person may score, of the same agent if there is one."""
    rows = Review.objects.filter(month=after.month, state=State.OPEN).exclude(pk=after.pk)
    same = Q(subject=after.subject, agent=after.agent_id)
    first = Case(When(same, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.exclude(own_talk(user.pk)).alias(place=first).order_by("place", "pk").first()


def months_to_choose(at: datetime) -> list[date]:
    """This month, the last, and all that have something drawn; newest first."""
    now = month_of(at)
    drawn = Review.objects.order_by("-month").values_list("month", flat=True).distinct()[:MONTHS]
    return sorted({now, month_before(now), *drawn}, reverse=True)


def first_month(at: datetime) -> date:
    """The newest with something drawn; else the last that is over."""
    drawn = Review.objects.order_by("-month").values_list("month", flat=True).first()
    return drawn or month_before(month_of(at))


def in_state(state: State, at: datetime) -> Q:
    """As `Review.standing` says."""
    is_over = Q(subject=Subject.AGENT, scored_at__lt=at - ANSWER_WITHIN)
    if state == State.SCORED:
        return Q(state=State.SCORED) & ~is_over
    if state == State.SETTLED:
        return Q(state=State.SETTLED) | (Q(state=State.SCORED) & is_over)
    return Q(state=state)


def waiting_for(user: User) -> int:
    """For the rail: scores that an agent has not seen, and what a supervisor has to rule on."""
    waits = Q(agent=user, seen_at__isnull=True) & ~Q(state__in=(State.OPEN, State.ANSWERED))
    if may(user, Right.SUPERVISE):
        waits |= Q(state=State.ANSWERED) & ~own_talk(user.pk)
    return Review.objects.filter(waits).count()


def _wished(wish: Wish, at: datetime) -> QuerySet[Review]:
    rows = Review.objects.filter(month=wish.month)
    if wish.who == BOT:
        rows = rows.filter(subject=Subject.BOT)
    elif wish.who:
        rows = rows.filter(agent=int(wish.who))
    if wish.state == GIVEN:
        rows = rows.filter(total__isnull=False)
    elif wish.state:
        rows = rows.filter(in_state(State(wish.state), at))
    return rows.filter(is_red=True) if wish.is_red else rows
