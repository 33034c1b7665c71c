"""Work that follows a commit once, however often a transaction asks for it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction


def once_after_commit(work: Callable[[], None]) -> None:
    """Run `work` after the commit; asked for again in the same transaction, it still runs once."""
    waiting = [hook[1] for hook in transaction.get_connection().run_on_commit]
    if work not in waiting:
        transaction.on_commit(work)
