"""Which class of the standard each of the shipped categories belongs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from intake.standard import table

router = Router(tags=["categories"])


@router.get("")
def list_categories(request: HttpRequest) -> dict[str, Any]:
    """All at once, by code; `categories` are those that the bot reads out of a complaint."""
    items = [
        {"code": one.code, "name": one.name, "categories": list(ours)} for one, ours in table()
    ]
    return {"items": items, "next": None}
