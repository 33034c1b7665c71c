"""A supervisor moves several talks at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from desk.conversations.models import Conversation, Owner, OwnerChange
from desk.people.models import Role, User
from tests.desk.pages.conftest import browser, talk  # noqa: F401

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]
type Talks = Callable[..., Conversation]


@pytest.fixture
def boss(user: Users, browser: Any) -> Any:  # noqa: F811
    return browser(user("boss", Role.SUPERVISOR))


def there(user: User) -> User:
    user.seen_at = timezone.now()
    user.save()
    return user


def test_all_talks_of_somebody_go_to_a_colleague_with_a_note(
    boss: Any,
    user: Users,
    talk: Talks,  # noqa: F811
) -> None:
    leaving, staying = user("leaving"), there(user("staying"))
    talks = [talk(owner=Owner.AGENT, agent=leaving) for _ in range(3)]
    page = boss.get(f"/routing/move/?agent={leaving.pk}").text
    assert all(f'value="{one.pk}"' in page for one in talks)
    asked = {"talk": [one.pk for one in talks], "to": f"colleague:{staying.pk}", "note": "交班"}
    told = boss.post(f"/routing/move/?agent={leaving.pk}", asked, follow=True).text
    assert "3" in told
    assert set(Conversation.objects.values_list("agent", flat=True)) == {staying.pk}
    assert set(OwnerChange.objects.values_list("note", flat=True)) == {"交班"}


def test_what_cannot_be_moved_stays_and_why_is_said(
    boss: Any,
    user: Users,
    talk: Talks,  # noqa: F811
) -> None:
    full = there(user("full"))
    full.talk_limit = 1
    full.save()
    waiting = [talk(owner=Owner.QUEUE) for _ in range(2)]
    asked = {"talk": [one.pk for one in waiting], "to": f"colleague:{full.pk}"}
    told = boss.post("/routing/move/", asked, follow=True).text
    assert Conversation.objects.filter(agent=full).count() == 1
    assert Conversation.objects.filter(owner=Owner.QUEUE).count() == 1
    assert "上限" in told


@pytest.mark.parametrize("asked", [{}, {"talk": ["x"], "to": "colleague:1"}])
def test_nothing_marked_moves_nothing(boss: Any, asked: dict[str, Any]) -> None:
    assert boss.post("/routing/move/", asked, follow=True).status_code == 200


def test_a_target_that_is_none_moves_nothing(boss: Any, talk: Talks) -> None:  # noqa: F811
    waiting = talk(owner=Owner.QUEUE)
    told = boss.post("/routing/move/", {"talk": [waiting.pk], "to": "moon:1"}, follow=True).text
    waiting.refresh_from_db()
    assert waiting.owner == Owner.QUEUE
    assert "1" in told


def test_agents_move_their_own_one_by_one(user: Users, browser: Any) -> None:  # noqa: F811
    assert browser(user("agent")).get("/routing/move/").status_code == 403
