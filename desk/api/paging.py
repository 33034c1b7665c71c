"""Lists: at most `limit` rows, and a cursor that stays right while rows are added."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from desk.api.errors import invalid

LIMIT = 50
MOST = 200


def page(rows: QuerySet[Any], cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
    """Newest first; returns the rows and the next cursor."""
    limit = max(1, min(limit, MOST))
    if cursor:
        rows = rows.filter(pk__lt=_decoded(cursor))
    found = list(rows.order_by("-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _encoded(found[limit - 1].pk)


def _encoded(key: int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise invalid(_("This cursor is not one of ours."), "cursor") from error
