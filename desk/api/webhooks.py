"""Who is told of cases, over the API: for administrators only."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja import Status as Answer

from desk.api.errors import forbidden, invalid, not_found
from desk.cases.moments import iso
from desk.people.models import User
from desk.people.rights import Right, may
from desk.webhooks import editing
from desk.webhooks.editing import BadEndpoint
from desk.webhooks.models import Delivery, Endpoint
from desk.webhooks.standing import newest

router = Router(tags=["webhooks"])
SHOWN = 50  # deliveries of one endpoint


class NewEndpoint(Schema):
    """Empty `kinds` or `hotlines`: all of them."""

    url: str
    kinds: list[str] = []
    hotlines: list[str] = []


@router.get("")
def list_endpoints(request: HttpRequest) -> dict[str, Any]:
    """All at once: there are never many. A secret is not among what is told."""
    _administrator(request)
    return {"items": [as_json(endpoint) for endpoint in Endpoint.objects.all()], "next": None}


@router.get("/{int:number}")
def read_endpoint(request: HttpRequest, number: int) -> dict[str, Any]:
    """One endpoint, with what became of its last deliveries."""
    _administrator(request)
    endpoint = _find(number)
    last = [delivery_as_json(line.delivery) for line in newest(endpoint, SHOWN)]
    return {**as_json(endpoint), "deliveries": last}


@router.post("", response={201: dict[str, Any]})
def create_endpoint(request: HttpRequest, body: NewEndpoint) -> Answer[dict[str, Any]]:
    """The answer holds `secret`, by which signatures are checked: it is told this once."""
    user = _administrator(request)
    try:
        made = editing.add(body.url, body.kinds, body.hotlines, by=user, at=timezone.now())
    except BadEndpoint as error:
        raise invalid(str(error), error.field) from error
    return Answer(201, {**as_json(made), "secret": made.secret})


@router.delete("/{int:number}", response={204: None})
def delete_endpoint(request: HttpRequest, number: int) -> Answer[None]:
    _administrator(request)
    _find(number).delete()
    return Answer(204, None)


@router.post("/{int:number}/test", response={202: dict[str, Any]})
def test_endpoint(request: HttpRequest, number: int) -> Answer[dict[str, Any]]:
    """Sends an event of kind `test` soon; `GET /webhooks/{id}` tells what became of it."""
    _administrator(request)
    made = editing.test(_find(number), at=timezone.now())
    return Answer(202, delivery_as_json(made))


def as_json(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.pk,
        "url": endpoint.url,
        "kinds": endpoint.kinds,
        "hotlines": endpoint.hotlines,
        "active": endpoint.active,
        "by": endpoint.by,
        "at": iso(endpoint.at),
        "failures": endpoint.failures,
        "failing_since": iso(endpoint.failing_since),
        "disabled_at": iso(endpoint.disabled_at),
        "reason": endpoint.reason or None,
    }


def delivery_as_json(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.key,
        "kind": delivery.kind,
        "case": delivery.case.number if delivery.case else "",
        "at": iso(delivery.at),
        "state": delivery.state,
        "tries": delivery.tries,
        "next_at": iso(delivery.next_at),
        "code": delivery.code,
        "reason": delivery.reason or None,
    }


def _administrator(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    if not may(user, Right.ADMINISTER):
        raise forbidden()
    return user


def _find(number: int) -> Endpoint:
    endpoint = Endpoint.objects.filter(pk=number).first()
    if endpoint is None:
        raise not_found(str(number))
    return endpoint
