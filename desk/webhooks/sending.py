"""The worker's part: rounds of claim, post, settle. Nothing is posted inside a transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from desk.webhooks.claiming import claim_due
from desk.webhooks.models import Delivery
from desk.webhooks.payload import body
from desk.webhooks.posting import Answer, Post, post
from desk.webhooks.settling import give_up_what_waits_too_long, settle
from desk.webhooks.signing import signature

type Send = Callable[[Sequence[Post]], list[Answer]]

KEPT_FOR = timedelta(days=30)
SOON, TRIM_EVERY = 1.0, timedelta(minutes=10)
_BATCH = 500


def run(stop: threading.Event) -> None:
    trim_at = timezone.now()
    while not stop.is_set():
        now = timezone.now()
        if now >= trim_at:
            give_up_what_waits_too_long(now)
            trim(now)
            trim_at = now + TRIM_EVERY
        if not send_due(now, post):
            stop.wait(SOON)


def send_due(now: datetime, send: Send) -> int:
    """Try what is due, a round of it at most; returns how many were tried."""
    mine = claim_due(now)
    if not mine:
        return 0
    answers = send([_post_of(delivery, now) for delivery in mine])
    for delivery, answer in zip(mine, answers, strict=True):
        settle(delivery, answer, now)
    return len(mine)


def trim(now: datetime) -> None:
    """What is over and old; what still waits stays."""
    while True:
        old = Delivery.objects.filter(at__lt=now - KEPT_FOR, next_at=None).order_by("at")
        keys = list(old.values_list("pk", flat=True)[:_BATCH])
        Delivery.objects.filter(pk__in=keys).delete()
        if len(keys) < _BATCH:
            return


def _post_of(delivery: Delivery, now: datetime) -> Post:
    told = body(delivery)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Qianmen",
        "Qianmen-Event": delivery.kind,
        "Qianmen-Delivery": delivery.key,
        "Qianmen-Signature": signature(delivery.endpoint.secret, told, int(now.timestamp())),
    }
    return Post(delivery.endpoint.url, headers, told)
