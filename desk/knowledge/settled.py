"""After a command has written: see that the index follows, with or without a running worker."""

from __future__ import annotations

import time
from contextlib import closing

import structlog

from desk.knowledge.changes import wake_indexer
from desk.knowledge.indexer import carry_out, open_live_index
from desk.knowledge.models import IndexTask
from kb_index.index import IndexUnavailable, WriterBusy

log = structlog.get_logger(__name__)

PATIENCE = 60.0  # seconds


def settle() -> bool:
    """Do the waiting index tasks, or wait for the worker that is doing them.

    False when they are still waiting after a minute; nothing is lost then.
    """
    wake_indexer()
    give_up_at = time.monotonic() + PATIENCE
    with closing(open_live_index()) as index:
        while IndexTask.objects.exists():
            if time.monotonic() > give_up_at:
                return False
            try:
                carry_out(index)
            except WriterBusy:
                time.sleep(0.1)
            except IndexUnavailable as error:
                log.warning("the index is away; its tasks wait", error=str(error))
                return False
    return True
