"""`bin/manage erase_citizen`: a person's words and contacts go, the numbers stay."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.keeping.erasing import erase, preview
from desk.keeping.errors import KeepingError
from desk.keeping.telling import counted
from desk.keeping.whom import Scope, of_case, of_citizen, of_phone
from desk.lessons.models import Lesson


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Remove a person's words and contacts. Without --yes it only counts what would go."
        )
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--case", metavar=_("NUMBER"), help=_("the citizen of a case"))
        who.add_argument("--phone", metavar=_("PHONE"), help=_("whoever told this number"))
        who.add_argument("--citizen", type=int, metavar="ID", help=_("the number of the row"))
        parser.add_argument("--yes", action="store_true", help=_("do it"))
        parser.add_argument("--also-open", action="store_true", help=_("also with an open case"))
        parser.add_argument("--by", default="", help=_("who asked for it, for the record"))

    def handle(self, *args: Any, yes: bool, also_open: bool, by: str, **options: Any) -> None:
        try:
            scope = _scope(options)
            if not yes:
                self._preview(scope)
                return
            done = erase(scope, by=by or getpass.getuser(), at=timezone.now(), also_open=also_open)
        except KeepingError as error:
            raise CommandError(str(error)) from error
        self._name_drafts(scope)
        if any(done.values()):
            self.stdout.write(_("Removed: %s") % counted(+done))
        else:
            self.stdout.write(_("Nothing of this citizen is left; nothing was changed."))

    def _preview(self, scope: Scope) -> None:
        citizens = ", ".join(map(str, scope.citizens)) or _("none")
        self.stdout.write(_("Citizens: %s") % citizens)
        self.stdout.write(_("Talks: %d, cases: %d") % (len(scope.talks), len(scope.cases)))
        self._name_drafts(scope)
        would = +preview(scope)
        if not would:
            self.stdout.write(_("Nothing of this citizen is left; nothing was changed."))
            return
        self.stdout.write(_("Would be removed: %s") % counted(would))
        if numbers := scope.open_cases():
            self.stdout.write(_("Still open, so --also-open is needed: %s") % ", ".join(numbers))
        self.stdout.write(_("Nothing was changed. With --yes it is done, for good."))

    def _name_drafts(self, scope: Scope) -> None:
        """What became knowledge is the editors': nobody else takes it away."""
        made = Lesson.objects.filter(conversation__in=scope.talks).exclude(entry="")
        if names := list(made.values_list("entry", flat=True)):
            self.stdout.write(
                _("Became drafts of the knowledge, for an editor to look at: %s") % ", ".join(names)
            )


def _scope(options: dict[str, Any]) -> Scope:
    if options["case"]:
        return of_case(options["case"])
    if options["phone"]:
        return of_phone(options["phone"])
    return of_citizen(options["citizen"])
