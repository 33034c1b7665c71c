"""`python -m benchmarks.screens`: from a citizen's message at the gateway to the agent's screen.

So many agents with so many open talks, on PostgreSQL; citizens write at a steady rate, whatever
comes back. Those who write and those who look share the machine with what is measured.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import click
import uvloop

from benchmarks import demo, processes
from benchmarks.agents_pages import AgentsPage, Seen
from benchmarks.connection import Connection, NoAnswer
from benchmarks.postgresql import NoPostgreSQL, server
from benchmarks.table import Table
from sandbox.accounts import WechatAccount
from sandbox.wechat.pushes import MsgIds, message, push

ACCOUNT = "12345-wechat"
HOTLINE = "12345"
AT_ONCE = 64  # pushes under way
WARMS = 8.0  # seconds before what is counted
SETTLES = 5.0  # after the last message
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"  # words that nothing masks


@dataclass(frozen=True)
class Agent:
    number: int
    cookie: str
    talks: dict[int, str]  # and the citizen of each, as WeChat names them


@dataclass
class Outcome:
    seen: Seen
    sent: int = 0
    late: int = 0  # pushes that began after their time: the load could not keep up
    unseen: int = 0
    used: dict[str, float] = field(default_factory=dict)  # percent of a core, by part


@click.command()
@click.option("--agents", default=200, help="Each with a page open.")
@click.option("--talks", default=2_000, help="Open ones, dealt out to the agents.")
@click.option("--rate", default=50.0, help="Citizens' messages a second.")
@click.option("--seconds", default=30.0, help="How long they write.")
@click.option("--sqlite", is_flag=True, help="The demo's own database instead of PostgreSQL.")
def main(agents: int, talks: int, rate: float, seconds: float, *, sqlite: bool) -> None:
    """Measure, and print how long messages take to the screen and what each part uses."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qianmen-screens-")))
        extra = {"QIANMEN_DEMO_KNOWLEDGE": "none"}
        try:
            if not sqlite:
                extra["DATABASE_URL"] = stack.enter_context(server(demo.free_ports()["desk"]))
            ours = stack.enter_context(demo.running(home=home, extra=extra))
        except (NoPostgreSQL, demo.CannotMeasure) as fault:
            raise click.ClickException(str(fault)) from None
        click.echo(f"[bench] {agents} agents with {talks:,} open talks", err=True)
        os.environ |= ours.environment | ours.secrets | {"DJANGO_SETTINGS_MODULE": "desk.settings"}
        deal = _deal(agents, talks)
        outcome = uvloop.run(_run(ours, deal, rate, seconds))
    for table in _tables(agents, talks, seconds, outcome):
        click.echo(table.text())


def _deal(agents: int, talks: int) -> list[Agent]:
    """Agents with sessions, and an equal share of the open talks each."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from desk.conversations.models import Citizen, Conversation, Owner
    from desk.people.models import Role, User

    deal = []
    share = talks // agents
    for number in range(agents):
        user = User.objects.create(
            username=f"bench-{number}",
            display_name=f"坐席{number}",
            role=Role.AGENT,
            talk_limit=share,
        )
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        citizens = Citizen.objects.bulk_create(
            Citizen(account=ACCOUNT, channel="wechat", external_id=f"o{secrets.token_hex(13)}")
            for _ in range(share)
        )
        opened = Conversation.objects.bulk_create(
            Conversation(
                citizen=citizen, hotline_id=HOTLINE, owner=Owner.AGENT, agent=user, epoch=1
            )
            for citizen in citizens
        )
        deal.append(
            Agent(
                user.pk,
                f"{settings.SESSION_COOKIE_NAME}={session}",
                {talk.pk: talk.citizen.external_id for talk in opened},
            )
        )
    return deal


async def _run(ours: demo.Demo, deal: list[Agent], rate: float, seconds: float) -> Outcome:
    outcome = Outcome(Seen())
    pages = {
        agent.number: AgentsPage(
            ours.ports["desk"],
            agent.number,
            agent.cookie,
            list(agent.talks),
            outcome.seen,
            len(deal),
        )
        for agent in deal
    }
    listening = [asyncio.create_task(page.listen()) for page in pages.values()]
    order = [
        (pages[agent.number], talk, citizen)
        for agent in deal
        for talk, citizen in agent.talks.items()
    ]
    random.Random(7).shuffle(order)  # noqa: S311 - the same order in every run
    citizens = _Citizens(ours.ports["gateway"], ours.accounts.wechat[ACCOUNT], order)
    await asyncio.sleep(2)
    await citizens.write(rate, WARMS)
    await asyncio.sleep(2)
    outcome.seen.clear()
    sessions = processes.parts_of(ours.home)
    before, began = processes.processor_ms(sessions), time.monotonic()
    outcome.sent, outcome.late = await citizens.write(rate, seconds)
    took = time.monotonic() - began
    outcome.used = {
        part: (used - before.get(part, 0.0)) / (10 * took)
        for part, used in processes.processor_ms(sessions).items()
    }
    await asyncio.sleep(SETTLES)
    outcome.unseen = sum(page.unseen for page in pages.values())
    for task in listening:
        if task.done():
            raise click.ClickException(f"a page was cut off: {task.exception()}")
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return outcome


class _Citizens:
    """Write at a rate that waits for nobody, each in turn."""

    def __init__(
        self, port: int, account: WechatAccount, order: list[tuple[AgentsPage, int, str]]
    ) -> None:
        self._account = account
        self._order = order
        self._free: list[Connection] = [Connection(port, timeout=30.0) for _ in range(AT_ONCE)]
        self._room = asyncio.Semaphore(AT_ONCE)
        self._msg_ids = MsgIds()
        self._next = 0

    async def write(self, rate: float, seconds: float) -> tuple[int, int]:
        """How many were written, and how many of them a tenth of a second late or more."""
        count, began, late = int(rate * seconds), time.monotonic(), 0
        writing = []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            await self._room.acquire()
            late += time.monotonic() > began + number / rate + 0.1
            writing.append(asyncio.create_task(self._say()))
        await asyncio.gather(*writing)
        return count, late

    async def _say(self) -> None:
        page, talk, citizen = self._order[self._next % len(self._order)]
        self._next += 1
        words = "楼道灯坏了" + "".join(secrets.choice(LETTERS) for _ in range(8))
        fields = message("text", {"Content": words}, self._msg_ids.next())
        sealed = push(self._account, citizen, fields)
        connection = self._free.pop()
        page.expect(talk, words, time.monotonic())
        try:
            await connection.post(
                f"/wechat/{self._account.id}?{urlencode(sealed.query)}", sealed.body, "text/xml"
            )
        except NoAnswer as missing:
            raise click.ClickException(f"the gateway did not answer: {missing}") from None
        finally:
            self._free.append(connection)
            self._room.release()


def _tables(agents: int, talks: int, seconds: float, outcome: Outcome) -> list[Table]:
    seen = outcome.seen
    screens = Table(
        f"{agents} agents, {talks:,} open talks, {outcome.sent / seconds:.0f} messages a second "
        f"(load {processes.load()})",
        ("seen in", "messages", "p50 ms", "p95 ms", "p99 ms", "slowest ms"),
    )
    for name, took in (
        ("the list", seen.in_list),
        ("the open talk", seen.in_talk),
        ("either", sorted(seen.in_list + seen.in_talk)),
    ):
        ordered = sorted(took)
        if ordered:
            shares = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95, 0.99, 1)]
            screens.add((name, len(ordered), *(round(1000 * each) for each in shares)))
    parts = Table("percent of one core", ("part", "%"))
    for part, percent in sorted(outcome.used.items(), key=lambda each: -each[1]):
        parts.add((part, round(percent)))
    rest = Table("beside it", ("what", "number"))
    rest.add(("requests of the pages a second", round(seen.requests / seconds)))
    rest.add(("requests that failed", seen.failures))
    rest.add(("pushes that began late", outcome.late))
    rest.add(("messages that nobody saw", outcome.unseen))
    return [screens, parts, rest]


if __name__ == "__main__":
    main()
