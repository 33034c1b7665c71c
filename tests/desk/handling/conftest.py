"""A department with somebody at its desk, its cases, and a store for their proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, State
from desk.people.models import Department, Role, User
from desk.supervision.models import Letter, LetterKind
from tests.desk.pages.conftest import browser, case

__all__ = ["browser", "case"]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Path:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()
    return tmp_path


def kept_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


@pytest.fixture
def handler(user: Callable[..., User], department: Department) -> User:
    return user("刘洋", Role.HANDLER, department=department)


@pytest.fixture
def desk(browser: Callable[[User], Client], handler: User) -> Client:
    return browser(handler)


@pytest.fixture
def held(case: Callable[..., Case]) -> Callable[..., Case]:
    """A case that the department was given an hour ago."""

    def make(**more: Any) -> Case:
        now = timezone.now()
        return case(
            **{
                "state": State.DISPATCHED,
                "dispatched_at": now - timedelta(hours=1),
                "sent_at": now - timedelta(hours=1),
                "held_since": now - timedelta(hours=1),
                "owed_since": now - timedelta(hours=1),
                "due_at": now + timedelta(days=7),
                "contact_name": "张小明",
                "contact_phone": "13900006207",
            }
            | more
        )

    return make


@pytest.fixture
def letter(department: Department) -> Callable[..., Letter]:
    def make(*cases: Case, **more: Any) -> Letter:
        now = timezone.now()
        made = Letter.objects.create(
            **{
                "department": department,
                "kind": LetterKind.DISPATCH,
                "at": now - timedelta(minutes=Letter.objects.count()),
                "written_at": now,
                "by": "system",
            }
            | more
        )
        made.cases.set(cases)
        return made

    return make
