"""`bin/manage evaluate_triage FILE.jsonl`: how well kind, category and department are told."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.cases.triage import directory, learned
from desk.json_lines import lines_of
from intake.evaluate import evaluate_triage


class Command(BaseCommand):
    help = 'Evaluate over lines of {"text": …, "kind": …, "category": …, "department": …}.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        lines = lines_of(file)
        try:
            figures = evaluate_triage(lines, learned(), directory())
        except (KeyError, TypeError) as error:
            raise CommandError(f"{file}: a line lacks its text") from error
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
