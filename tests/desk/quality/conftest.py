from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from desk.people.models import Hotline
from desk.quality.models import Question


@pytest.fixture
def question(hotline: Hotline) -> Callable[..., Question]:
    def make(text: str, expected: str = "", *, guarded: bool = True, **more: object) -> Question:
        return Question.objects.create(
            text=text,
            expected=expected,
            guarded=guarded,
            **{"hotline": hotline, "changed_at": timezone.now()} | more,
        )

    return make
