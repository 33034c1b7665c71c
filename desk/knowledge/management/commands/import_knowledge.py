"""`bin/manage import_knowledge FILE`: all checked before anything is written."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from desk.knowledge.files.checking import Checking
from desk.knowledge.files.reading import UnreadableFile, read_rows
from desk.knowledge.files.surveying import Survey, survey
from desk.knowledge.files.writing import open_run, write_rows
from desk.knowledge.settled import settle
from desk.people.models import Role, User

IMPORTER = "import"


class Command(BaseCommand):
    help = "Import knowledge entries from a CSV, XLSX or JSON lines file, and publish them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="write the rows without fault")

    def handle(self, *args: Any, file: Path, dry_run: bool, skip_bad: bool, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                self._import(file.name, opened, dry_run=dry_run, skip_bad=skip_bad)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error

    def _import(self, name: str, file: BinaryIO, *, dry_run: bool, skip_bad: bool) -> None:
        checking = Checking(read_rows(name, file))
        found = survey(checking, may_publish=True)
        for fault in checking.faults:
            self.stderr.write(str(fault))
        if checking.fault_count and not skip_bad:
            raise CommandError(f"{checking.fault_count} faults; nothing was written")
        if dry_run:
            self._say(found, checking.good)
            return
        user = _importer()
        run = open_run(file, name=name, total=checking.good, user=user, may_publish=True)
        written = write_rows(
            Checking(read_rows(name, file)),  # from its beginning once more
            run=run,
            user=user,
            may_publish=True,
            progress=self._progress,
        )
        settle()
        for name in written.new_departments:
            self.stdout.write(f"new department: {name}")
        for name in written.new_categories:
            self.stdout.write(f"new category: {name}")
        self.stdout.write(
            f"import {written.run}: {written.created} created, {written.changed} changed, "
            f"{written.unchanged} unchanged"
            + (f", {written.skipped} were written before" if written.skipped else "")
        )

    def _say(self, found: Survey, rows: int) -> None:
        for twin in found.twins:
            self.stdout.write(f"line {twin.line}: {twin.external_id} asks what {twin.other} asks")
        counts = ", ".join(f"{count} {fate}" for fate, count in found.fates.items())
        self.stdout.write(
            f"{rows} rows could be written; nothing was: {counts}; {found.twin_count} twins"
        )

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total:
            self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")


def _importer() -> User:
    user, created = User.objects.get_or_create(
        username=IMPORTER, defaults={"role": Role.REVIEWER, "is_active": False}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
