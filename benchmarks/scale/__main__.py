"""`python -m benchmarks.scale`: both engines from a thousand entries to a million."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from benchmarks.scale import node
from benchmarks.scale.chart import chart
from benchmarks.scale.report import page, tables
from benchmarks.scale.stages import run_stage, vectors_folder

SIZES = "1000,10000,100000,1000000"
ENGINES = ("embedded", "elasticsearch")
STAGES = ("build", "prepare", "search")
SWAPPED = 100_000  # entries of the index that is searched while it is built anew


@click.command()
@click.option("--sizes", default=SIZES, help="How many entries, each measured by itself.")
@click.option("--engines", default=",".join(ENGINES))
@click.option("--swap", default=SWAPPED, help="The size that is also built while it is searched.")
@click.option("--home", type=click.Path(path_type=Path), help="Kept: what is there is not redone.")
@click.option("--elasticsearch", "address", default="", help="One that runs; else one is started.")
@click.option("--port", default=9297, help="Of the one that is started.")
@click.option("--again", default="", help="Stages that are measured anew: search,swap")
@click.option("--page", "written", type=click.Path(path_type=Path), help="docs/scale.md, filled.")
def main(
    sizes: str,
    engines: str,
    swap: int,
    home: Path | None,
    address: str,
    port: int,
    again: str,
    written: Path | None,
) -> None:
    """Measure, and print two tables. A million entries on both engines take 12 GB and an hour."""
    wanted = [engine for engine in ENGINES if engine in engines.split(",")]
    with _kept(home) as folder:
        rows = []
        for engine in wanted:
            with _server(engine, folder, address, port) as server:
                for size in map(int, sizes.split(",")):
                    click.echo(f"[scale] {engine}, {size:,} entries", err=True)
                    stages = [*STAGES, *(["swap"] if size == swap else [])]
                    rows.append(measure(engine, size, folder, server, stages, again.split(",")))
    for table in tables(rows):
        click.echo(table.text())
    if written is not None:
        written.write_text(page(written.read_text(encoding="utf-8"), rows), encoding="utf-8")
        image = written.parent / "images" / "scale.svg"
        image.write_text(chart(rows), encoding="utf-8")


def measure(
    engine: str,
    entries: int,
    folder: Path,
    server: str,
    stages: Sequence[str],
    again: Sequence[str],
) -> dict[str, Any]:
    """All stages of one size, each once: what was found before stands beside the index."""
    home = folder / f"{engine}-{entries}"
    home.mkdir(parents=True, exist_ok=True)
    kept = home / "found.json"
    found: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    named = f"{server}#scale-{entries}" if server else ""
    for stage in stages:
        if f"{stage}_mb" in found and stage not in again:
            continue
        click.echo(f"[scale]   {stage}", err=True)
        found |= run_stage(stage, entries, home, named)
        if server:
            heap, held = node.memory(named)
            found |= {f"{stage}_server_mb": held, "heap_mb": heap}
        kept.write_text(json.dumps(found))
    found["disk_mb"] = node.on_disk(named) if server else _live_size(home / "index")
    found["vectors_mb"] = _size(vectors_folder(entries, home))
    return {"engine": engine, "entries": entries, **found}


def _live_size(index: Path) -> float:
    """Without the generation before it."""
    return _size(index / (index / "current").read_text().strip())


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@contextmanager
def _kept(home: Path | None) -> Iterator[Path]:
    folder = home or Path(tempfile.mkdtemp(prefix="qianmen-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder.resolve()
    finally:
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(engine: str, folder: Path, address: str, port: int) -> Iterator[str]:
    """Its address; empty for the embedded engine."""
    if engine == "embedded" or address:
        yield address if engine == "elasticsearch" else ""
        return
    try:
        with node.started(folder / "node", port) as server:
            yield server
    except node.CannotStart as fault:
        raise click.ClickException(str(fault)) from None


if __name__ == "__main__":
    main()
