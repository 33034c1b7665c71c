"""`bin/manage restore FILE`: an archive of `backup` back into this desk."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from desk.keeping.errors import KeepingError
from desk.keeping.restoring import Restored, restore
from desk.keeping.telling import Line, counted


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Put an archive's database and files into this desk.")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help=_("also when the database holds data")
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            restored = restore(file, replace=replace, progress=Line(self.stderr).tell)
        except KeepingError as error:
            raise CommandError(str(error)) from error
        self._tell(restored)
        if restored.differences:
            raise CommandError(
                _("The database does not hold what the archive counted: %s")
                % counted({name: restored.rows[name] for name in restored.differences})
            )

    def _tell(self, restored: Restored) -> None:
        made_at = timezone.localtime(restored.manifest.made_at)
        self.stdout.write(_("Archive of %s") % date_format(made_at, "Y-m-d H:i"))
        self.stdout.write(_("counted then: %s") % counted(restored.manifest.rows))
        self.stdout.write(_("here now: %s") % counted(restored.rows))
        if restored.was_migrated:
            self.stdout.write(_("The database was brought to this version of the desk."))
        if restored.settled.unsent:
            self.stdout.write(
                _("%d messages were on their way then; they are not sent again.")
                % restored.settled.unsent
            )
        if not restored.settled.is_redis_told:
            self.stdout.write(
                _(
                    "Redis could not be reached. If it is not started empty, delete its keys "
                    "qm:owner:* first, or words in older talks are held back."
                )
            )
        if restored.erased_since:
            self.stdout.write(_("Erased after the archive was made, and here again. Erase anew:"))
            for option in restored.erased_since:
                self.stdout.write(f"  bin/manage erase_citizen {option} --yes")
        self.stdout.write(
            _("Everybody has to log in again. Build the index now: bin/manage rebuild_index")
        )
