"""Talks and cases as an agent finds them, and a browser that is logged in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, CaseEvent, State
from desk.conversations.models import Author, Citizen, Conversation, Message, Owner
from desk.people.models import Department, Hotline, User

HTMX = {"HX-Request": "true"}
_numbers = count(1)


@pytest.fixture
def browser() -> Callable[[User], Client]:
    def open_as(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return open_as


@pytest.fixture
def talk(hotline: Hotline) -> Callable[..., Conversation]:
    """A talk in which the citizen has said one thing."""

    def make(text: str = "路灯不亮", **more: Any) -> Conversation:
        number = next(_numbers)
        citizen = Citizen.objects.create(
            account=f"{more.get('hotline', hotline).code}-wechat",
            channel="wechat",
            external_id=f"c{number}",
            name=more.pop("name", ""),
            phone=more.pop("phone", ""),
        )
        owner = more.get("owner", Owner.BOT)
        conversation = Conversation.objects.create(
            citizen=citizen,
            **{
                "hotline": hotline,
                "last_words": text,
                "last_from": Author.CITIZEN,
                "queued_at": timezone.now() if owner == Owner.QUEUE else None,
            }
            | more,
        )
        says(conversation, text)
        return conversation

    return make


def says(conversation: Conversation, text: str, **more: Any) -> Message:
    return Message.objects.create(
        conversation=conversation,
        text=text,
        **{
            "author": Author.CITIZEN,
            "account": conversation.citizen.account,
            "platform_id": f"p{next(_numbers)}",
        }
        | more,
    )


@pytest.fixture
def case(hotline: Hotline, department: Department) -> Callable[..., Case]:
    def make(**more: Any) -> Case:
        number = next(_numbers)
        made = Case.objects.create(
            **{
                "number": f"20261101{number:04d}",
                "hotline": hotline,
                "content": "德外大街的路灯不亮",
                "department": department,
                "state": State.ACCEPTED,
            }
            | more
        )
        CaseEvent.objects.create(case=made, kind="accepted", by="bot")
        return made

    return make
