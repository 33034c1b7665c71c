from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from desk.cases.models import Case
from desk.conversations.models import Conversation
from desk.people.models import User
from desk.replies.filling import blanks_in, filled, unknown_fields

pytestmark = pytest.mark.django_db


def test_what_the_case_knows_is_filled_in(
    talk: Callable[..., Conversation], case: Callable[..., Case], user: Callable[..., User]
) -> None:
    made = talk(name="张女士")
    known = case(conversation=made, due_at=datetime(2026, 11, 30, 16, tzinfo=UTC))

    words = filled("{{市民}}，编号 {{ 案号 }}，{{截止}}前答复", made, known, user("周敏"))

    assert words == f"张女士，编号 {known.number}，12月1日 00:00前答复"
    assert blanks_in(words) == []


def test_what_is_not_known_is_left_to_be_filled_and_seen(
    talk: Callable[..., Conversation], user: Callable[..., User]
) -> None:
    words = filled("{{市民}}，编号 {{案号}}，{{车牌}}", talk(), None, user())

    assert words == "【填：市民】，编号 【填：案号】，【填：车牌】"
    assert blanks_in(words) == ["市民", "案号", "车牌"]


def test_a_mistyped_field_is_found() -> None:
    assert unknown_fields("{{市民}} {{安号}}") == ["安号"]
