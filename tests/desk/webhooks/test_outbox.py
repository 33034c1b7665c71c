"""Written with the event, or not at all; cheap when nobody listens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.models import Case, CaseEvent
from desk.cases.steps import take
from desk.people.models import PRACTICE, Department, Hotline, User
from desk.supervision.rounds import supervise
from desk.webhooks import editing
from desk.webhooks.models import Delivery, Endpoint
from desk.webhooks.outbox import enqueue
from tests.desk.webhooks.conftest import OpenCase

pytestmark = pytest.mark.django_db


def test_it_costs_one_query_when_nobody_listens(
    open_case: OpenCase, django_assert_num_queries: Any
) -> None:
    open_case()
    events = list(CaseEvent.objects.select_related("case__department"))
    with django_assert_num_queries(1):
        enqueue(events * 50)
    with django_assert_num_queries(0):
        enqueue([])


def test_it_costs_two_queries_however_many_listen(
    open_case: OpenCase, admin: User, django_assert_num_queries: Any
) -> None:
    for n in range(3):
        open_case(f"路灯 {n}")
        editing.add(f"https://city.example/{n}", [], [], by=admin, at=timezone.now())
    events = list(CaseEvent.objects.select_related("case__department"))
    with django_assert_num_queries(2):
        enqueue(events)
    enqueue(events)
    assert Delivery.objects.count() == 9  # each event once an endpoint


def test_a_round_of_supervision_is_told_like_a_step(
    endpoint: Endpoint, open_case: OpenCase, department: Department
) -> None:
    case, agent = open_case(), User.objects.get(username="agent")
    at = timezone.now() - timedelta(days=20)
    take(case.number, "dispatch", agent, {"department": department.name}, at=at)
    Case.objects.update(act_at=at)
    supervise(timezone.now())
    told = list(Delivery.objects.order_by("pk").values_list("event__kind", flat=True))
    assert told == list(CaseEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert {"first_chase", "second_chase", "supervision"} <= set(told)
    # Their day of tries begins when they are written, not when they were due.
    assert Delivery.objects.filter(since__lt=at + timedelta(days=19)).count() == 0


def test_nothing_of_a_practice_is_told(endpoint: Endpoint, open_case: OpenCase) -> None:
    Hotline.with_practice.get_or_create(code=PRACTICE, defaults={"name": PRACTICE})
    case = open_case()
    Delivery.objects.all().delete()
    case.hotline_id = PRACTICE
    enqueue([CaseEvent.objects.create(case=case, kind="note", by="agent")])
    assert not Delivery.objects.exists()
