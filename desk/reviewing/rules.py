"""Every write of a sample rule: one for all hotlines, and those of single ones."""

from __future__ import annotations

from django.db import transaction

from desk.people.models import Hotline, User
from desk.people.rights import Right, may
from desk.reviewing.errors import NotDone, Problem
from desk.reviewing.models import SampleRule


def rule_for(hotline: Hotline | None) -> SampleRule:
    """The rule of this scope; one that is not kept yet, with what holds now, when it has none."""
    found = SampleRule.objects.filter(hotline=hotline).first()
    if found is not None or hotline is None:
        return found or SampleRule()
    common = rule_for(None)
    common.pk, common.hotline = None, hotline
    common._state.adding = True
    return common


@transaction.atomic
def keep_rule(rule: SampleRule, *, by: User) -> None:
    """Raises `NotDone`."""
    _check(by)
    given = {name: getattr(rule, name) for name in KEPT}
    SampleRule.objects.update_or_create(hotline=rule.hotline, defaults=given)


@transaction.atomic
def drop_rule(hotline: Hotline, *, by: User) -> None:
    """The hotline follows the rule of all again. Twice is once. Raises `NotDone`."""
    _check(by)
    SampleRule.objects.filter(hotline=hotline).delete()


KEPT = ("per_agent", "of_bot", "unsolved_first", "waited_first", "cases_first")


def _check(by: User) -> None:
    if not may(by, Right.SUPERVISE):
        raise NotDone(Problem.NOT_YOURS)
