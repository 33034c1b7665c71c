"""From the database into the index, whatever happens to either."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from desk.knowledge.publishing import publish
from desk.knowledge.rebuilding import rebuild_index
from desk.people.models import Role, User
from desk.synonyms.editing import add_group, change_group, remove_group
from desk.synonyms.models import Edition, Group
from desk.synonyms.publishing import publish_if_changed, reconcile_synonyms
from kb_index.finding import Outcome, open_finder
from kb_index.index import Index, IndexUnavailable
from kb_index.notes import publish_synonyms, published_synonyms
from tests.desk.knowledge.conftest import an_entry, index_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_index(index: Index) -> Iterator[None]:
    yield
    index.write([], [article.external_id for article in index.scan()])


CARD = ["公交卡", "小绿本"]


@pytest.fixture
def editor(user: Callable[..., User]) -> User:
    return user("editor", Role.EDITOR)


def test_what_an_editor_keeps_is_what_the_index_understands(index: Index, editor: User) -> None:
    group = add_group(CARD, by=editor, at=timezone.now())
    assert publish_if_changed(index)
    assert published_synonyms(index) == [CARD]
    change_group(group.pk, [*CARD, "刷卡本"], revision=1, by=editor, at=timezone.now())
    assert publish_if_changed(index)
    assert published_synonyms(index) == [[*CARD, "刷卡本"]]
    remove_group(group.pk, revision=2, by=editor, at=timezone.now())
    assert publish_if_changed(index)
    assert published_synonyms(index) == []


def test_a_citizen_is_understood_by_the_new_name(index: Index, editor: User) -> None:
    for number, question in enumerate(("公交卡怎么补办", "居住证怎么办理", "路灯不亮找谁")):
        publish(an_entry(external_id=f"KB-{number}", question=question, similar_questions=[]), None)
    index_all()

    def outcome() -> Outcome:
        finder = open_finder(settings.QIANMEN.home, "", "none")
        found = finder.find("小绿本补办", hotline="12345", now=timezone.now())
        finder.close()
        return found.outcome

    assert outcome() is not Outcome.ANSWERED
    add_group(CARD, by=editor, at=timezone.now())
    publish_if_changed(index)
    assert outcome() is Outcome.ANSWERED


def test_nothing_is_published_twice(index: Index, editor: User) -> None:
    add_group(CARD, by=editor, at=timezone.now())
    assert publish_if_changed(index)
    assert not publish_if_changed(index)
    edition = Edition.objects.get()
    assert edition.is_live


def test_a_change_waits_while_the_index_is_away(
    index: Index, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_group(CARD, by=editor, at=timezone.now())

    def away(_name: str, _body: bytes) -> None:
        raise IndexUnavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(index, "keep_note", away)
        with pytest.raises(IndexUnavailable):
            publish_if_changed(index)
        assert not Edition.objects.get().is_live
    assert publish_if_changed(index)
    assert published_synonyms(index) == [CARD]


def test_a_change_made_while_publishing_is_published_too(
    index: Index, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_group(CARD, by=editor, at=timezone.now())
    keep = index.keep_note

    def meanwhile(name: str, body: bytes) -> None:
        keep(name, body)
        if Group.objects.count() == 1:
            add_group(["驾驶证", "本子"], by=editor, at=timezone.now())

    monkeypatch.setattr(index, "keep_note", meanwhile)
    assert publish_if_changed(index)
    assert not Edition.objects.get().is_live
    assert publish_if_changed(index)
    assert published_synonyms(index) == [CARD, ["驾驶证", "本子"]]


def test_an_index_that_has_others_gets_these_back(index: Index, editor: User) -> None:
    add_group(CARD, by=editor, at=timezone.now())
    publish_if_changed(index)
    assert not reconcile_synonyms(index)
    publish_synonyms(index, [["别的", "名字"]])
    assert reconcile_synonyms(index)
    publish_if_changed(index)
    assert published_synonyms(index) == [CARD]


def test_a_rebuilt_index_has_them_with_no_worker_running(index: Index, editor: User) -> None:
    add_group(CARD, by=editor, at=timezone.now())
    rebuild_index(settings.QIANMEN, lambda _done, _total: None)
    assert published_synonyms(index) == [CARD]


def test_groups_that_the_index_refuses_are_told_and_not_tried_for_ever(index: Index) -> None:
    Edition.objects.create(pk=1, number=1)
    Group.objects.create(
        names=["独自"], changed_at=timezone.now()
    )  # by the rules of another version
    assert publish_if_changed(index)
    edition = Edition.objects.get()
    assert "独自" in edition.fault
    assert not edition.is_live
    assert not publish_if_changed(index)
    assert not reconcile_synonyms(index)
    assert published_synonyms(index) == []
