"""Every write of a group: lock, check against all others, write, record, ask for publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from desk.after_commit import once_after_commit
from desk.knowledge.changes import wake_indexer
from desk.people.models import User
from desk.synonyms.models import Change, ChangeKind, Edition, Group
from kb_index.synonyms import checked

MOST_GROUPS = 2000  # all of them are looked for in every question


class EditError(Exception):
    """The groups stay as they were. The subclass says why."""


class ChangedMeanwhile(EditError):
    """Somebody else wrote this group since it was read; `group` is what it is now."""

    def __init__(self, group: Group) -> None:
        super().__init__(f"group {group.pk} is at revision {group.revision}")
        self.group = group


class NoSuchGroup(EditError):
    """It was removed meanwhile."""


class TooManyGroups(EditError):
    """There are `MOST_GROUPS` already."""


@transaction.atomic
def add_group(names: Sequence[str], *, by: User, at: datetime) -> Group:
    """Raises `BadSynonyms` (of the index), `EditError`."""
    _lock()
    if Group.objects.count() >= MOST_GROUPS:
        raise TooManyGroups
    group = Group(names=_fitting(names, Group.objects.all()), changed_by=by, changed_at=at)
    group.save()
    _record(group, ChangeKind.ADDED, before=[], after=group.names)
    return group


@transaction.atomic
def change_group(
    number: int, names: Sequence[str], *, revision: int, by: User, at: datetime
) -> Group:
    """`revision` is the one that the editor has read. Saying the same again changes nothing.

    Raises `BadSynonyms` (of the index), `EditError`.
    """
    _lock()
    group = _group(number, revision)
    before, group.names = group.names, _fitting(names, Group.objects.exclude(pk=number))
    if group.names == before:
        return group
    group.revision += 1
    group.changed_by, group.changed_at = by, at
    group.save(update_fields=["names", "revision", "changed_by", "changed_at"])
    _record(group, ChangeKind.CHANGED, before=before, after=group.names)
    return group


@transaction.atomic
def remove_group(number: int, *, revision: int, by: User, at: datetime) -> None:
    """Its history stays. Raises `EditError`."""
    _lock()
    group = _group(number, revision)
    group.changed_by, group.changed_at = by, at
    _record(group, ChangeKind.REMOVED, before=group.names, after=[])
    group.delete()


def _lock() -> None:
    """One editor at a time; asks for publication as well, which is undone with the rest."""
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1):
        Edition.objects.get_or_create(pk=1)
        Edition.objects.filter(pk=1).update(number=F("number") + 1)
    once_after_commit(wake_indexer)


def _group(number: int, revision: int) -> Group:
    group = Group.objects.filter(pk=number).first()
    if group is None:
        raise NoSuchGroup
    if group.revision != revision:
        raise ChangedMeanwhile(group)
    return group


def _fitting(names: Sequence[str], beside: QuerySet[Group]) -> list[str]:
    """The names as the index keeps them, once they agree with every other group."""
    (own,) = checked([names])
    others = beside.values_list("names", flat=True)
    # The new one comes last, so that the fault names what was just typed.
    checked([*others, own])
    return own


def _record(group: Group, kind: ChangeKind, *, before: list[str], after: list[str]) -> None:
    Change.objects.create(
        group=group,
        kind=kind,
        before=before,
        after=after,
        by=group.changed_by,
        at=group.changed_at,
    )
