"""Changing who is told: actions of an administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from desk.people.models import Hotline, User
from desk.webhooks.addresses import BadAddress, checked
from desk.webhooks.kinds import kinds as known_kinds
from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason
from desk.webhooks.settling import disable
from desk.webhooks.signing import new_secret

MOST = 20  # endpoints: each event is written down for each of them


class BadEndpoint(Exception):
    """What was typed cannot be kept: `field` says where, the message why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def add(
    url: str, kinds: Sequence[str], hotlines: Sequence[str], *, by: User, at: datetime
) -> Endpoint:
    """With a secret that nobody can read afterwards. Raises `BadEndpoint`."""
    try:
        url = checked(url)
    except BadAddress as error:
        raise BadEndpoint("url", str(error)) from error
    strange = sorted(set(kinds) - set(known_kinds()))
    if strange:
        raise BadEndpoint("kinds", _("There is no such event: %s") % strange[0][:40])
    known = set(Hotline.objects.filter(code__in=hotlines).values_list("code", flat=True))
    if unknown := sorted(set(hotlines) - known):
        raise BadEndpoint("hotlines", _("Unknown hotline: %s") % unknown[0][:40])
    with transaction.atomic():
        if Endpoint.objects.count() >= MOST:
            raise BadEndpoint("url", _("There are %d already, which is the most.") % MOST)
        return Endpoint.objects.create(
            url=url,
            secret=new_secret(),
            kinds=[kind for kind in known_kinds() if kind in set(kinds)],
            hotlines=sorted(known),
            by=by.username,
            user=by,
            at=at,
        )


def turn_off(endpoint: Endpoint, *, at: datetime) -> None:
    disable(endpoint.pk, Reason.BY_HAND, at)


def turn_on(endpoint: Endpoint) -> None:
    """From now on; what waits from before is tried at once."""
    Endpoint.objects.filter(pk=endpoint.pk, active=False).update(
        active=True, disabled_at=None, reason="", failures=0, failing_since=None, rest_until=None
    )


def test(endpoint: Endpoint, *, at: datetime) -> Delivery:
    """An event of no case, tried once, also while the endpoint is off."""
    return Delivery.objects.create(endpoint=endpoint, at=at, since=at, next_at=at)


def again(delivery: Delivery, *, at: datetime) -> bool:
    """Try once more what is over and did not arrive; False when it waits or has arrived."""
    over = Delivery.objects.filter(pk=delivery.pk, next_at=None).exclude(state=Outcome.SENT)
    return over.update(next_at=at, since=at, tries=0, claim="") == 1
