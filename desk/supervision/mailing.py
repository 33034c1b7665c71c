"""Mails the letters that wait for it.

A letter is claimed before it is sent, so that it goes out once with any number of workers. What may
have been sent is *unknown* and never repeated by itself; what was certainly not sent is tried again
after a growing pause. Nothing is sent inside a transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from desk.cases.models import UNANSWERED, Case
from desk.supervision import smtp
from desk.supervision.mail_wording import NoAddress, message
from desk.supervision.models import Letter, Post

log = structlog.get_logger(__name__)

SETTLED = timedelta(minutes=1)  # by then all cases of its moment are in it
LOST = timedelta(minutes=30)  # a claim that nobody ended: its worker died
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 76  # with these pauses, three days
TOO_OLD = timedelta(days=3)  # to be mailed for the first time without anybody asking
BATCH = 30
_AGAIN = frozenset({Post.REFUSED, Post.UNKNOWN, Post.NO_ADDRESS, Post.NO_MAIL})


def mail_letters(now: datetime) -> Counter[str]:
    """Mail what is due by `now`; returns what became of how many. Safe to repeat."""
    done = Counter[str]()
    done[Post.UNKNOWN] += _give_up_lost(now)
    done[Post.REFUSED] += _leave_old(now)
    due = _due(now)
    if not settings.EMAIL_URL:
        done[Post.NO_MAIL] += due.update(post=Post.NO_MAIL)
        return +done
    keys = list(due.order_by("written_at", "pk").values_list("pk", flat=True)[:BATCH])
    if keys:
        done += _mail(keys, now)
    return +done


def send_again(letter: Letter, *, at: datetime) -> bool:
    """A person asks for it, knowing that it may arrive twice; False when there is nothing to."""
    rows = Letter.objects.filter(pk=letter.pk, post__in=_AGAIN)
    return rows.update(post=Post.WAITING, tries=0, try_at=at, reason="") == 1


def may_send_again(letter: Letter) -> bool:
    return letter.post in _AGAIN


def _mail(keys: Iterable[int], now: datetime) -> Counter[str]:
    done, backend = Counter[str](), mailers.default
    try:
        for key in keys:
            if not _claim(key, now):
                continue
            letter = Letter.objects.select_related("department").get(pk=key)
            try:
                done[_send(letter, backend, now)] += 1
            except smtp.Unreachable as error:
                done[_put_off(letter, now, error)] += 1
                log.warning("mail server not reached", reason=error.reason)
                break  # the others wait for it as well
    finally:
        smtp.leave(backend)
    return done


def _send(letter: Letter, backend: BaseEmailBackend, now: datetime) -> Post:
    """Raises `smtp.Unreachable`; every other end stands in the row."""
    cases = owed_cases(letter)
    if not cases:
        return _end(letter, now, Post.MOOT)
    try:
        mail = message(letter, cases, now)
        smtp.connect(backend)
        refused = smtp.hand_over(backend, mail)
    except NoAddress:
        return _end(letter, now, Post.NO_ADDRESS)
    except smtp.Unreachable:
        raise
    except smtp.Later as error:
        return _put_off(letter, now, error)
    except smtp.Refused as error:
        return _end(letter, now, Post.REFUSED, reason=error.reason)
    except smtp.Unknown as error:
        smtp.leave(backend)
        return _end(letter, now, Post.UNKNOWN, reason=error.reason)
    return _end(letter, now, Post.SENT, posted_at=now, reason=refused[:200])


def owed_cases(letter: Letter) -> list[Case]:
    """Those of its cases that this department owes an answer for still."""
    rows = letter.cases.filter(department=letter.department_id, state__in=UNANSWERED)
    return list(rows.order_by("due_at", "pk"))


def _due(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(post=Post.WAITING, written_at__lte=now - SETTLED).filter(
        Q(try_at__isnull=True) | Q(try_at__lte=now)
    )


def _claim(key: int, now: datetime) -> bool:
    """Ours only if it changed one row."""
    rows = _due(now).filter(pk=key)
    return rows.update(post=Post.SENDING, claimed_at=now) == 1


def _end(letter: Letter, claimed: datetime, post: Post, **more: object) -> Post:
    """Only as long as the claim is ours: another worker may have given it up as lost."""
    values = {"post": post, "claimed_at": None, "try_at": None, "reason": ""} | more
    rows = Letter.objects.filter(pk=letter.pk, post=Post.SENDING, claimed_at=claimed)
    if not rows.update(**values):
        log.warning("a letter's claim was lost", letter=letter.pk, post=post)
    return post


def _put_off(letter: Letter, now: datetime, error: smtp.Later) -> Post:
    tries = letter.tries + 1
    if tries >= MOST_TRIES:
        return _end(letter, now, Post.REFUSED, reason=error.reason)
    pause = min(PAUSE * 2 ** min(letter.tries, 10), LONGEST_PAUSE)
    return _end(letter, now, Post.WAITING, tries=tries, try_at=now + pause, reason=error.reason)


def _give_up_lost(now: datetime) -> int:
    rows = Letter.objects.filter(post=Post.SENDING, claimed_at__lt=now - LOST)
    reason = _("The worker stopped while the letter was being mailed.")
    return rows.update(post=Post.UNKNOWN, claimed_at=None, reason=reason)


def _leave_old(now: datetime) -> int:
    """What nobody could mail for days is old news: a person decides."""
    rows = Letter.objects.filter(
        post=Post.WAITING, tries=0, try_at__isnull=True, written_at__lt=now - TOO_OLD
    )
    return rows.update(post=Post.REFUSED, reason=_("Nothing was mailed for three days."))
