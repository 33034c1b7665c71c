"""`bin/manage supervise [--at ISO-TIME]`: one round of supervision, safe to repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from desk.cases.moments import SHANGHAI
from desk.supervision.rounds import supervise


class Command(BaseCommand):
    help = "One round of supervision as of a moment: reminders, chases, calls back. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO-TIME", help="As of when; without an offset Asia/Shanghai. Now."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        at = _moment(options["at"]) if options["at"] else timezone.now()
        done = supervise(at)
        words = ", ".join(f"{kind} {count}" for kind, count in sorted(done.items()))
        self.stdout.write(f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}: {words or 'nothing due'}")


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise CommandError(f"--at is no ISO time: {value}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
