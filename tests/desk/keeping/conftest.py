"""A citizen who has said, sent and been told things, with a case and a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.cases.models import Case, CaseEvent, CaseField, ContactReveal, State
from desk.composing.models import UnsentWords
from desk.conversations.models import (
    Attachment,
    Author,
    Citizen,
    Conversation,
    DeliveryStatus,
    Message,
    OutboundMessage,
    Owner,
    OwnerChange,
)
from desk.lessons.models import WrongAnswer
from desk.people.models import Department, Hotline, User
from wire.messages import Outbound, Part, encode

NOW = datetime(2026, 11, 27, 18, 30, tzinfo=UTC)  # half past two at night, at the desk
PHONE = "13900001234"
NAME = "苏小满"
PLACE = "梧桐里3号楼"
SAID = f"{PLACE}的路灯坏了，我叫{NAME}，电话{PHONE}"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"of a lamp"
# Nothing of it may be anywhere afterwards.
SECRETS = (PHONE, NAME, PLACE, "路灯坏了", "open-id-7")


@dataclass(frozen=True)
class Told:
    citizen: Citizen
    talk: Conversation
    said: Message
    case: Case
    picture: Attachment


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    settings.CITIZEN_MEDIA_URL = folder.as_uri()
    return folder


@pytest.fixture
def agent(user: Callable[..., User]) -> User:
    return user("agent")


@pytest.fixture
def tell(hotline: Hotline, department: Department, agent: User, media: Path) -> Callable[..., Told]:
    """Everything that one citizen can leave behind; `closed_at` is of the case and the talk."""

    def make(
        external_id: str = "open-id-7", *, closed_at: datetime | None = NOW, **more: Any
    ) -> Told:
        citizen = Citizen.objects.create(
            account="12345-web",
            channel="webchat",
            external_id=external_id,
            name=NAME,
            phone=more.get("phone", PHONE),
        )
        talk = Conversation.objects.create(
            citizen=citizen,
            hotline=hotline,
            owner=Owner.BOT,
            closed_at=closed_at,
            last_words=SAID,
            draft={"words": SAID},
            offered=[{"id": "a", "label": PLACE}],
        )
        said = Message.objects.create(
            conversation=talk,
            author=Author.CITIZEN,
            text=SAID,
            account=citizen.account,
            platform_id=f"{external_id}-1",
            intent="complain",
            status="read_back",
        )
        outbound = OutboundMessage.objects.create(
            id=f"out-{external_id[-1]}",
            conversation=talk,
            in_reply_to=said.platform_id,
            status=DeliveryStatus.SENT,
            body=encode(
                Outbound(
                    id=f"out-{external_id[-1]}",
                    account=citizen.account,
                    external_id=external_id,
                    conversation=str(talk.pk),
                    epoch=1,
                    author="bot",
                    parts=(Part(text=SAID),),
                )
            ),
        )
        answer = Message.objects.create(
            conversation=talk,
            author=Author.BOT,
            text=f"您说的是：{SAID}",
            entry="lamp",
            rating="useful",
            options=[{"id": "a", "label": PLACE}],
            outbound=outbound,
        )
        Message.objects.create(
            conversation=talk, author=Author.NOTE, user=agent, text=f"{NAME}说话很急"
        )
        UnsentWords.objects.create(conversation=talk, user=agent, text=f"{NAME}您好")
        OwnerChange.objects.create(
            conversation=talk, before="bot", after="agent", by="agent", epoch=1, note=NAME
        )
        WrongAnswer.objects.create(message=answer, question=SAID, entry="lamp", by=agent)
        key = more.get("key", f"12345-web/ab/{external_id.replace('open-id', 'picture')}.png")
        (media / key).parent.mkdir(parents=True, exist_ok=True)
        (media / key).write_bytes(PICTURE)
        picture = Attachment.objects.create(message=said, key=key, platform_id=external_id)
        case = Case.objects.create(
            number=more.get("number", "202611270001"),
            hotline=hotline,
            conversation=talk,
            citizen=citizen,
            category="市政/路灯",
            department=department,
            state=more.get("state", State.CLOSED),
            content=SAID,
            place=PLACE,
            contact_name=NAME,
            contact_phone=citizen.phone,
            accepted_at=closed_at or NOW,
            closed_at=closed_at,
            caused_by=said,
        )
        for name, value in (
            ("content", SAID),
            ("place", PLACE),
            ("name", NAME),
            ("category", "市政/路灯"),
        ):
            CaseField.objects.create(case=case, name=name, value=value, message=said, end=5)
        CaseEvent.objects.create(case=case, kind="accepted", by="bot", at=NOW)
        CaseEvent.objects.create(
            case=case, kind="note", by="agent", user=agent, at=NOW, note=f"已联系{NAME}"
        )
        ContactReveal.objects.create(user=agent, citizen=citizen, case=case)
        return Told(citizen, talk, said, case, picture)

    return make


@pytest.fixture
def told(tell: Callable[..., Told]) -> Told:
    return tell()
