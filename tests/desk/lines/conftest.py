"""A district's line and the city's: with knowledge in every state, people, talks and cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, State
from desk.cases.opening import Known, open_by_hand
from desk.conversations.models import Author, Citizen, Conversation, Message, Owner
from desk.knowledge.indexer import carry_out, open_live_index
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish, save_draft
from desk.people.models import Department, Hotline, Role, User
from desk.people.roles import give_role, prepare_groups
from kb_index.finding import Finder, open_finder

_numbers = count(1)


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _empty_index(db: None) -> Iterator[None]:
    """The index is one a session; an entry of one test must not be found in the next."""
    yield
    index = open_live_index()
    index.write([], list(Entry.objects.values_list("external_id", flat=True)))
    index.close()


def index_all() -> bool:
    """What the indexer does after a commit."""
    index = open_live_index()
    while carry_out(index):
        pass
    index.close()
    return True


@pytest.fixture
def finder() -> Iterator[Finder]:
    found = open_finder(django_settings.QIANMEN.home, "", "none")
    yield found
    found.close()


@pytest.fixture
def city(hotline: Hotline) -> Hotline:
    return hotline


@pytest.fixture
def district(db: None) -> Hotline:
    return Hotline.objects.create(code="58905890", name="昌平热线", district="昌平区")


@pytest.fixture
def tiny(db: None) -> Hotline:
    return Hotline.objects.create(code="69112345", name="延庆热线", district="延庆区")


@pytest.fixture
def people(city: Hotline, district: Hotline) -> dict[str, User]:
    prepare_groups()
    roles = {
        "editor": Role.EDITOR,
        "reviewer": Role.REVIEWER,
        "supervisor": Role.SUPERVISOR,
        "admin": Role.ADMIN,
        "of_city": Role.AGENT,
        "of_district": Role.AGENT,
    }
    made = {}
    for name, role in roles.items():
        user = User.objects.create(username=name, display_name=name, seen_at=timezone.now())
        give_role(user, role)
        made[name] = user
    made["of_city"].hotlines.add(city)
    made["of_district"].hotlines.add(district)
    return made


def browser_of(user: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


def a_talk(hotline: Hotline, owner: Owner = Owner.BOT, **more: Any) -> Conversation:
    citizen = Citizen.objects.create(
        account=f"{hotline.code}-wechat", channel="wechat", external_id=f"c{next(_numbers)}"
    )
    queued_at = timezone.now() - timedelta(minutes=2) if owner == Owner.QUEUE else None
    talk = Conversation.objects.create(
        citizen=citizen, hotline=hotline, owner=owner, **({"queued_at": queued_at} | more)
    )
    Message.objects.create(
        conversation=talk,
        author=Author.CITIZEN,
        text="楼下的路灯三天不亮了",
        account=citizen.account,
        platform_id=f"p{next(_numbers)}",
    )
    return talk


def a_case(user: User, hotline: Hotline, talk: Conversation | None = None, **changes: Any) -> Case:
    case = open_by_hand(user, hotline.code, "路灯不亮", Known(), talk)
    if changes:
        Case.objects.filter(pk=case.pk).update(**changes)
        case.refresh_from_db()
    return case


def a_closed_case(user: User, hotline: Hotline, **changes: Any) -> Case:
    at: datetime = timezone.now()
    return a_case(user, hotline, **({"state": State.CLOSED, "closed_at": at} | changes))


def an_entry(external_id: str, question: str, hotlines: list[str], **more: Any) -> Entry:
    return Entry(
        **{
            "external_id": external_id,
            "question": question,
            "similar_questions": [],
            "answer": f"关于“{question}”的答复。",
            "hotline_codes": hotlines,
            "live": False,
        }
        | more
    )


def a_live_entry(external_id: str, question: str, hotlines: list[str], **more: Any) -> Entry:
    entry = an_entry(external_id, question, hotlines, **more)
    publish(entry, User.objects.get(username="reviewer"))
    entry.refresh_from_db()
    return entry


def a_draft(external_id: str, question: str, hotlines: list[str], **more: Any) -> Entry:
    entry = an_entry(external_id, question, hotlines, **more)
    save_draft(entry, User.objects.get(username="editor"))
    return entry


@pytest.fixture
def handlers(department: Department) -> User:
    return User.objects.create(username="handler", role=Role.HANDLER, department=department)
