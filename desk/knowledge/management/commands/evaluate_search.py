"""`bin/manage evaluate_search FILE.jsonl`: how well the live index finds; one JSON object last."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from desk.json_lines import lines_of
from kb_index.evaluate import evaluate
from kb_index.finding import open_finder


class Command(BaseCommand):
    help = 'Evaluate search over lines of {"query": …, "entries": [external ids]}.'

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hotline", default="", help="as a citizen of this hotline")

    def handle(self, *args: Any, file: Path, hotline: str, **options: Any) -> None:
        qianmen = settings.QIANMEN
        finder = open_finder(qianmen.home, qianmen.elasticsearch_url, qianmen.encoder)
        figures = evaluate(finder, lines_of(file), hotline=hotline, now=timezone.now())
        self.stdout.write(json.dumps(figures, ensure_ascii=False))
