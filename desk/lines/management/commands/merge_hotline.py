"""`bin/manage merge_hotline FROM INTO`: a line merges into another and loses nothing."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.cases.actors import SYSTEM, Actor
from desk.knowledge.settled import settle
from desk.lines.merging.kinds import CannotMerge
from desk.lines.merging.report import in_lines
from desk.lines.merging.running import begin, dry_run, go_on, lines_of
from desk.lines.models import Merge
from desk.people.models import User


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Merge a line into another: knowledge, cases, talks, people and plans go along. "
            "A run that was cut off goes on where it was."
        )
        parser.add_argument("source", metavar="FROM", help=_("code of the line that ends"))
        parser.add_argument("into", metavar="INTO", help=_("code of the line that goes on"))
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--dry-run", action="store_true", help=_("only report (as without options)")
        )
        what.add_argument("--yes", action="store_true", help=_("do it"))
        parser.add_argument("--by", default="", help=_("who asked for it: a user of the desk"))

    def handle(
        self, *args: Any, source: str, into: str, yes: bool, by: str, **options: Any
    ) -> None:
        now = timezone.now()
        try:
            lines = lines_of(source, into)
            if not yes:
                self._tell(dry_run(lines, by=by or getpass.getuser(), at=now))
                self.stdout.write(_("Nothing was changed. With --yes it is done."))
                return
            merge = begin(lines, by=by or getpass.getuser(), at=now)
        except CannotMerge as error:
            raise CommandError(str(error)) from error
        if merge.finished_kinds:
            self.stderr.write(_("Going on with what was begun at %s.") % merge.started_at)
        merge = go_on(merge, _actor(by), at=now, settle=settle, progress=self._progress)
        if not settle():
            self.stderr.write(_("The index is not up to date yet; its tasks wait."))
        self._tell(merge)
        self.stdout.write(
            _("%(line)s is served by %(into)s now.") % {"line": merge.source, "into": merge.into}
        )

    def _tell(self, merge: Merge) -> None:
        for line in in_lines(merge.report, is_dry_run=merge.is_dry_run):
            self.stdout.write(line)

    def _progress(self, key: str, done: int) -> None:
        self.stderr.write(f"{key}: {done}")


def _actor(name: str) -> Actor:
    """A colleague by name, or the rules themselves."""
    if not name:
        return SYSTEM
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("no active user %r") % name)
    return Actor.of(user)
