"""What is kept no longer, by the rules as they are now; the oldest first.

A talk that has a case, or joined one, goes with the last of its cases. A case that was merged goes
when the one that went on does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from desk.cases.models import Case, JoinedCitizen, State
from desk.conversations.models import Citizen, Conversation
from desk.keeping.models import UnwantedFile
from desk.keeping.rules import CASES, SENT_FILES, TALKS, before
from desk.keeping.words import removed
from environment.media_store import SENT_FOLDER, MediaStore, sent_on


def talks(now: datetime) -> QuerySet[Conversation]:
    """Ended, without a case, with words."""
    return (
        _with_words()
        .filter(closed_at__lt=before(TALKS, now))
        .filter(~Exists(_cases_of_talk()), ~Exists(_joined_by_talk()))
        .order_by("closed_at")
    )


def cases(now: datetime) -> QuerySet[Case]:
    limit = before(CASES, now)
    closed = Q(state=State.CLOSED, closed_at__lt=limit)
    goes_on_in_nothing = Q(merged_into__isnull=True) | Q(merged_into__content=removed())
    merged = Q(state=State.MERGED, accepted_at__lt=limit) & goes_on_in_nothing
    return Case.with_practice.filter(closed | merged).exclude(content=removed()).order_by("pk")


def talks_left_by(emptied: Sequence[int]) -> list[int]:
    """Talks of these cases, and of who joined them, that no case with words needs any more."""
    needed = _cases_of_talk().exclude(content=removed())
    joined = _joined_by_talk().exclude(case__content=removed())
    rows = (
        _with_words()
        .filter(Q(cases__in=emptied) | Q(joined__case__in=emptied), closed_at__isnull=False)
        .filter(~Exists(needed), ~Exists(joined))
    )
    return list(rows.values_list("pk", flat=True).distinct())


def people_left_by(emptied_talks: Sequence[int], emptied_cases: Sequence[int]) -> list[int]:
    """Who has no talk and no case with words any more."""
    rows = Citizen.objects.filter(
        Q(conversations__in=emptied_talks) | Q(cases__in=emptied_cases)
    ).filter(
        ~Exists(_with_words().filter(citizen=OuterRef("pk"))),
        ~Exists(Case.with_practice.filter(citizen=OuterRef("pk")).exclude(content=removed())),
        ~Exists(
            JoinedCitizen.objects.filter(citizen=OuterRef("pk")).exclude(case__content=removed())
        ),
    )
    return list(rows.values_list("pk", flat=True).distinct())


def sent_files(now: datetime) -> list[str]:
    limit = localdate(before(SENT_FILES, now))
    going = set(UnwantedFile.objects.values_list("key", flat=True))
    keys = set(MediaStore(settings.CITIZEN_MEDIA_URL).keys(SENT_FOLDER)) - going
    return sorted(key for key in keys if (day := sent_on(key)) is not None and day < limit)


def _with_words() -> QuerySet[Conversation]:
    return Conversation.with_practice.exclude(last_words=removed())


def _cases_of_talk() -> QuerySet[Case]:
    return Case.with_practice.filter(conversation=OuterRef("pk"))


def _joined_by_talk() -> QuerySet[JoinedCitizen]:
    return JoinedCitizen.objects.filter(conversation=OuterRef("pk"))
