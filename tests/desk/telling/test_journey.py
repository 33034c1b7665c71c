"""From the dispatch to the answered call back, as a citizen in WeChat lives through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from actions.case_status import tell
from actions.library import Library
from actions.protocol import Decision, Turn
from desk.cases.models import Callback, State
from desk.conversations.models import Author, Conversation, Message
from desk.conversations.router import Router
from desk.supervision.rounds import supervise
from desk.telling.asking import ask
from desk.telling.models import Asking, Notice, NoticeState
from tests.actions.a_talk import FakeKnowledge, FakeReader
from tests.desk.telling.conftest import DAY, Line, became, granted, went_out
from wire.messages import DeliveryState, Inbound, InboundKind

pytestmark = pytest.mark.django_db
LIBRARY = Library(knowledge=FakeKnowledge(), reader=FakeReader())


def decide(turn: Turn) -> Decision:
    return tell("case_status", turn, LIBRARY)


def test_from_the_dispatch_to_the_answered_call_back(
    bot: Any, line: Line, said: Callable[..., Inbound]
) -> None:
    bot.decide = decide
    router = Router(bot)
    now = timezone.now()
    line.at = now - 3 * DAY
    case = line.case(line.citizen("open-id-1"))

    # The dispatch is told at once: the window is open.
    line.dispatched(case)
    (outbound,) = line.tell()
    became(outbound)
    assert Notice.objects.get().state == NoticeState.SENT
    link = next(word for word in outbound.parts[0].text.split() if "/case/" in word)
    path = "/case/" + link.rpartition("/")[2]
    assert case.number in Client().get(path).content.decode()

    # On the page they chase it; in the talk they ask how it stands.
    assert Client().post(f"{path}/push").status_code == 303
    Conversation.objects.update(last_at=now)
    router.route(said("查进度"))
    told = went_out()[-1].parts[0]
    assert line.department.name in told.text
    assert "/case/" in told.text
    assert told.options[0].id == f"chase:{case.number}"

    # The answer comes when the window has closed, and no template is there.
    line.do(case, "sign")
    line.do(case, "answer", DAY, text="已换了新灯")
    line.do(case, "review", approve=True)
    (outbound,) = line.tell()
    became(outbound, DeliveryState.REFUSED, "api", "45015")
    assert Notice.objects.latest("pk").state == NoticeState.WAITS_FOR_CONTACT
    Conversation.objects.update(last_at=now)
    router.route(said("在吗"))
    outbound = went_out()[-1]
    assert "已换了新灯" in outbound.parts[0].text
    became(outbound, via="passive")
    assert Notice.objects.latest("pk").state == NoticeState.SENT

    # Their words have opened the window again: on the day after they are asked.
    granted("open-id-1")
    supervise(line.at + DAY)
    noon = timezone.localtime(now).replace(hour=12)
    Asking.objects.update(at=noon)
    ask(noon)
    question = went_out()[-1]
    solved, _unsolved = question.parts[0].options
    router.route(said(solved.label, choice=solved.id, kind=InboundKind.CHOICE))
    very = went_out()[-1].parts[0].options[4]
    router.route(said(very.label, choice=very.id, kind=InboundKind.CHOICE))

    call = Callback.objects.get()
    assert (call.by, call.solved, call.satisfied) == ("citizen", True, 5)
    case.refresh_from_db()
    assert case.state == State.CALLED_BACK
    line.at = timezone.now()
    line.do(case, "close", timedelta(0), note="市民满意")
    (outbound,) = line.tell()
    assert case.number in outbound.parts[0].text
    assert Message.objects.filter(author=Author.SYSTEM).count() == 5
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds.count("told_citizen") == 2
