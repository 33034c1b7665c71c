"""`bin/manage backup FILE`: database, citizens' files and uploads in one archive."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.keeping.backing_up import back_up
from desk.keeping.errors import KeepingError
from desk.keeping.telling import Line, counted


class Command(BaseCommand):
    # They would wait for whoever writes.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Write the database and all files into one archive.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help=_("overwrite the file"))

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            manifest = back_up(
                file, at=timezone.now(), force=force, progress=Line(self.stderr).tell
            )
        except KeepingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(counted(manifest.rows))
        self.stdout.write(
            _("%(file)s: %(size).1f MB, %(files)d files beside the database")
            % {
                "file": file,
                "size": file.stat().st_size / 1024**2,
                "files": len(manifest.members) - 1,
            }
        )
