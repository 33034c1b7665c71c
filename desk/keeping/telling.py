"""How the commands tell what they do: progress in one line, counts in words."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_STAGES = {
    "checked": gettext_lazy("checked"),
    "database": gettext_lazy("database"),
    "media": gettext_lazy("citizens' files"),
    "uploads": gettext_lazy("uploads"),
    "files": gettext_lazy("files"),
}
_COUNTED = {
    "cases": gettext_lazy("cases"),
    "conversations": gettext_lazy("talks"),
    "messages": gettext_lazy("messages"),
    "entries": gettext_lazy("knowledge entries"),
    "citizens": gettext_lazy("citizens"),
    "outbox": gettext_lazy("messages of the outbox"),
    "files": gettext_lazy("files"),
    "attachments": gettext_lazy("attachments"),
    "unsent": gettext_lazy("unsent words of colleagues"),
    "notes": gettext_lazy("notes"),
    "fields": gettext_lazy("fields of cases"),
    "events": gettext_lazy("notes in the history of cases"),
    "notices": gettext_lazy("messages about cases"),
    "reveals": gettext_lazy("looks at the contact"),
    "reports": gettext_lazy("reported answers"),
}


class Line:
    """Progress, overwritten in place on a terminal; elsewhere only how each stage ended."""

    def __init__(self, to: OutputWrapper) -> None:
        self._to = to
        self._is_live = sys.stderr.isatty()

    def tell(self, stage: str, done: int, total: int) -> None:
        """`total` 0: nobody knows yet."""
        is_last = done == total
        if not self._is_live and not is_last:
            return
        count = f"{done}/{total}" if total else str(done)
        self._to.write(f"\r{_STAGES[stage]} {count}", ending="\n" if is_last else "")


def counted(counts: Mapping[str, int]) -> str:
    """12 cases, 30 talks: in the order in which they were counted."""
    return _("; ").join(
        _("%(count)d %(what)s") % {"count": count, "what": _COUNTED[name]}
        for name, count in counts.items()
    )
