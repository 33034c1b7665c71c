"""The list of talks: who waits, which are mine, all of them. Never a query per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.cases.models import Case
from desk.composing.mentions import unseen_of
from desk.conversations.models import Author, Conversation, Owner
from desk.conversations.searching import matching
from desk.pages.times import Badge, ago, span, waited
from desk.people.models import User
from desk.people.rights import of_own_hotlines
from desk.people.serving import with_absorbed

STEP = 50  # rows at first, and more with each wish for more
MOST = 500
SHORTEST_SEARCH = 2


class Tab(StrEnum):
    QUEUE = "queue"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True)
class Wish:
    """What an agent wants to see."""

    tab: Tab = Tab.QUEUE
    hotline: str = ""
    q: str = ""
    limit: int = STEP

    @property
    def more(self) -> int:
        return min(self.limit + STEP, MOST)


@dataclass(frozen=True)
class Counts:
    queue: int
    mine: int
    open: int
    mentions: int = 0  # talks in which a colleague's note names this person


@dataclass(frozen=True)
class Row:
    conversation: Conversation
    wait: Badge
    since: str  # ISO; ticks in the browser when it is set
    who: str  # whose words the last ones are, when not the citizen's
    case: Case | None
    mentions: int = 0

    @property
    def is_answer_due(self) -> bool:
        """A person has the talk and the citizen spoke last."""
        return (
            self.conversation.owner == Owner.AGENT
            and self.conversation.last_from == Author.CITIZEN
            and self.conversation.is_open
        )


@dataclass(frozen=True)
class Group:
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Inbox:
    wish: Wish
    counts: Counts
    groups: list[Group] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(group.rows for group in self.groups)


def visible(user: User) -> QuerySet[Conversation]:
    """The talks of the hotlines that this user serves."""
    return of_own_hotlines(Conversation.objects.select_related("citizen", "agent", "hotline"), user)


def practice_of(user: User) -> QuerySet[Conversation]:
    """Talks with simulated citizens, this user's own."""
    rows = Conversation.with_practice.select_related("citizen", "agent", "hotline")
    return rows.filter(trainee=user)


def counts_for(user: User, hotline: str = "", mentions: Mapping[int, int] | None = None) -> Counts:
    """`mentions` as `unseen_of` gives them, when they are known already."""
    rows = of_own_hotlines(Conversation.objects.filter(closed_at__isnull=True), user)
    named = len(unseen_of(user) if mentions is None else mentions)
    if hotline:
        rows = rows.filter(hotline_id=hotline)
    found = rows.aggregate(
        queue=Count("pk", filter=Q(owner=Owner.QUEUE)),
        mine=Count("pk", filter=Q(owner=Owner.AGENT, agent=user)),
        open=Count("pk"),
    )
    return Counts(found["queue"], found["mine"], found["open"], named)


def inbox_for(user: User, wish: Wish) -> Inbox:
    rows = visible(user)
    if wish.hotline:
        rows = rows.filter(hotline_id__in=with_absorbed([wish.hotline]))
    mentions = unseen_of(user)
    rows = _of_tab(rows, wish.tab, user, mentions)
    if len(wish.q) >= SHORTEST_SEARCH:
        rows = matching(rows, wish.q, wish.limit + 1)
    found = list(rows[: wish.limit + 1])
    shown = found[: wish.limit]
    own = [] if wish.q or wish.hotline else practice_of(user).filter(closed_at__isnull=True)
    return Inbox(
        wish=wish,
        counts=counts_for(user, wish.hotline, mentions),
        groups=[
            *_practice(rows_of(list(own), {})),
            *_groups(wish.tab, rows_of(shown, mentions), user),
        ],
        has_more=len(found) > len(shown) and wish.limit < MOST,
    )


def _of_tab(
    rows: QuerySet[Conversation], tab: Tab, user: User, mentions: Iterable[int]
) -> QuerySet[Conversation]:
    if tab is Tab.QUEUE:
        return rows.filter(owner=Owner.QUEUE, closed_at__isnull=True).order_by("queued_at", "pk")
    if tab is Tab.MINE:
        own = Q(owner=Owner.AGENT, agent=user, closed_at__isnull=True)
        return rows.filter(own | Q(pk__in=list(mentions))).order_by("-last_at", "-pk")
    return rows.order_by("-last_at", "-pk")


def rows_of(conversations: list[Conversation], mentions: Mapping[int, int]) -> list[Row]:
    """With how often notes name the reader, by conversation."""
    now = timezone.now()
    cases: dict[int | None, Case] = {}
    for case in Case.with_practice.filter(conversation__in=conversations).order_by("id"):
        cases[case.conversation_id] = case
    rows = []
    for talk in conversations:
        since = _waits_since(talk)
        rows.append(
            Row(
                conversation=talk,
                wait=waited(since, now) if since else Badge("", ago(talk.last_at, now)),
                since=since.isoformat() if since and now - since < timedelta(hours=1) else "",
                who=_who(talk),
                case=cases.get(talk.pk),
                mentions=mentions.get(talk.pk, 0),
            )
        )
    return rows


def _waits_since(talk: Conversation) -> datetime | None:
    if not talk.is_open:
        return None
    if talk.owner == Owner.QUEUE:
        return talk.queued_at
    if talk.owner == Owner.AGENT and talk.last_from == Author.CITIZEN:
        return talk.last_at
    return None


def _who(talk: Conversation) -> str:
    if talk.last_from == Author.BOT:
        return _("Bot")
    if talk.last_from == Author.AGENT:
        return str(talk.agent) if talk.agent else _("Agent")
    return ""


def _practice(rows: list[Row]) -> list[Group]:
    return [Group(_("Practice; only you see it"), rows)] if rows else []


def _groups(tab: Tab, rows: list[Row], user: User) -> list[Group]:
    if tab is Tab.MINE:
        own = [row for row in rows if row.conversation.agent_id == user.pk]
        named = [row for row in rows if row not in own]
        due = [row for row in own if row.is_answer_due]
        waiting = [row for row in own if not row.is_answer_due]
        groups = [
            Group(_("Colleagues name you %d") % len(named), named),
            Group(_("Waiting for me %d") % len(due), due),
            Group(_("Waiting for the citizen %d") % len(waiting), waiting),
        ]
        return [group for group in groups if group.rows]
    if tab is Tab.QUEUE and rows:
        longest = timezone.now() - (rows[0].conversation.queued_at or timezone.now())
        label = _("In the queue, longest %s") % span(longest)
        return [Group(label, rows)]
    if tab is Tab.ALL:
        going = [row for row in rows if row.conversation.is_open]
        over = [row for row in rows if not row.conversation.is_open]
        groups = [Group(_("Going on"), going), Group(_("Ended"), over)]
        return [group for group in groups if group.rows]
    return [Group("", rows)] if rows else []
