"""What the history of a knowledge entry says of a merge."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from desk.lines.merging.entries import LOGGED


@hooks.register("register_log_actions")
def merge_action(actions: Any) -> None:
    @actions.register_action(LOGGED)
    class MergeFormatter(LogFormatter):
        label = gettext_lazy("Line merged")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            return _("The line %(from)s was merged: the entry is of %(to)s now.") % {
                "from": data.get("from", ""),
                "to": data.get("to", ""),
            }
