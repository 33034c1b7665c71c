"""The inbox and the talk in it: whole pages, and the fragments that open pages refresh."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.cases.models import Kind, Urgency
from desk.composing import words
from desk.composing.window import window_of
from desk.conversations.inbox import MOST, STEP, Tab, Wish, counts_for, inbox_for
from desk.conversations.registering import blank_for
from desk.conversations.sent_files import AT_ONCE, LARGEST, OFFERED
from desk.conversations.talk import Talk, found_for, talk_for
from desk.conversations.thread import earlier_than
from desk.conversations.wording import CHANNELS
from desk.knowledge.models import Entry
from desk.live_updates.hub import newest_event
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import Department, Hotline, User
from desk.people.rights import Right, hotlines_of, may
from desk.people.serving import serving_lines
from desk.routing.silence import about_to_lose


def reader(request: HttpRequest) -> User:
    """The user, when their role reads talks."""
    user = holder(request, Right.READ_CONVERSATIONS)
    prefetch_related_objects([user], "hotlines__absorbed")  # every list asks for them
    return user


@login_required
@require_safe
def inbox(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """The three panes; with a number, that talk is open in them."""
    user = reader(request)
    return page(request, user, number)


def page(
    request: HttpRequest,
    user: User,
    number: int | None,
    *,
    status: int = 200,
    is_revealed: bool = False,
    **more: object,
) -> HttpResponse:
    # Before everything else is read: what changes after it reaches the page as an event.
    after = newest_event()
    wish = wish_of(request, user)
    found = inbox_for(user, wish)
    context: dict[str, Any] = {
        "place": "conversations",
        "pane": "list",
        "after": after,
        "inbox": found,
        "wish": wish,
        "hotlines": own_hotlines(user),
        "queue_count": found.counts.queue,
    }
    if number is not None:
        context["pane"] = "thread"
        context |= talk_context(request, user, number, is_revealed=is_revealed)
    context |= more
    return render(request, "conversations/inbox.html", context, status=status)


@login_required
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The list alone."""
    user = reader(request)
    wish = wish_of(request, user)
    return render(
        request,
        "conversations/list.html",
        {
            "inbox": inbox_for(user, wish),
            "wish": wish,
            "open_number": _number(request.GET.get("open")),
        },
    )


@login_required
@require_safe
def tabs(request: HttpRequest) -> HttpResponse:
    """How many talks are behind each tab."""
    user = reader(request)
    wish = wish_of(request, user)
    found = counts_for(user, wish.hotline)
    return render(request, "conversations/tabs.html", {"counts": found, "wish": wish})


@login_required
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The rail's number, for pages other than the inbox."""
    user = reader(request)
    return HttpResponse(str(counts_for(user).queue), content_type="text/plain")


@login_required
@require_safe
def open_talk(request: HttpRequest, number: int) -> HttpResponse:
    """Thread and side of one talk."""
    user = reader(request)
    return render(request, "conversations/open.html", talk_context(request, user, number))


@login_required
@require_safe
def entry(request: HttpRequest, external_id: str) -> HttpResponse:
    """A knowledge entry that the bot used, as it is told to citizens now."""
    user = reader(request)
    found = (
        Entry.objects.select_related("department", "category")
        .filter(external_id=external_id)
        .first()
    )
    if found is None:
        raise Http404
    return render(
        request,
        "conversations/entry.html",
        {"entry": found, "may_write": may(user, Right.WRITE_KNOWLEDGE), "place": "knowledge"},
    )


def talk_context(
    request: HttpRequest, user: User, number: int, *, is_revealed: bool = False
) -> dict[str, Any]:
    since = _number(request.GET.get("since"))
    found = found_for(user, number)
    talk = talk_for(
        user,
        found.conversation,
        since=since,
        is_revealed=is_revealed,
        because_of=found.because_of,
    )
    is_mine = talk.speaker.kind == "mine"
    return {
        "talk": talk,
        "open_number": number,
        "since": since,
        "loses_at": about_to_lose(talk.conversation, timezone.now()) if is_mine else None,
        "earlier": earlier_than(talk.conversation, talk.thread.first)
        if talk.thread.has_earlier
        else 0,
        "channel": CHANNELS.get(talk.conversation.citizen.channel, ""),
        "may_see_contacts": may(user, Right.SEE_CONTACTS) and talk.because_of is None,
        "may_set": talk.may_set,
        "case": talk.case,
        "proposal": talk.proposal,
        "kept": words.kept(talk.conversation, user),
        "window": window_of(talk.conversation, timezone.now()),
        "attaching": {"offered": OFFERED, "most": AT_ONCE, "largest": LARGEST},
        **step_choices(talk),
        **_new_case(user, talk),
    }


def _new_case(user: User, talk: Talk) -> dict[str, Any]:
    """The form for a case, when the talk has none and the user may open one."""
    if talk.case is not None or talk.because_of is not None or not may(user, Right.OPEN_CASES):
        return {}
    return {
        "asked": blank_for(talk.conversation),
        "kinds": Kind.choices,
        **choices_for({"department"}),
    }


def step_choices(talk: Talk) -> dict[str, Any]:
    """What the selects of the steps offer; nothing is looked up that no step asks for."""
    kinds = {ask.kind for step in talk.steps for ask in step.asks}
    return choices_for(kinds)


def choices_for(kinds: set[str]) -> dict[str, Any]:
    choices: dict[str, Any] = {"urgencies": Urgency.choices}
    if kinds & {"department", "departments"}:
        choices["departments"] = list(Department.objects.values_list("name", flat=True))
    if "hotline" in kinds:
        choices["all_hotlines"] = list(serving_lines())
    return choices


def wish_of(request: HttpRequest, user: User) -> Wish:
    tab = request.GET.get("tab", "")
    hotline = request.GET.get("hotline", "")
    limit = _number(request.GET.get("limit")) or STEP
    return Wish(
        tab=Tab(tab) if tab in Tab else first_tab(user),
        hotline=hotline if hotline and _serves(user, hotline) else "",
        q=request.GET.get("q", "").strip()[:60],
        limit=max(STEP, min(limit, MOST)),
    )


def _serves(user: User, hotline: str) -> bool:
    return any(hotline == own.code for own in own_hotlines(user))


def first_tab(user: User) -> Tab:
    """Who has talks sees them first; who has none sees who waits."""
    return Tab.MINE if counts_for(user).mine else Tab.QUEUE


def own_hotlines(user: User) -> list[Hotline]:
    codes = hotlines_of(user)
    rows = serving_lines()
    return list(rows if codes is None else rows.filter(code__in=codes))


def _number(value: str | None) -> int:
    return whole_number(value) or 0
