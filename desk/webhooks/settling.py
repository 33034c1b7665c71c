"""What an answer means: for the delivery, and for the endpoint that gave it or gave none.

A lost answer is tried again. It may arrive twice then, under the same id, which the receiver can
drop; not at all would be worse.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason
from desk.webhooks.posting import Answer

log = structlog.get_logger(__name__)

GONE = 410
TRIED_FOR = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
# An endpoint that fails and fails is asked by one delivery at a time, not by all that wait.
RESTS_AFTER, LONGEST_REST = 3, timedelta(minutes=5)
DISABLED_AFTER, FAILING_FOR = 50, timedelta(hours=24)


def settle(delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Write down what became of a claimed delivery. Nothing when its lease is another's by now."""
    with transaction.atomic():
        if answer.code is not None and 200 <= answer.code < 300:
            if _end(delivery, Outcome.SENT, answer, reason=""):
                _is_well(delivery.endpoint)
        elif _is_final(answer.code):
            reason = _reason(answer)
            if _end(delivery, Outcome.REFUSED, answer, reason=reason) and delivery.event:
                _has_failed(delivery.endpoint, now, rest=None)
                if answer.code == GONE:
                    disable(delivery.endpoint_id, Reason.GONE, now)
        else:
            _try_again(delivery, answer, now)


def disable(endpoint: int, reason: Reason, now: datetime) -> bool:
    """Turn an endpoint off; False when it was."""
    rows = Endpoint.objects.filter(pk=endpoint, active=True)
    done = rows.update(active=False, disabled_at=now, reason=reason) == 1
    if done and reason is not Reason.BY_HAND:
        log.warning("webhook disabled", endpoint=endpoint, reason=str(reason))
    return done


def give_up_what_waits_too_long(now: datetime) -> int:
    """Of endpoints that are off: nobody tries it, and after a day nobody waits for it."""
    old = Delivery.objects.filter(
        next_at__isnull=False, endpoint__active=False, since__lt=now - TRIED_FOR
    ).exclude(event=None)
    unknown = old.filter(state=Outcome.UNKNOWN).update(next_at=None, claim="")
    return unknown + old.update(state=Outcome.GIVEN_UP, reason=Reason.OFF, next_at=None, claim="")


def pause(tries: int) -> timedelta:
    """10 s, 20 s, 40 s … an hour."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 12), LONGEST_PAUSE)


def asked_pause(value: str, now: datetime) -> timedelta:
    """Retry-After, in seconds or as a date; none when it is neither."""
    if value.strip().isdecimal() and len(value.strip()) < 9:
        return timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return timedelta(0)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))


def _is_final(code: int | None) -> bool:
    return code is not None and code < 500 and code not in {408, 429}


def _reason(answer: Answer) -> Reason:
    if answer.code is None:
        assert answer.reason is not None
        return answer.reason
    if answer.code == GONE:
        return Reason.GONE
    return Reason.REDIRECT if 300 <= answer.code < 400 else Reason.STATUS


def _try_again(delivery: Delivery, answer: Answer, now: datetime) -> None:
    asked = asked_pause(answer.retry_after, now) if answer.retry_after else timedelta(0)
    wait = max(pause(delivery.tries), asked)
    # What perhaps arrived once stays so, whatever happens to later tries.
    is_unknown = answer.is_lost or delivery.state == Outcome.UNKNOWN
    if delivery.event is None or now + wait - delivery.since > TRIED_FOR:
        state = Outcome.UNKNOWN if is_unknown else Outcome.GIVEN_UP
        done = _end(delivery, state, answer, reason=_reason(answer))
    else:
        done = _mine(delivery).update(
            state=Outcome.UNKNOWN if is_unknown else Outcome.PENDING,
            next_at=now + wait,
            claim="",
            code=answer.code,
            reason=_reason(answer),
        )
    if done and delivery.event is not None:
        _has_failed(delivery.endpoint, now, rest=asked)


def _end(delivery: Delivery, state: Outcome, answer: Answer, *, reason: str) -> int:
    return _mine(delivery).update(
        state=state, next_at=None, claim="", code=answer.code, reason=reason
    )


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim)


def _is_well(endpoint: Endpoint) -> None:
    ailing = Endpoint.objects.filter(pk=endpoint.pk, failures__gt=0)
    ailing.update(failures=0, failing_since=None, rest_until=None)


def _has_failed(endpoint: Endpoint, now: datetime, *, rest: timedelta | None) -> None:
    """`rest`: how long it asked to be left alone; none when others may come at once."""
    rows = Endpoint.objects.filter(pk=endpoint.pk)
    rows.update(failures=F("failures") + 1, failing_since=Coalesce("failing_since", now))
    stands = rows.first()
    if stands is None or stands.failing_since is None:
        return
    if rest is not None:
        beyond = stands.failures - RESTS_AFTER
        own = min(pause(beyond + 1), LONGEST_REST) if beyond >= 0 else timedelta(0)
        if length := min(max(own, rest), TRIED_FOR):
            rows.update(rest_until=now + length)
    if stands.failures >= DISABLED_AFTER and now - stands.failing_since > FAILING_FOR:
        disable(endpoint.pk, Reason.FAILING, now)
