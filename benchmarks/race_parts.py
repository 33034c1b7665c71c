"""Who runs in a race: a bot that answers when it is let, talks, agents, and threads that begin
together. Django has to be set up before this is imported.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from django.db import connection

from actions.protocol import Decision, Reply, Status, Turn
from desk.conversations.models import Citizen, Conversation, OutboundMessage
from desk.conversations.router import Router
from desk.people.models import Hotline, Role, User
from wire.messages import Inbound, InboundKind, Outbound, decode

LINE = "12345"
PATIENCE = 60.0  # seconds that a round may take


@dataclass
class Bot:
    """Answers when it is let; `asked` says that an answer is under way."""

    decide: Callable[[Turn], Decision]
    asked: threading.Event = field(default_factory=threading.Event)

    def turn(self, turn: Turn) -> Decision:
        self.asked.set()
        return self.decide(turn)


def together(*works: Callable[[], None]) -> list[str]:
    """Run all at once, each with a connection of its own; gives what broke."""
    start = threading.Barrier(len(works))
    faults: list[str] = []

    def run(work: Callable[[], None]) -> None:
        try:
            start.wait(PATIENCE)
            work()
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if any(thread.is_alive() for thread in threads):
        faults.append("it never ended")
    return faults


def routing(router: Router, inbound: Inbound) -> Callable[[], None]:

    return lambda: router.route(inbound)


def a_talk(owner: str = "bot") -> Conversation:

    hotline, _created = Hotline.objects.get_or_create(code=LINE, defaults={"name": "市民热线"})
    citizen = Citizen.objects.create(
        account="12345-web", channel="webchat", external_id=uuid4().hex
    )
    return Conversation.objects.create(
        citizen=citizen,
        hotline=hotline,
        owner=owner,
        queued_at=datetime.now(UTC) if owner == "queue" else None,
    )


def an_agent(*, is_present: bool = False, talk_limit: int = 5) -> User:

    name = uuid4().hex[:12]
    return User.objects.create(
        username=name,
        display_name=name,
        role=Role.AGENT,
        talk_limit=talk_limit,
        seen_at=datetime.now(UTC) if is_present else None,
    )


def inbound_in(talk: Conversation, text: str) -> Inbound:
    now = datetime.now(UTC)
    return Inbound(
        account=talk.citizen.account,
        channel=talk.citizen.channel,
        hotline=LINE,
        external_id=talk.citizen.external_id,
        message_id=uuid4().hex,
        kind=InboundKind.TEXT,
        text=text,
        sent_at=now,
        received_at=now,
    )


def an_answer(text: str) -> Decision:
    return Decision(status=Status.SMALL_TALK, intent="greet", replies=(Reply(text=text),))


def rows_of(talk: Conversation, answering: str = "") -> list[OutboundMessage]:
    rows = talk.outbox.order_by("created_at")
    return list(rows.filter(in_reply_to=answering) if answering else rows)


def outbound_of(row: OutboundMessage) -> Outbound:
    return decode(bytes(row.body), Outbound)
