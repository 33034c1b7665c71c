"""Races between bot, agents, citizens and workers over one talk: real threads, real transactions.

Each runs once and tells what went wrong. `benchmarks.racing` runs them a hundred times, the tests
a few. Django has to be set up before this is imported.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from actions.handover import request
from benchmarks.race_parts import (
    LINE,
    PATIENCE,
    Bot,
    a_talk,
    an_agent,
    an_answer,
    inbound_in,
    outbound_of,
    routing,
    rows_of,
    together,
)
from desk.cases.models import Case
from desk.conversations.models import (
    Author,
    Conversation,
    LiveEvent,
    Message,
    Owner,
    OwnerChange,
)
from desk.conversations.ownership import NotAllowed, take_over
from desk.conversations.router import Router
from desk.conversations.speaking import CitizenWrote, say
from desk.live_updates.hub import Hub, newest_event
from desk.live_updates.routes import stream as live_stream
from desk.people.models import HotlineRule, User
from desk.routing.assigning import assign_waiting
from desk.routing.silence import watch_agents


def bot_against_take_over() -> list[str]:
    """An agent takes the talk while the bot's answer is under way."""
    talk, agent = a_talk(), an_agent()
    bot = Bot(lambda _turn: an_answer("机器人的回答"))
    question = inbound_in(talk, "路灯不亮找谁")

    def take() -> None:
        bot.asked.wait(PATIENCE)
        take_over(talk.pk, agent)

    faults = together(lambda: Router(bot).route(question), take)
    talk.refresh_from_db()
    if talk.owner != Owner.AGENT or talk.agent_id != agent.pk:
        faults.append("the agent does not have the talk")
    sent_later = [
        row.pk
        for row in rows_of(talk)
        if outbound_of(row).author == Author.BOT and outbound_of(row).epoch >= talk.epoch
    ]
    if sent_later:
        faults.append("the bot speaks after the agent took over")
    for author, most in ((Author.CITIZEN, 1), (Author.BOT, 1), (Author.SYSTEM, 1)):
        said = Message.objects.filter(conversation=talk, author=author).count()
        if said > most or (author != Author.BOT and said < 1):
            faults.append(f"{said} lines of the {author}")
    return faults


def two_agents() -> list[str]:
    """Two agents take one talk out of the queue."""
    talk = a_talk(Owner.QUEUE)
    refused: list[str] = []

    def take(agent: User) -> None:
        try:
            take_over(talk.pk, agent)
        except NotAllowed:
            refused.append(agent.username)

    one, two = an_agent(), an_agent()
    faults = together(lambda: take(one), lambda: take(two))
    if len(refused) != 1:
        faults.append(f"{len(refused)} refused instead of 1")
    if OwnerChange.objects.filter(conversation=talk, after=Owner.AGENT).count() != 1:
        faults.append("the talk was taken more than once")
    if Message.objects.filter(conversation=talk).count() != 1:
        faults.append("the citizen was told twice")
    return faults


def agent_against_citizen() -> list[str]:
    """The citizen writes while the agent presses Send: refused, or earlier than the citizen."""
    talk, agent = a_talk(), an_agent()
    take_over(talk.pk, agent)
    seen = Message.objects.filter(conversation=talk).latest("id").pk
    refused: list[int] = []

    def answer() -> None:
        try:
            say(talk.pk, agent, "好的，就这么办", seen=seen)
        except CitizenWrote:
            refused.append(1)

    bot = Bot(lambda _turn: an_answer("机器人不该说话"))
    more = inbound_in(talk, "等等，说错了")
    faults = together(answer, lambda: Router(bot).route(more))
    lines = list(
        Message.objects.filter(conversation=talk, pk__gt=seen)
        .order_by("id")
        .values_list("author", flat=True)
    )
    wanted = [[Author.CITIZEN]] if refused else [[Author.AGENT, Author.CITIZEN]]
    if lines not in wanted:
        faults.append(f"{lines} with {len(refused)} refused")
    return faults


def repeated_requests() -> list[str]:
    """A citizen asks for a person three times at once, one of them delivered twice."""
    talk = a_talk()
    an_agent(is_present=True)
    router = Router(Bot(lambda turn: request("request_agent", turn)))
    asked = [inbound_in(talk, "转人工") for _number in range(3)]
    faults = together(*[routing(router, one) for one in [*asked, asked[0]]])
    talk.refresh_from_db()
    queued = OwnerChange.objects.filter(conversation=talk, after=Owner.QUEUE).count()
    if talk.owner != Owner.QUEUE or queued != 1:
        faults.append(f"put into the queue {queued} times")
    for one in asked:
        if rows_of(talk, one.message_id) and len(rows_of(talk, one.message_id)) != 1:
            faults.append("answered twice")
    if Message.objects.filter(conversation=talk, author="citizen").count() != len(asked):
        faults.append("a citizen's line is missing or double")
    if len(rows_of(talk)) != len(asked):
        faults.append(f"{len(rows_of(talk))} answers to {len(asked)} messages")
    return faults


def nobody_on_shift() -> list[str]:
    """Asked for twice at once with nobody there: one case, and its number is told."""
    User.objects.update(seen_at=None)
    talk = a_talk()
    small_talk = Router(Bot(lambda _turn: an_answer("收到")))
    small_talk.route(inbound_in(talk, "楼上漏水漏到我家厨房"))
    router = Router(Bot(lambda turn: request("request_agent", turn)))
    first, second = inbound_in(talk, "转人工"), inbound_in(talk, "有人吗，转人工")
    faults = together(routing(router, first), routing(router, second))
    cases = list(Case.objects.filter(conversation=talk))
    if len(cases) != 1:
        faults.append(f"{len(cases)} cases")
    words = [outbound_of(row).parts[0].text for row in rows_of(talk)]
    if sum(cases[0].number in text for text in words if cases) != 1:
        faults.append("the case's number was not told once")
    if any("坐席会在这里回复您，请留意" in text for text in words):
        faults.append("a person was promised with nobody on shift")
    return faults


def agent_leaves() -> list[str]:
    """Two workers take the talk of an agent who is gone, while that agent comes back and speaks."""
    talk, agent = a_talk(), an_agent()
    take_over(talk.pk, agent)
    now = datetime.now(UTC)
    long_ago = now - timedelta(minutes=20)
    type(talk).objects.filter(pk=talk.pk).update(unanswered_at=long_ago)
    User.objects.filter(pk=agent.pk).update(seen_at=now)

    def speak() -> None:
        try:
            say(talk.pk, agent, "我回来了")
        except NotAllowed:
            return

    def watch() -> None:
        watch_agents(now)

    faults = together(watch, watch, speak)
    talk.refresh_from_db()
    lost = OwnerChange.objects.filter(conversation=talk, after=Owner.QUEUE).count()
    said = Message.objects.filter(conversation=talk, author=Author.AGENT).count()
    told = Message.objects.filter(conversation=talk, author=Author.SYSTEM).count() - 1
    if (lost, said, told) not in {(1, 0, 1), (0, 1, 0)}:
        faults.append(f"lost {lost}, said {said}, told {told}")
    if (talk.owner == Owner.QUEUE) != (lost == 1):
        faults.append("the owner is not who the last change says")
    return faults


def two_workers_assign() -> list[str]:
    """Two workers hand out three talks to an agent who has room for two."""
    User.objects.update(seen_at=None)
    Conversation.objects.filter(owner=Owner.QUEUE).update(closed_at=datetime.now(UTC))
    agent = an_agent(is_present=True, talk_limit=2)
    talks = [a_talk(Owner.QUEUE) for _number in range(3)]
    HotlineRule.objects.update_or_create(hotline_id=LINE, defaults={"handout": "push"})

    def assign() -> None:
        assign_waiting()

    try:
        faults = together(assign, assign)
    finally:
        HotlineRule.objects.all().delete()
    mine = Conversation.objects.filter(agent=agent, owner=Owner.AGENT)
    if mine.count() != 2:
        faults.append(f"{mine.count()} talks for a limit of 2")
    if set(mine.values_list("pk", flat=True)) != {talk.pk for talk in talks[:2]}:
        faults.append("not who waited longest")
    if Message.objects.filter(conversation__in=talks).count() != 2:
        faults.append("the citizens were not told once each")
    return faults


def connection_lost() -> list[str]:
    """An agent's page is away while three citizens write, and comes back while three more do: it
    is told each change once."""
    agent = an_agent()
    talks = [a_talk() for _number in range(3)]
    for talk in talks:
        take_over(talk.pk, agent)
    router = Router(Bot(lambda _turn: an_answer("机器人不该说话")))
    last = newest_event()  # what the page had seen when it was cut off
    faults = together(*[routing(router, inbound_in(talk, "断线的时候说的")) for talk in talks])
    told: list[int] = []

    def come_back() -> None:
        told.extend(asyncio.run(_told_to(agent, last, {talk.pk for talk in talks})))

    faults += together(
        come_back, *[routing(router, inbound_in(talk, "连回来的时候说的")) for talk in talks]
    )
    wanted = list(
        LiveEvent.objects.filter(id__gt=last, kind="message", conversation__in=talks).values_list(
            "id", flat=True
        )
    )
    if len(wanted) != 2 * len(talks) or sorted(told) != sorted(wanted):
        faults.append(f"told {len(told)}, {len(set(told))} different, of {len(wanted)} messages")
    return faults


async def _told_to(agent: User, last: int, talks: set[int]) -> list[int]:
    """The ids of the messages in these talks that a page hears of after `last`."""
    hub, told = Hub(), list[int]()
    async with hub.running():
        stream = live_stream(hub, agent, None, str(last))
        try:
            async with asyncio.timeout(PATIENCE):
                while len(told) < 2 * len(talks):
                    told += _messages_in(await anext(stream), talks)
                async with asyncio.timeout(0.3):  # and nothing twice
                    told += _messages_in(await anext(stream), talks)
        except TimeoutError:
            pass
        finally:
            await stream.aclose()
    return told


def _messages_in(lines: bytes, talks: set[int]) -> list[int]:
    found = re.findall(rb'id: (\d+)\nevent: message\ndata: \{"conversation":(\d+)', lines)
    return [int(number) for number, talk in found if int(talk) in talks]


RACES: dict[str, Callable[[], list[str]]] = {
    "bot against take-over": bot_against_take_over,
    "two agents on one talk": two_agents,
    "agent against a new message": agent_against_citizen,
    "repeated requests": repeated_requests,
    "nobody on shift": nobody_on_shift,
    "agent leaves": agent_leaves,
    "two workers assign": two_workers_assign,
    "connection lost": connection_lost,
}
