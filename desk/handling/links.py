"""The signed link in a letter's mail: who has it reads that letter's cases, without an account.

It is bound to the letter and its department and ends after two weeks. What it opens is looked up
each time: a case that the department has no more is not behind it either.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

GOOD_FOR = timedelta(days=14)
_SALT = "desk.handling.link"


class WrongLink(Exception):
    """Not one of ours, or changed on the way."""


class EndedLink(WrongLink):
    """It was good once."""


def token_for(letter: int, department: int) -> str:
    return signing.dumps([letter, department], salt=_SALT)


def read(token: str) -> tuple[int, int]:
    """The letter and its department. Raises `WrongLink`."""
    try:
        found = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired as error:
        raise EndedLink from error
    except signing.BadSignature as error:
        raise WrongLink from error
    letter, department = found
    return int(letter), int(department)


def address_of(letter: int, department: int) -> str:
    """The whole address, as it stands in a mail."""
    path = reverse("handling:link", args=[token_for(letter, department)])
    return f"{settings.QIANMEN.desk_url}{path}"
