"""That a letter was opened: once in the letter itself, and each time as a row of who and when."""

from __future__ import annotations

from datetime import datetime

from desk.handling.models import LetterOpening
from desk.people.models import User
from desk.supervision.models import Letter


def opened_at_desk(letter: Letter, user: User, *, at: datetime) -> None:
    _opened(letter, LetterOpening(letter=letter, at=at, user=user))


def opened_by_link(
    letter: Letter, *, name: str, address: str, at: datetime, case: str = ""
) -> None:
    """`name`: as the reader has given it in this browser, if they have."""
    _opened(
        letter,
        LetterOpening(
            letter=letter, at=at, name=name[:40], address=address[:45], by_link=True, case=case
        ),
    )


def unread(department: int) -> int:
    return Letter.objects.filter(department=department, read_at__isnull=True).count()


def _opened(letter: Letter, row: LetterOpening) -> None:
    row.save()
    Letter.objects.filter(pk=letter.pk, read_at__isnull=True).update(read_at=row.at)
