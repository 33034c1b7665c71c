"""Where a department's letters go: a supervisor's to set, with a record of what it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from desk.people.models import AddressChange, Department, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(browser: Callable[[User], Client], user: Callable[..., User]) -> Client:
    return browser(user("supervisor", Role.SUPERVISOR))


def test_addresses_are_a_supervisors(
    browser: Callable[[User], Client], user: Callable[..., User], department: Department
) -> None:
    agent = browser(user())

    assert agent.get("/departments/").status_code == 403
    assert agent.post(f"/departments/{department.pk}/", {"mail": "x@example.cn"}).status_code == 403


def test_a_change_is_kept_with_what_it_was(supervisor: Client, department: Department) -> None:
    body = {"mail": "office@example.cn", "leader": "王主任", "leader_mail": "wang@example.cn"}

    assert supervisor.post(f"/departments/{department.pk}/", body).status_code == 302
    supervisor.post(f"/departments/{department.pk}/", body)  # nothing new

    department.refresh_from_db()
    assert (department.mail, department.leader_mail) == ("office@example.cn", "wang@example.cn")
    change = AddressChange.objects.get()
    assert change.before["mail"] == ""
    assert change.after["leader"] == "王主任"
    assert change.user is not None
    assert "office@example.cn" in supervisor.get("/departments/").text


def test_what_is_no_address_is_said_and_what_was_typed_stays(
    supervisor: Client, department: Department
) -> None:
    page = supervisor.post(
        f"/departments/{department.pk}/", {"mail": "office at example", "leader": "王主任"}
    )

    assert page.status_code == 422
    assert 'value="office at example"' in page.text
    assert 'value="王主任"' in page.text
    assert 'aria-invalid="true"' in page.text
    department.refresh_from_db()
    assert department.mail == ""
    assert not AddressChange.objects.exists()


def test_departments_that_get_no_mail_can_be_looked_for(
    supervisor: Client, department: Department
) -> None:
    Department.objects.create(name="区教委", mail="edu@example.cn")

    page = supervisor.get("/departments/?without=1").text
    assert department.name in page
    assert "区教委" not in page
    assert department.name not in supervisor.get("/departments/?q=教委").text
