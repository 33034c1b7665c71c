from collections.abc import Iterator

import pytest
from django.conf import settings

from desk.knowledge.indexer import carry_out, compare, open_live_index
from desk.knowledge.models import IndexTask
from desk.knowledge.publishing import publish, withdraw
from desk.knowledge.reconciling import reconcile
from kb_index.index import Index, NotAnIndex
from tests.desk.knowledge.conftest import an_entry, index_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def index() -> Iterator[Index]:
    opened = open_live_index()
    yield opened
    opened.close()


def test_an_index_that_is_as_the_database_is_left_alone(index: Index) -> None:
    publish(an_entry(), None)
    index_all()
    assert reconcile(index) == 0
    assert not IndexTask.objects.exists()


def test_an_index_that_lost_everything_gets_it_back(index: Index) -> None:
    publish(an_entry(), None)
    index_all()
    index.write([], ["KB-1"])
    assert reconcile(index) == 1
    carry_out(index)
    assert index.get("KB-1") is not None


def test_an_index_that_slept_through_a_change_learns_it(index: Index) -> None:
    entry = an_entry()
    publish(entry, None)
    index_all()
    entry.answer = "改过的答案。"
    publish(entry, None)
    IndexTask.objects.all().delete()  # carried out by another engine
    assert reconcile(index) == 1
    carry_out(index)
    found = index.get("KB-1")
    assert found is not None
    assert found.answer == "改过的答案。"


def test_an_index_forgets_what_is_no_longer_live(index: Index) -> None:
    entry = an_entry()
    publish(entry, None)
    index_all()
    withdraw(entry, None)
    IndexTask.objects.all().delete()
    assert reconcile(index) == 1
    carry_out(index)
    assert index.get("KB-1") is None


def test_an_index_of_another_version_is_built_anew(index: Index) -> None:
    publish(an_entry(), None)
    index_all()
    home = settings.QIANMEN.home
    generation = (home / "index" / "current").read_text()
    (home / "index" / generation / "format").write_text("1")
    other = open_live_index()
    with pytest.raises(NotAnIndex):
        other.get("KB-1")
    assert compare(other)
    assert other.get("KB-1") is not None
    other.close()
