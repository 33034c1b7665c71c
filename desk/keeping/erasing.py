"""Erases a person: their words, contacts and accounts. What the hotline counts stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from desk.cases.models import Case
from desk.conversations.bus import redis
from desk.conversations.models import ERASED, Citizen, Conversation
from desk.keeping.emptying_cases import empty_cases, empty_joined, forget_looks
from desk.keeping.emptying_notices import empty_notices
from desk.keeping.emptying_talks import empty_talks
from desk.keeping.errors import StillOpen
from desk.keeping.models import Erasure
from desk.keeping.whom import Scope, whole
from wire import keys

log = structlog.get_logger(__name__)


def erase(scope: Scope, *, by: str, at: datetime, also_open: bool = False) -> Counter[str]:
    """All of one person, at once or not at all; counts what it was. Twice is once.

    Raises `StillOpen`.
    """
    with transaction.atomic():
        scope = _locked(scope)
        numbers = scope.open_cases()
        if numbers and not also_open:
            raise StillOpen(
                _("A case of this citizen is still open: %s. Close it first, or say --also-open.")
                % ", ".join(numbers),
                numbers,
            )
        done = _empty(scope)
        if any(done.values()):
            Erasure.objects.create(
                at=at,
                by=by,
                what=dict(done),
                citizens=list(scope.citizens),
                cases=list(
                    Case.with_practice.filter(pk__in=scope.cases).values_list("number", flat=True)
                ),
            )
    return done


def preview(scope: Scope) -> Counter[str]:
    """What `erase` would do: it is done and taken back, so that both count alike."""
    with transaction.atomic():
        scope = _locked(scope)
        done = _empty(scope)
        transaction.set_rollback(True)
    return done


def forget_people(citizens: Sequence[int]) -> int:
    """Who they are, inside the caller's transaction. The rows stay, as nobody's."""
    people = Citizen.objects.filter(pk__in=citizens).filter(
        ~Q(name="") | ~Q(phone="") | ~Q(external_id__startswith=ERASED)
    )
    accounts = list(people.values_list("account", "external_id"))
    done = people.update(
        name="",
        phone="",
        external_id=Concat(Value(ERASED), Cast("pk", CharField())),
    )
    transaction.on_commit(lambda: _forget_web_talks(accounts), robust=True)
    return done


def _locked(scope: Scope) -> Scope:
    """The rows under their locks, with what was said between the question and the lock.

    Talks come before people, as the router locks them; a talk that begins waits for its citizen.
    """
    _lock_talks(scope.talks)
    people = Citizen.objects.filter(pk__in=scope.citizens).order_by("pk")
    list(people.select_for_update().values_list("pk", flat=True))
    scope = whole(scope.citizens, scope.cases)
    _lock_talks(scope.talks)
    cases = Case.with_practice.filter(pk__in=scope.cases).order_by("pk")
    list(cases.select_for_update().values_list("pk", flat=True))
    return scope


def _lock_talks(numbers: Sequence[int]) -> None:
    talks = Conversation.with_practice.filter(pk__in=numbers).order_by("pk")
    list(talks.select_for_update().values_list("pk", flat=True))


def _empty(scope: Scope) -> Counter[str]:
    done = empty_cases(scope.cases, others_words_too=False)
    done["events"] += empty_joined(scope.citizens, scope.talks)
    done["notices"] += empty_notices([], scope.citizens)
    done["reveals"] = forget_looks(scope.citizens, scope.cases)
    done.update(empty_talks(scope.talks))
    done["citizens"] = forget_people(scope.citizens)
    return done


def _forget_web_talks(accounts: Sequence[tuple[str, str]]) -> None:
    """The web chat keeps the last lines for who comes back; they end by themselves in time."""
    try:
        for account, external_id in accounts:
            redis().delete(keys.web_stream(account, external_id))
    except RedisError as error:
        log.warning("lines of the web chat stay until they end", error=type(error).__name__)
