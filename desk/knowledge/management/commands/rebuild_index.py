"""`bin/manage rebuild_index`: builds beside the live index and swaps; searches go on."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from desk.knowledge.rebuilding import rebuild_index


class Command(BaseCommand):
    help = "Build the knowledge index anew beside the live one, then swap."

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if sys.stderr.isatty() or done == total:
                self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")

        count = rebuild_index(settings.QIANMEN, progress)
        self.stdout.write(f"{count} entries are in the index")
