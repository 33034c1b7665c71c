"""`bin/manage retention`: how long things are kept, what is due, and taking it now."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.keeping import retention
from desk.keeping.errors import KeepingError
from desk.keeping.rules import RULES, days, set_days
from desk.keeping.telling import counted


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("How long things are kept; at night the worker takes what is due.")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--show", action="store_true", help=_("the rules (as without options)"))
        what.add_argument("--set", metavar="KEY=DAYS", action="append", help=_("change a rule"))
        what.add_argument("--preview", action="store_true", help=_("count what is due"))
        what.add_argument("--run", action="store_true", help=_("take what is due now, for good"))

    def handle(self, *args: Any, preview: bool, run: bool, **options: Any) -> None:
        if preview:
            self._preview()
        elif run:
            self._run()
        else:
            for change in options["set"] or []:
                self._set(change)
            self._show()

    def _show(self) -> None:
        for key, rule in RULES.items():
            words = {"key": key, "days": days(key), "label": rule.label}
            self.stdout.write(_("%(key)s=%(days)d days: %(label)s") % words)

    def _set(self, change: str) -> None:
        key, _equals, number = change.partition("=")
        if not number.isdecimal():
            raise CommandError(_("As KEY=DAYS, please: %s") % change)
        try:
            set_days(key.strip(), int(number), by=getpass.getuser(), at=timezone.now())
        except KeepingError as error:
            raise CommandError(str(error)) from error

    def _preview(self) -> None:
        for key, count in retention.counted(timezone.now()).items():
            words = {"count": count, "label": RULES[key].label}
            self.stdout.write(_("%(count)d due: %(label)s") % words)
        self.stdout.write(_("Nothing was changed. --run takes them, for good."))

    def _run(self) -> None:
        def progress(key: str, done: Counter[str]) -> None:
            self.stderr.write(f"{key}: {counted(done)}")

        retention.run_all(timezone.now(), progress)
        self.stdout.write(_("All that was due is gone."))
