"""`bin/manage draw_reviews --month YYYY-MM`: the month's sample. Safe to repeat."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from desk.reviewing.acting import draw
from desk.reviewing.errors import NotDone
from desk.reviewing.months import month_before, month_of, read_month


class Command(BaseCommand):
    help = "Draw a month's talks for quality review; without a month, the last that is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", default="", help="YYYY-MM")

    def handle(self, *args: Any, month: str, **options: Any) -> None:
        now = timezone.now()
        wanted = read_month(month) if month else month_before(month_of(now))
        if wanted is None:
            raise CommandError(f"{month} is no month: YYYY-MM is wanted")
        try:
            added = draw(wanted, now)
        except NotDone as error:
            raise CommandError(f"{month} has not begun") from error
        self.stdout.write(f"{added} talks of {wanted:%Y-%m} were drawn")
