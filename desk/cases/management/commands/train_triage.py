"""`bin/manage train_triage FILE.jsonl …`: learns a city's categories from its own messages.

With `--past-cases` also, or only, from the cases that departments have taken and answered here.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from desk.cases.past import labelled_cases
from desk.cases.triage import models_folder
from desk.json_lines import lines_of
from intake.learned import FIELDS, model_path
from intake.learning import TooLittle, learn


class Command(BaseCommand):
    help = "Learn kind, category and department from labelled messages; prints how well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="*")
        parser.add_argument(
            "--past-cases",
            action="store_true",
            help="Learn from the cases that departments have taken here, too.",
        )

    def handle(
        self, *args: Any, files: list[Path], past_cases: bool = False, **options: Any
    ) -> None:
        if not files and not past_cases:
            raise CommandError("nothing to learn from: name a file, or --past-cases")
        lines: list[dict[str, Any]] = [line for file in files for line in lines_of(file)]
        if past_cases:
            lines += labelled_cases()
        if any(not isinstance(line.get("text"), str) for line in lines):
            raise CommandError("a line lacks its text")
        figures: dict[str, Any] = {"n": len(lines)}
        for field in FIELDS:
            samples = [(line["text"], str(line[field])) for line in lines if line.get(field)]
            if not samples:
                continue
            self.stderr.write(f"learning {field} from {len(samples)} messages …")
            try:
                model, measured = learn(field, samples, at=timezone.now())
            except TooLittle as error:
                self.stderr.write(f"not learned: {error}")
                continue
            model.save(model_path(models_folder(), field))
            figures[field] = {
                name: value
                for name, value in msgspec.to_builtins(measured).items()
                if name != "field"
            }
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
