"""What the worker does for citizens whether or not anybody writes."""

from __future__ import annotations

from django.utils import timezone

from desk.telling.asking import ask
from desk.telling.delivering import deliver


def every_second() -> None:
    now = timezone.now()
    deliver(now)
    ask(now)
