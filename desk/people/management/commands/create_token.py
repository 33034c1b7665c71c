"""`bin/manage create_token USER`: prints an API token, alone on the last line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import APIToken

from desk.people.models import User


class Command(BaseCommand):
    help = "Print an API token of a user; it is shown once and kept as a digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        found = User.objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"no active user {user!r}")
        _row, token = APIToken.create_token(user=found, name="command line")
        self.stdout.write(token)
