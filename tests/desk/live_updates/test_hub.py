"""What open pages are told: every change, once, and to whom it concerns with the row itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from desk.composing.models import Mention
from desk.conversations.models import (
    Author,
    Citizen,
    Conversation,
    LiveEvent,
    Message,
    Owner,
)
from desk.live_updates import routes
from desk.live_updates.hub import Event, Hub, Page, events_to_send
from desk.live_updates.rows import rendered
from desk.people.models import Hotline, User

type Users = Callable[..., User]


def an_event(number: int, agent: int | None = 7, hotline: str = "12345") -> Event:
    return Event(number, "message", hotline, 21, "", "agent", agent)


async def test_the_agents_own_page_gets_the_row_and_a_colleagues_only_the_news() -> None:
    hub = Hub()
    async with hub_page(hub, 7) as own, hub_page(hub, 8) as other:
        hub._send(an_event(1), "<b>路灯不亮</b>")
        (_id, lines) = own.queue.get_nowait()
        assert json.loads(lines.split(b"data: ")[1])["row"] == "<b>路灯不亮</b>"
        (_id, lines) = other.queue.get_nowait()
        assert json.loads(lines.split(b"data: ")[1]) == {
            "conversation": 21,
            "case": "",
            "owner": "agent",
            "agent": 7,
        }


async def test_other_hotlines_hear_nothing() -> None:
    hub = Hub()
    async with hub_page(hub, 7, frozenset({"12341"})) as page:
        hub._send(an_event(1), "")
        assert page.queue.empty()


async def test_a_page_that_falls_behind_is_cut_off_to_catch_up_from_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _without_a_database(monkeypatch)
    hub, user = Hub(), User(pk=7)
    stream = routes.stream(hub, user, None, "")
    assert b"hello" in await anext(stream)
    for number in range(1, 1200):
        hub._send(an_event(number), "")
    assert [lines async for lines in stream] == []  # it ends by itself
    assert hub.pages == 0


async def test_who_is_told_something_all_the_time_counts_as_present(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signs = _without_a_database(monkeypatch)
    monkeypatch.setattr(routes, "HEARTBEAT", 0.05)
    hub = Hub()
    stream = routes.stream(hub, User(pk=7), None, "")
    await anext(stream)
    for number in range(1, 30):
        hub._send(an_event(number), "")
        await anext(stream)
        await asyncio.sleep(0.01)
    await stream.aclose()
    assert len(signs) >= 3


def _without_a_database(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Returns the signs of presence that are given."""
    signs: list[int] = []
    monkeypatch.setattr(routes, "_seen", signs.append)
    monkeypatch.setattr(routes, "newest_event", lambda: 0)
    monkeypatch.setattr("desk.live_updates.hub.newest_event", lambda: 0)
    return signs


def hub_page(hub: Hub, user: int, hotlines: frozenset[str] | None = None) -> _Opened:
    return _Opened(hub, Page(user, hotlines))


class _Opened:
    """A page as the hub knows it, without a stream."""

    def __init__(self, hub: Hub, page: Page) -> None:
        self._hub, self._page = hub, page

    async def __aenter__(self) -> Page:
        self._hub._pages.add(self._page)
        return self._page

    async def __aexit__(self, *_error: object) -> None:
        self._hub._pages.discard(self._page)


@pytest.fixture
def talk(hotline: Hotline, user: Users) -> Conversation:
    citizen = Citizen.objects.create(account="a", channel="wechat", external_id="o-1")
    return Conversation.objects.create(
        citizen=citizen,
        hotline=hotline,
        owner=Owner.AGENT,
        agent=user(),
        last_words="<路灯>不亮 13812345678",
        last_from=Author.CITIZEN,
    )


def test_the_row_is_what_the_list_shows_masked_and_with_the_notes_that_name_the_agent(
    talk: Conversation, user: Users
) -> None:
    assert talk.agent is not None
    note = Message.objects.create(conversation=talk, author=Author.NOTE, text="看一下")
    for named in (talk.agent, user("other")):
        Mention.objects.create(user=named, message=note, conversation=talk)
    other = User.objects.get(username="other")
    changed = {(talk.agent.pk, talk.pk), (other.pk, talk.pk)}
    rows = rendered(changed)
    assert list(rows) == [(talk.agent.pk, talk.pk)]  # the talk is not the other's
    row = rows[talk.agent.pk, talk.pk]
    assert "&lt;路灯&gt;不亮" in row
    assert "13812345678" not in row
    assert "备注里提到您" in row


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_late_is_told_once(hotline: Hotline) -> None:
    for number in (1, 3):
        LiveEvent.objects.create(pk=number, kind="message", hotline=hotline)
    first = events_to_send(0, frozenset())
    assert [event.id for event in first] == [1, 3]
    LiveEvent.objects.create(pk=2, kind="owner", hotline=hotline)
    sent = frozenset({1, 3})
    assert [event.id for event in events_to_send(3, sent)] == [2]
    assert events_to_send(3, sent | {2}) == []
