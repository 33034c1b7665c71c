"""`bin/manage evaluate_prefill FILE.jsonl`: how well a complaint's fields are read."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.cases.triage import learned
from desk.json_lines import lines_of
from intake.evaluate import evaluate_prefill


class Command(BaseCommand):
    help = 'Evaluate reading over lines of {"text": …, "now": …, "fields": {…}}.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        lines = lines_of(file)
        try:
            figures = evaluate_prefill(lines, learned())
        except (KeyError, TypeError, ValueError) as error:
            raise CommandError(f"{file}: a line lacks text or now, or has a bad time") from error
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
