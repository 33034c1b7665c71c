from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from desk.cases.models import JoinedCitizen
from desk.telling.links import NoLonger, link_for, opened, path_for
from tests.desk.telling.conftest import Line

pytestmark = pytest.mark.django_db


def key_of(number: str, citizen: int) -> str:
    return path_for(number, citizen).removeprefix("/case/")


def test_a_link_is_of_the_desk_and_opens_the_case(line: Line, settings: object) -> None:
    case = line.case(line.citizen())
    assert case.citizen_id is not None
    link = link_for(case.number, case.citizen_id)
    assert link.startswith("http://127.0.0.1:")
    page = opened(link.rpartition("/")[2])
    assert (page.case, page.citizen, page.is_owner) == (case, case.citizen, True)


def test_who_joined_has_a_link_while_they_belong_to_it(line: Line) -> None:
    case, other = line.case(line.citizen()), line.citizen("o-2")
    with pytest.raises(NoLonger):
        opened(key_of(case.number, other.pk))
    line.joins(case, other)
    assert opened(key_of(case.number, other.pk)).is_owner is False
    JoinedCitizen.objects.all().delete()
    with pytest.raises(NoLonger):
        opened(key_of(case.number, other.pk))


def test_a_link_ends_after_thirty_days(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    case = line.case(line.citizen())
    assert case.citizen_id is not None
    key = key_of(case.number, case.citizen_id)
    later = (datetime.now(UTC) + timedelta(days=31)).timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    with pytest.raises(NoLonger):
        opened(key)


@pytest.mark.parametrize("key", ["", "x", "202611240032-1", "202611240032-1.1abc.sig", "\0", "..."])
def test_what_was_not_signed_here_opens_nothing(line: Line, key: str) -> None:
    with pytest.raises(NoLonger):
        opened(key)


def test_a_key_cannot_be_changed_into_another(line: Line) -> None:
    case = line.case(line.citizen())
    other = line.case(line.citizen("o-2"))
    assert case.citizen_id is not None
    key = key_of(case.number, case.citizen_id)
    with pytest.raises(NoLonger):
        opened(key.replace(case.number, other.number))


def test_who_was_erased_has_no_page(line: Line) -> None:
    case = line.case(line.citizen())
    assert case.citizen is not None
    key = key_of(case.number, case.citizen.pk)
    case.citizen.external_id = "erased-1"
    case.citizen.save()
    with pytest.raises(NoLonger):
        opened(key)
