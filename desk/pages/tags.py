"""Template tags of the desk, loaded in every template: icons, times, deadlines, the rail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from desk.cases.history import label_of, who_did
from desk.cases.models import Case, CaseEvent
from desk.pages import times
from desk.pages.navigation import Door, doors
from desk.people.models import User
from desk.quality.tabs import tabs_for
from intake.privacy import mask_for_screen, mask_name, mask_phone

register = template.Library()

_CHANNEL_ICONS = {
    "wechat": "message-circle-more",
    "telegram": "send",
    "webchat": "globe",
    "desk": "headphones",
}


@register.simple_tag
@cache
def icon(name: str, classes: str = "") -> str:
    """An outline icon of our size and stroke; always beside words or a label."""
    return lucide(
        name,
        size=None,
        stroke_width="1.75",
        aria_hidden="true",
        **{"class": f"i {classes}".strip()},
    )


@register.simple_tag
def channel_icon(channel: str) -> str:
    return icon(_CHANNEL_ICONS.get(channel, "message-circle-more"))


@register.simple_tag
def gate() -> SafeString:
    """The gate glyph: two roofs and a wall with one arch."""
    return mark_safe(
        '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">'
        '<path d="M1.5 8 12 2.6 22.5 8v1.6h-21z"/><path d="M4.5 10.6h15v2.2h-15z"/>'
        '<path fill-rule="evenodd" d="M3.6 13.8h16.8l1.1 7.7h-6.3V18.6a3.2 3.2 0 0 0-6.4 0v2.9'
        'H2.5z"/></svg>'
    )


@register.simple_tag(takes_context=True)
def rail_doors(context: RequestContext) -> list[Door]:
    user = context["request"].user
    return doors(user) if isinstance(user, User) else []


@register.filter
def named_in(external_id: str, names: dict[str, str]) -> str:
    """The standard question of an entry; its id when there is none any more."""
    return names.get(external_id) or external_id


@register.inclusion_tag("quality/tabs.html", takes_context=True)
def quality_tabs(context: RequestContext) -> dict[str, Any]:
    user = context["request"].user
    return {
        "tabs": tabs_for(user) if isinstance(user, User) else [],
        "tab": context.get("tab", ""),
    }


@register.filter
def moment(at: datetime | None) -> str:
    return times.moment(at, timezone.now()) if at else ""


@register.filter
def day_of(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "n月j日") if at else ""


@register.filter
def weekday(day: date) -> str:
    """2月14日 周六."""
    return date_format(day, "n月j日 D")


@register.filter
def until(at: datetime | None) -> str:
    return times.until(at, timezone.now()) if at else ""


@register.filter
def ago(at: datetime) -> str:
    return times.ago(at, timezone.now())


@register.filter
def waited(since: datetime) -> times.Badge:
    return times.waited(since, timezone.now())


@register.filter
def spanned(length: timedelta) -> str:
    return times.span(length, units=2)


@register.filter
def due(case: Case) -> times.Badge:
    return times.due(case, timezone.now())


@register.filter
def due_clock(case: Case) -> times.Badge:
    return times.due(case, timezone.now(), units=2)


@register.filter
def happening(event: CaseEvent) -> str:
    """A line of a case's history in a few words: what, by whom."""
    return f"{label_of(event.kind)} {who_did(event)}"


@register.filter
def masked(text: str) -> str:
    return mask_for_screen(text)


@register.filter
def masked_phone(value: str) -> str:
    return mask_phone(value)


@register.filter
def masked_name(value: str) -> str:
    return mask_name(value)


@register.filter
def signed(value: float) -> str:
    """A change, with its sign: +0.6, −1.1."""
    return f"{value:+.1f}".replace("-", "−")


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    return found.get(key, "")


@register.filter
def unlocalized(value: float) -> str:
    """A number as a style sheet or a drawing reads it."""
    return f"{value:g}"


@register.filter
def percent(share: float) -> str:
    """0 to 1, with one digit after the point where the whole says too little: 99.2%."""
    return f"{100 * share:.1f}%"


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: object) -> str:
    """The page's query string with some parameters changed; an empty value takes one out."""
    request: HttpRequest = context["request"]
    values = {name: request.GET[name] for name in request.GET}
    for name, value in changes.items():
        if value in ("", None):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{urlencode(values)}" if values else "?"
